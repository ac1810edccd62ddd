#include "cron/commands/commands.h"

#include "base/file.h"
#include "base/timestamp.h"
#include "cron/dataset_file.h"
#include "cron/rehydrate.h"
#include "model/quota_day.h"

/* What --rehydrate leaves of the day's units to recording: one part in so many of what is left. */
enum { UNITS_KEPT_SHARE = 5 };

enum exit_status command_dataset(struct program *program, struct error *err)
{
	struct dataset_saved saved;

	if (!program_open_to_read(program, err))
		return command_failed(err);
	if (!dataset_save(program->store, program->options.filter, program->options.argument, clock_now(&program->clock), &saved,
	                  err)) {
		command_failed(err);
		return err->code == ERR_INVALID ? EXIT_WRONG_USE : EXIT_FAILED;
	}
	fprintf(stderr, "%lld videos, %lld bytes\n", (long long)saved.videos, (long long)saved.bytes);
	return EXIT_WELL;
}

static void print_rehydration(const struct rehydration *done)
{
	printf("%lld ids: %lld videos fetched, %lld known already, %lld gone from YouTube, %lld lines skipped; %lld units\n",
	       (long long)done->ids, (long long)done->added, (long long)done->known, (long long)done->missing,
	       (long long)done->skipped, (long long)done->units);
}

static void print_stop(const struct program *program)
{
	char reset[TIMESTAMP_SIZE];

	timestamp_format(quota_day_end(clock_now(&program->clock)), reset);
	fprintf(
	    stderr,
	    "stopped: today's units are used up, but for a fifth that recording needs. Start the same command again after %s: "
	    "what has been fetched is skipped.\n",
	    reset);
}

/* Beside the runs, without their lock: recording goes on meanwhile. */
static bool rehydrate_over_http(struct program *program, FILE *from, struct rehydration *done, struct error *err)
{
	AUTO(key_list_clear) struct key_list keys = {0};
	struct youtube youtube = {.base_url = program->config.api_url};
	uint64_t random = program_random(program);

	if (!program_read_keys(program, &keys, err) ||
	    !program_lock_store(program, STORE_LOCK_REHYDRATE, "another --rehydrate", err) ||
	    !http_transport_open(CALL_TIMEOUT_MAX_S, &youtube.transport, err))
		return false;
	struct api_client client = program_api_client(program, &youtube, &random);
	int64_t left = key_list_left(&keys, BUCKET_UNITS, clock_now(&program->clock));
	bool done_well = rehydrate(&client, from, left - left / UNITS_KEPT_SHARE, stderr, done, err);
	http_transport_close(&youtube.transport);
	return done_well;
}

enum exit_status command_rehydrate(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;
	struct rehydration done = {0};
	FILE *from = program_text(program->options.argument, err);

	if (!from)
		return command_failed(err);
	bool done_well = program_lock(program, "rehydrate.lock", "another --rehydrate", &lock, err) &&
	                 rehydrate_over_http(program, from, &done, err);
	if (from != stdin)
		fclose(from);
	if (done.lines)
		print_rehydration(&done);
	if (!done_well)
		return command_failed(err);
	if (done.stopped)
		print_stop(program);
	return done.stopped ? EXIT_FAILED : EXIT_WELL;
}
