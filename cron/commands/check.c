#include "cron/commands/commands.h"

#include <string.h>

#include "base/file.h"
#include "cron/backup/repair.h"

/* A database that is too damaged to be opened is beyond repair. */
static enum exit_status failed_to_open(struct error *err)
{
	struct error why = *err;

	if (strstr(why.text, "damaged"))
		error_set(err, why.code, "%.150s: run newsreel-fetch --restore FILE", why.text);
	return command_failed(err);
}

enum exit_status command_repair(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;

	/* Where there is none, none is made. */
	if (!program_open_to_read(program, err))
		return failed_to_open(err);
	store_close(&program->store);
	return program_lock_run(program, &lock, err) && program_open(program, err) &&
	               program_lock_store(program, STORE_LOCK_RUN, "another run", err) &&
	               repair_database(program->store, stderr, stdout, err)
	           ? EXIT_WELL
	           : command_failed(err);
}

enum exit_status command_check(struct program *program, struct error *err)
{
	int64_t unindexed = 0;

	if (!program_open_to_read(program, err))
		return failed_to_open(err);
	if (!store_check(program->store, err) || !store_unindexed_count(program->store, &unindexed, err)) {
		if (*program->config.database)
			error_wrap(err, "NEWSREEL_DATABASE");
		else
			error_wrap(err, "%s/newsreel.db", program->config.data);
		return command_failed(err);
	}
	if (!program_warn_of_replication(program, err))
		return command_failed(err);
	puts("the database is sound");
	if (unindexed)
		printf("search index: %lld videos wait for it; the next runs of newsreel-fetch add them\n", (long long)unindexed);
	return EXIT_WELL;
}
