/* The record from SQLite's file in the data folder to PostgreSQL, and the way back. */
#include "cron/commands/commands.h"

#include "base/file.h"
#include "config/database_url.h"
#include "cron/backup/progress.h"
#include "cron/backup/repair.h"
#include "model/quota_day.h"
#include "store/transfer/transfer.h"

/* The two databases; either may be the one that is copied. */
struct side {
	const char *location, *name; /* NAME is what errors call it: a URL may hold a password */
	struct store *store;
};

struct sides {
	struct side from, to;
};

static void close_sides(struct sides *sides)
{
	store_close(&sides->from.store);
	store_close(&sides->to.store);
}

static void tell(void *context, const char *what, int64_t done, int64_t total)
{
	struct progress *progress = context;
	const struct backup_progress steps = progress_of(progress);

	progress->what = what;
	steps.tell(steps.context, done, total);
}

/* What is in progress on other machines would go on in the database that is left. */
static bool lock_side(struct side *side, struct error *err)
{
	static const struct {
		enum store_lock lock;
		const char *what;
	} locks[] = {{STORE_LOCK_RUN, "a run is in progress"},
	             {STORE_LOCK_ALERTS, "alerts are being sent"},
	             {STORE_LOCK_REHYDRATE, "--rehydrate is in progress"}};

	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		bool taken = false;

		if (!store_lock(side->store, locks[i].lock, &taken, err))
			return false;
		if (!taken)
			return error_set(err, ERR_BUSY, "%s on another machine: wait for its end", locks[i].what);
	}
	return true;
}

static bool open_side(struct side *side, enum store_mode mode, struct error *err)
{
	return (store_open(side->location, mode, &side->store, err) && lock_side(side, err)) || error_wrap(err, "%s", side->name);
}

static bool copy_sides(struct sides *sides, int64_t *rows, struct error *err)
{
	struct progress shown = {.to = stderr};
	const struct transfer_progress progress = {.tell = tell, .context = &shown};

	if (!open_side(&sides->from, STORE_WRITE, err) || !open_side(&sides->to, STORE_CREATE, err))
		return false;
	return store_transfer(sides->from.store, sides->to.store, &progress, rows, err) ||
	       error_wrap(err, "copying to %s", sides->to.name);
}

static bool copy(struct program *program, struct sides *sides, struct error *err)
{
	AUTO(file_close) int run = -1, import = -1, alerts = -1, rehydrate = -1;
	int64_t rows;

	if (!quota_day_open(err) || !program_lock_run(program, &run, err) ||
	    !program_lock(program, "import.lock", "an import", &import, err) ||
	    !program_lock(program, "alerts.lock", "sending of alerts", &alerts, err) ||
	    !program_lock(program, "rehydrate.lock", "--rehydrate", &rehydrate, err) || !copy_sides(sides, &rows, err))
		return false;
	printf("copied %lld rows to %s, and compared each of them\n", (long long)rows, sides->to.name);
	fflush(stdout);
	/* From now on it is a record like any other, with whatever was wrong in its original; runs would fill the search index too. */
	return repair_database(sides->to.store, stderr, stdout, err) || error_wrap(err, "%s", sides->to.name);
}

static enum exit_status copy_between(struct program *program, bool to_url, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(DATA_PATH_BYTES);
	AUTO(close_sides) struct sides sides = {0};

	if (!database_url_is_valid(program->options.argument)) {
		error_set(err, ERR_INVALID,
		          "--copy-to and --copy-from need postgresql://USER@HOST/NAME, in a password %%40 for '@', %%2F for '/', "
		          "%%25 for '%%': the other side is newsreel.db in NEWSREEL_DATA");
		command_failed(err);
		return EXIT_WRONG_USE;
	}
	if (!program_path(&program->config, "newsreel.db", &path, err))
		return command_failed(err);
	struct side file = {.location = buf_text(&path), .name = buf_text(&path)};
	struct side url = {.location = program->options.argument, .name = "PostgreSQL"};
	sides = to_url ? (struct sides){file, url} : (struct sides){url, file};
	return copy(program, &sides, err) ? EXIT_WELL : command_failed(err);
}

enum exit_status command_copy_to(struct program *program, struct error *err)
{
	return copy_between(program, true, err);
}

enum exit_status command_copy_from(struct program *program, struct error *err)
{
	return copy_between(program, false, err);
}
