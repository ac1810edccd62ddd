#include "cron/commands/commands.h"

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cron/probe.h"

static void print_cost(const struct program *program, const struct key_list *keys)
{
	int64_t now = clock_now(&program->clock);

	printf("This asks YouTube up to %d searches and %d units. Today %lld searches and %lld units are left.\n",
	       PROBE_SEARCHES_MAX, PROBE_UNITS_MAX, (long long)key_list_left(keys, BUCKET_SEARCHES, now),
	       (long long)key_list_left(keys, BUCKET_UNITS, now));
}

/* Whether somebody at the terminal says yes. */
static bool confirm(void)
{
	char answer[8] = "";

	fputs("Go on? [y/N] ", stdout);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static bool probe_over_http(struct program *program, const char *query, int64_t *failures, struct error *err)
{
	struct youtube youtube = {.base_url = program->config.api_url};
	uint64_t random = program_random(program);
	struct api_client client = program_api_client(program, &youtube, &random);

	if (!http_transport_open(CALL_TIMEOUT_MAX_S, &youtube.transport, err))
		return false;
	bool done = probe_run(&client, query, stdout, failures, err);
	http_transport_close(&youtube.transport);
	printf("It took %lld searches and %lld units.\n", (long long)client.made[BUCKET_SEARCHES],
	       (long long)client.made[BUCKET_UNITS]);
	return done;
}

enum exit_status command_probe(struct program *program, struct error *err)
{
	AUTO(text_free) char *query = NULL;
	AUTO(key_list_clear) struct key_list keys = {0};
	AUTO(file_close) int lock = -1;
	int64_t failures = 0;

	if (!query_check(program->options.argument, err)) {
		command_failed(err);
		return EXIT_WRONG_USE;
	}
	if (!text_squeeze(program->options.argument, &query, err) || !program_read_keys(program, &keys, err))
		return command_failed(err);
	print_cost(program, &keys);
	if (!program->options.yes && !isatty(STDIN_FILENO)) {
		puts("Nothing was asked: add --yes to spend them.");
		return EXIT_WRONG_USE;
	}
	if (!program->options.yes && !confirm())
		return EXIT_WELL;
	if (!program_lock_run(program, &lock, err) || !program_lock_store(program, STORE_LOCK_RUN, "another run", err) ||
	    !probe_over_http(program, query, &failures, err))
		return command_failed(err);
	return failures ? EXIT_FAILED : EXIT_WELL;
}
