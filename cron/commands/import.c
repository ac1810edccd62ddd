#include "cron/commands/commands.h"

#include "base/file.h"
#include "cron/import/django.h"
#include "cron/import/import.h"
#include "store/keys.h"

static void print_import(const struct import_result *result, const char *unit)
{
	printf("%lld %s: %lld videos new, %lld changed, %lld known already, %lld %s skipped\n", (long long)result->lines, unit,
	       (long long)result->added, (long long)result->updated, (long long)result->unchanged, (long long)result->skipped,
	       unit);
}

/* Without a key the pages show what was imported, and no longer the demo (command_mode()). */
static bool print_next_step(struct store *store, struct error *err)
{
	bool any_key = false;

	if (!store_keys_exist(store, &any_key, err))
		return false;
	if (!any_key)
		fputs("there is no API key: the pages show the imported videos (if the demo was shown, it ends within a minute), "
		      "and nothing new is recorded until a key is added\n",
		      stderr);
	return true;
}

/* Errors: ERR_BUSY while another program imports, or puts a backup in the place of the database. */
static bool take_import_lock(struct program *program, int *lock, struct error *err)
{
	return program_lock(program, "import.lock", "another import, or --restore,", lock, err);
}

enum exit_status command_import(struct program *program, struct error *err)
{
	const char *name = program->options.argument;
	AUTO(file_close) int lock = -1;
	FILE *from = program_text(name, err);
	struct import_result result = {0};

	if (!from)
		return command_failed(err);
	bool done = take_import_lock(program, &lock, err) && program_open(program, err) &&
	            import_videos(program->store, from, stderr, &program->clock, &result, err);
	if (from != stdin)
		fclose(from);
	if (done || result.lines)
		print_import(&result, "lines");
	if (!done)
		return command_failed(err);
	if (import_videos_read(&result) == 0) {
		error_set(err, ERR_INVALID, "%s: nothing to import: %s", name,
		          result.lines ? "no line is a video" : "the file is empty");
		return command_failed(err);
	}
	return print_next_step(program->store, err) ? EXIT_WELL : command_failed(err);
}

static void print_django_import(const struct django_import *done)
{
	printf("%lld queries new or resumed, %lld known already, %lld skipped\n", (long long)done->queries_added,
	       (long long)done->queries_known, (long long)done->queries_skipped);
	if (done->keys_left_out)
		printf("%lld API keys left out: --with-keys takes them over\n", (long long)done->keys_left_out);
	else
		printf("%lld API keys new, %lld known already, %lld skipped\n", (long long)done->keys_added,
		       (long long)done->keys_known, (long long)done->keys_skipped);
	print_import(&done->videos, "rows");
}

enum exit_status command_import_django(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;
	struct django_import done = {0};

	if (!take_import_lock(program, &lock, err) || !program_open(program, err))
		return command_failed(err);
	bool well = import_django(program->store, program->options.argument, program->options.with_keys, stderr, &program->clock,
	                          &done, err);
	if (well || done.videos.lines || done.queries_added)
		print_django_import(&done);
	return well && print_next_step(program->store, err) ? EXIT_WELL : command_failed(err);
}
