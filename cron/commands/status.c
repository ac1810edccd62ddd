#include "cron/commands/commands.h"

#include "cron/cycle.h"
#include "cron/status.h"
#include "store/queries.h"
#include "store/status.h"

enum exit_status command_status(struct program *program, struct error *err)
{
	AUTO(status_clear) struct status now = {0};
	struct quota_defaults quota = config_quota_defaults(&program->config);

	if (!program_open_to_read(program, err) ||
	    !store_status_read(program->store, &quota, program->config.interval_s, 0, clock_now(&program->clock), &now, err) ||
	    !store_queries_read_gaps(program->store, now.queries.items, now.queries.count, err) ||
	    !status_print(&now, program->options.json, stdout, err))
		return command_failed(err);
	return EXIT_WELL;
}

/* On a disk that is full or read-only what is recorded is shown all the same. */
static bool find_mode(struct program *program, bool *live, struct error *err)
{
	struct error unreadable;

	if (program_open(program, err) &&
	    cycle_follow_environment(program->store, &program->config, clock_now(&program->clock), err) &&
	    store_is_used(program->store, live, err))
		return true;
	store_close(&program->store);
	return err->code != ERR_INVALID && program_open_to_read(program, &unreadable) &&
	       store_is_used(program->store, live, &unreadable);
}

/* The demo is shown in place of nothing: a database that was ever used stays in public. */
enum exit_status command_mode(struct program *program, struct error *err)
{
	bool live = false;

	if (!find_mode(program, &live, err))
		return command_failed(err);
	puts(live ? "live" : "demo");
	return EXIT_WELL;
}

enum exit_status command_print_config(struct program *program, struct error *err)
{
	if (config_print(&program->config, program->options.argument, stdout, err))
		return EXIT_WELL;
	command_failed(err);
	return EXIT_WRONG_USE;
}
