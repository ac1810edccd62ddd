/* newsreel-fetch: options, lock, one summary line, exit status. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process/sandbox.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "model/quota_day.h"
#include "cron/alerts/evaluate.h"
#include "cron/alerts/send.h"
#include "cron/backup/backup.h"
#include "cron/backup/repair.h"
#include "cron/backup/restore.h"
#include "cron/cycle.h"
#include "cron/dataset_file.h"
#include "cron/import/django.h"
#include "cron/import/import.h"
#include "cron/options.h"
#include "cron/probe.h"
#include "cron/rehydrate.h"
#include "cron/status.h"
#include "store/queries.h"
#include "store/status.h"

enum exit_status { EXIT_WELL = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2 };

/* What --rehydrate leaves of the day's units to recording: one part in so many of what is left. */
enum { UNITS_KEPT_SHARE = 5 };

enum { CALL_TIMEOUT_MAX_S = 30, CALL_TIMEOUT_MIN_S = 5, ALERT_TIMEOUT_S = 10, ALERTS_LEAST_S = 2, PATH_MAX_BYTES = 4096 };

/* What most actions need. */
struct program {
	struct options options;
	struct config config;
	struct clock clock;
	struct store *store;
};

static void program_close(struct program *program)
{
	store_close(&program->store);
	config_clear(&program->config);
}

static enum exit_status failed(const struct error *err)
{
	log_line(LOG_ERROR, err->text, NULL);
	return EXIT_FAILED;
}

static bool data_path(const struct config *config, const char *name, struct buf *out, struct error *err)
{
	buf_printf(out, "%s/%s", config->data, name);
	return buf_ok(out, err);
}

static bool open_store(struct program *program, enum store_mode mode, struct error *err)
{
	AUTO(buf_clear) struct buf location = BUF(PATH_MAX_BYTES);

	if (!config_database(&program->config, &location, err))
		return false;
	return store_open(buf_text(&location), mode, &program->store, err) ||
	       (*program->config.database ? error_wrap(err, "NEWSREEL_DATABASE") : false);
}

/* Opens the database; makes and migrates it where necessary. */
static bool open_database(struct program *program, struct error *err)
{
	return quota_day_open(err) && folder_make(program->config.data, err) && open_store(program, STORE_CREATE, err);
}

/* Opens the database and changes nothing: neither it nor its folder is made. */
static bool open_to_read(struct program *program, struct error *err)
{
	if (!quota_day_open(err))
		return false;
	if (open_store(program, STORE_READ, err))
		return true;
	if (err->code == ERR_BUSY && !*program->config.database)
		error_set(err, ERR_BUSY,
		          "%s/newsreel.db: no database of this version: check NEWSREEL_DATA, or start newsreel-fetch to make it",
		          program->config.data);
	return false;
}

/* The file NAME to read, standard input for "-"; NULL with ERR_INVALID. */
static FILE *open_text(const char *name, struct error *err)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");

	if (!from)
		error_set(err, ERR_INVALID, "%s: %s", name, strerror(errno));
	return from;
}

/* ---- a run ---- */

static void log_summary(const struct run *run)
{
	struct log_field fields[] = {
	    LOG_NUMBER("searches", run->searches),
	    LOG_NUMBER("units", run->units),
	    LOG_NUMBER("added", run->added),
	    LOG_NUMBER("updated", run->updated),
	    LOG_NUMBER("skipped", run->skipped),
	    LOG_NUMBER("gone", run->gone),
	    LOG_NUMBER("hidden", run->hidden),
	    LOG_NUMBER("failures", run->failures),
	    LOG_NUMBER("ms", run->ms),
	    LOG_NUMBER("planned", run->planned),
	    LOG_NUMBER("searches_left", run->left[BUCKET_SEARCHES]),
	    LOG_NUMBER("units_left", run->left[BUCKET_UNITS]),
	    run->error ? LOG_TEXT("error", run->error) : LOG_END,
	    LOG_END,
	};

	log_line(run->own_fault ? LOG_ERROR : run->failures ? LOG_WARN : LOG_INFO, "run", fields);
}

/* No call begins in the last fifth of the interval (cycle.c), so one that hangs then ends with it. */
static int64_t call_timeout_s(const struct config *config)
{
	int64_t fifth = config->interval_s / 5;

	return fifth < CALL_TIMEOUT_MIN_S ? CALL_TIMEOUT_MIN_S : fifth < CALL_TIMEOUT_MAX_S ? fifth : CALL_TIMEOUT_MAX_S;
}

static uint64_t random_state(const struct program *program)
{
	return ((uint64_t)clock_now(&program->clock) << 20 ^ (uint64_t)getpid()) | 1;
}

static bool run_over_http(struct program *program, struct run *run, bool *no_key, struct error *err)
{
	struct cycle cycle = {
	    .store = program->store,
	    .config = &program->config,
	    .youtube = {.base_url = program->config.api_url},
	    .push_base = config_push_base(&program->config),
	    .clock = program->clock,
	    .random = random_state(program),
	};

	if (!http_transport_open(call_timeout_s(&program->config), &cycle.youtube.transport, err))
		return false;
	bool done = cycle_run(&cycle, run, no_key, err);
	http_transport_close(&cycle.youtube.transport);
	return done;
}

/* The lock NAME in the data folder. Errors: ERR_BUSY while WHO, another program, has it. */
static bool lock_file(struct program *program, const char *name, const char *who, int *lock, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);

	return folder_make(program->config.data, err) && data_path(&program->config, name, &path, err) &&
	       (file_lock(buf_text(&path), lock, err) ||
	        (err->code == ERR_BUSY && error_set(err, ERR_BUSY, "%s is still in progress", who)));
}

/* Errors: ERR_BUSY while another run makes calls. */
static bool take_lock(struct program *program, int *lock, struct error *err)
{
	return lock_file(program, "fetch.lock", "another run", lock, err);
}

/* The same on all machines that use the database, which is open. */
static bool lock_store(struct program *program, enum store_lock lock, const char *who, struct error *err)
{
	bool taken = false;

	return store_lock(program->store, lock, &taken, err) &&
	       (taken || error_set(err, ERR_BUSY, "%s is still in progress on another machine", who));
}

static const char no_key_text[] = "no API key: add one to YOUTUBE_API_KEYS or with POST /api/api_key";

/* Calls that fail are failures of the run, which goes on; errors are those of the database, or of memory. */
static bool record(struct program *program, enum exit_status *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	bool no_key = false;

	if (!run_over_http(program, &run, &no_key, err))
		return false;
	if (no_key)
		log_line(LOG_INFO, no_key_text, NULL);
	else
		log_summary(&run);
	*out = run.failures ? EXIT_FAILED : EXIT_WELL;
	return true;
}

/* Without the lock of the run, so that the next one goes on recording; another program that sends already sees to the rest. */
static bool send_alerts(struct program *program, int64_t started_at, struct error *err)
{
	AUTO(file_close) int lock = -1;
	AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);
	int64_t in_time = started_at + program->config.interval_s * 4 / 5;
	int64_t least = clock_now(&program->clock) + ALERTS_LEAST_S;
	uint64_t random = random_state(program);
	struct sent sent;

	if (!data_path(&program->config, "alerts.lock", &path, err))
		return false;
	if (!file_lock(buf_text(&path), &lock, err) || !lock_store(program, STORE_LOCK_ALERTS, "another one that sends", err))
		return err->code == ERR_BUSY;
	if (!alerts_send(program->store, &program->config, &program->clock, in_time > least ? in_time : least, ALERT_TIMEOUT_S,
	                 &random, &sent, err))
		return false;
	if (sent.delivered || sent.failed)
		log_printf(LOG_INFO, "alerts: %lld messages delivered, %lld tries failed, %lld alerts ended",
		           (long long)sent.delivered, (long long)sent.failed, (long long)sent.refused);
	return true;
}

static bool tell_alerts(struct program *program, int *lock, int64_t started_at, struct error *err)
{
	int64_t made;

	if (!alerts_evaluate(program->store, clock_now(&program->clock), &made, err))
		return false;
	file_close(lock);
	store_unlock(program->store, STORE_LOCK_RUN);
	return send_alerts(program, started_at, err);
}

/* A run needs no other files. The backup's folder has to be there by now; if it cannot be made, the backup says why. */
static void confine(const struct program *program)
{
	const struct sandbox_folder folders[] = {{program->config.data, SANDBOX_WRITE},
	                                         {program->config.backup_dir, SANDBOX_WRITE}};
	size_t count = *program->config.backup_dir ? 2 : 1;
	struct error ignored;

	if (count > 1 && !folder_make(program->config.backup_dir, &ignored))
		count = 1;
	(void)sandbox_enter(folders, count);
}

/* Last, and without a lock that the next run needs. */
static bool back_up(struct program *program, struct error *err)
{
	int64_t begun_ms = clock_monotonic_ms();
	struct backup_day day;

	if (!backup_daily(program->store, &program->config, clock_now(&program->clock), NULL, &day, err))
		return error_wrap(err, "backup");
	if (day.made)
		log_printf(LOG_INFO, "backup: written to %s in %lld ms, %lld old ones removed", program->config.backup_dir,
		           (long long)(clock_monotonic_ms() - begun_ms), (long long)day.removed);
	return true;
}

/* Another run that is in progress is no failure. */
static enum exit_status left_to_another(const struct error *err)
{
	if (err->code != ERR_BUSY)
		return failed(err);
	log_line(LOG_INFO, err->text, NULL);
	return EXIT_WELL;
}

static enum exit_status fetch(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;
	int64_t started_at = clock_now(&program->clock);

	if (!take_lock(program, &lock, err))
		return left_to_another(err);
	enum exit_status result;
	confine(program);
	if (!open_database(program, err))
		return failed(err);
	if (!lock_store(program, STORE_LOCK_RUN, "another run", err))
		return left_to_another(err);
	if (!record(program, &result, err))
		return failed(err);
	if (!tell_alerts(program, &lock, started_at, err)) {
		error_wrap(err, "alerts");
		return failed(err);
	}
	return back_up(program, err) ? result : failed(err);
}

/* ---- a probe ---- */

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

/* For calls that are no part of a run; the store has to be open. */
static struct api_client api_client_of(struct program *program, const struct youtube *youtube, uint64_t *random)
{
	return (struct api_client){.store = program->store,
	                           .youtube = youtube,
	                           .clock = program->clock,
	                           .quota = config_quota_defaults(&program->config),
	                           .random = random};
}

static bool probe_over_http(struct program *program, const char *query, int64_t *failures, struct error *err)
{
	struct youtube youtube = {.base_url = program->config.api_url};
	uint64_t random = random_state(program);
	struct api_client client = api_client_of(program, &youtube, &random);

	if (!http_transport_open(CALL_TIMEOUT_MAX_S, &youtube.transport, err))
		return false;
	bool done = probe_run(&client, query, stdout, failures, err);
	http_transport_close(&youtube.transport);
	printf("It took %lld searches and %lld units.\n", (long long)client.made[BUCKET_SEARCHES],
	       (long long)client.made[BUCKET_UNITS]);
	return done;
}

/* Takes over the keys of the variable, and nothing else: queries and runs stay as they are. */
static bool read_keys(struct program *program, struct key_list *keys, struct error *err)
{
	struct quota_defaults quota = config_quota_defaults(&program->config);
	int64_t now = clock_now(&program->clock);

	return open_database(program, err) && store_keys_follow_variable(program->store, &program->config.api_keys, now, err) &&
	       store_keys_list(program->store, &quota, now, keys, err) &&
	       (keys->count > 0 || error_set(err, ERR_INVALID, "%s", no_key_text));
}

static enum exit_status probe(struct program *program, struct error *err)
{
	AUTO(text_free) char *query = NULL;
	AUTO(key_list_clear) struct key_list keys = {0};
	AUTO(file_close) int lock = -1;
	int64_t failures = 0;

	if (!query_check(program->options.argument, err)) {
		failed(err);
		return EXIT_WRONG_USE;
	}
	if (!text_squeeze(program->options.argument, &query, err) || !read_keys(program, &keys, err))
		return failed(err);
	print_cost(program, &keys);
	if (!program->options.yes && !isatty(STDIN_FILENO)) {
		puts("Nothing was asked: add --yes to spend them.");
		return EXIT_WRONG_USE;
	}
	if (!program->options.yes && !confirm())
		return EXIT_WELL;
	if (!take_lock(program, &lock, err) || !lock_store(program, STORE_LOCK_RUN, "another run", err) ||
	    !probe_over_http(program, query, &failures, err))
		return failed(err);
	return failures ? EXIT_FAILED : EXIT_WELL;
}

/* ---- data sets ---- */

static enum exit_status dataset(struct program *program, struct error *err)
{
	struct dataset_saved saved;

	if (!open_to_read(program, err))
		return failed(err);
	if (!dataset_save(program->store, program->options.filter, program->options.argument, clock_now(&program->clock), &saved,
	                  err)) {
		failed(err);
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
	uint64_t random = random_state(program);

	if (!read_keys(program, &keys, err) || !lock_store(program, STORE_LOCK_REHYDRATE, "another --rehydrate", err) ||
	    !http_transport_open(CALL_TIMEOUT_MAX_S, &youtube.transport, err))
		return false;
	struct api_client client = api_client_of(program, &youtube, &random);
	int64_t left = key_list_left(&keys, BUCKET_UNITS, clock_now(&program->clock));
	bool done_well = rehydrate(&client, from, left - left / UNITS_KEPT_SHARE, stderr, done, err);
	http_transport_close(&youtube.transport);
	return done_well;
}

static enum exit_status fetch_again(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;
	struct rehydration done = {0};
	FILE *from = open_text(program->options.argument, err);

	if (!from)
		return failed(err);
	bool done_well = lock_file(program, "rehydrate.lock", "another --rehydrate", &lock, err) &&
	                 rehydrate_over_http(program, from, &done, err);
	if (from != stdin)
		fclose(from);
	if (done.lines)
		print_rehydration(&done);
	if (!done_well)
		return failed(err);
	if (done.stopped)
		print_stop(program);
	return done.stopped ? EXIT_FAILED : EXIT_WELL;
}

/* ---- the other actions ---- */

static enum exit_status status(struct program *program, struct error *err)
{
	AUTO(status_clear) struct status now = {0};
	struct quota_defaults quota = config_quota_defaults(&program->config);

	if (!open_to_read(program, err) ||
	    !store_status_read(program->store, &quota, program->config.interval_s, 0, clock_now(&program->clock), &now, err) ||
	    !store_queries_read_gaps(program->store, now.queries.items, now.queries.count, err) ||
	    !status_print(&now, program->options.json, stdout, err))
		return failed(err);
	return EXIT_WELL;
}

static void print_import(const struct import_result *result, const char *unit)
{
	printf("%lld %s: %lld videos new, %lld changed, %lld known already, %lld %s skipped\n", (long long)result->lines, unit,
	       (long long)result->added, (long long)result->updated, (long long)result->unchanged, (long long)result->skipped,
	       unit);
}

/* Without a key the pages show what was imported, and no longer the demo (mode() below). */
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

static enum exit_status import(struct program *program, struct error *err)
{
	const char *name = program->options.argument;
	FILE *from = open_text(name, err);
	struct import_result result = {0};

	if (!from)
		return failed(err);
	bool done = open_database(program, err) && import_videos(program->store, from, stderr, &program->clock, &result, err);
	if (from != stdin)
		fclose(from);
	if (done || result.lines)
		print_import(&result, "lines");
	if (!done)
		return failed(err);
	if (import_videos_read(&result) == 0) {
		error_set(err, ERR_INVALID, "%s: nothing to import: %s", name,
		          result.lines ? "no line is a video" : "the file is empty");
		return failed(err);
	}
	return print_next_step(program->store, err) ? EXIT_WELL : failed(err);
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

static enum exit_status django(struct program *program, struct error *err)
{
	struct django_import done = {0};

	if (!open_database(program, err))
		return failed(err);
	bool well = import_django(program->store, program->options.argument, program->options.with_keys, stderr, &program->clock,
	                          &done, err);
	if (well || done.videos.lines || done.queries_added)
		print_django_import(&done);
	return well && print_next_step(program->store, err) ? EXIT_WELL : failed(err);
}

static enum exit_status backup(struct program *program, struct error *err)
{
	if (!backup_make(&program->config, program->options.argument, clock_now(&program->clock), stderr, err))
		return failed(err);
	printf("%s: a backup, verified; it holds API keys and secrets of alerts\n", program->options.argument);
	return EXIT_WELL;
}

static enum exit_status restore(struct program *program, struct error *err)
{
	return quota_day_open(err) && restore_backup(&program->config, program->options.argument, clock_now(&program->clock),
	                                             stderr, stdout, err)
	           ? EXIT_WELL
	           : failed(err);
}

/* A database that is too damaged to be opened is beyond repair. */
static enum exit_status failed_to_open(struct error *err)
{
	struct error why = *err;

	if (strstr(why.text, "damaged"))
		error_set(err, why.code, "%.150s: run newsreel-fetch --restore FILE", why.text);
	return failed(err);
}

static enum exit_status repair(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;

	/* Where there is none, none is made. */
	if (!open_to_read(program, err))
		return failed_to_open(err);
	store_close(&program->store);
	return take_lock(program, &lock, err) && open_database(program, err) &&
	               lock_store(program, STORE_LOCK_RUN, "another run", err) &&
	               repair_database(program->store, stderr, stdout, err)
	           ? EXIT_WELL
	           : failed(err);
}

static enum exit_status check(struct program *program, struct error *err)
{
	int64_t unindexed = 0;

	if (!open_to_read(program, err))
		return failed_to_open(err);
	if (!store_check(program->store, err) || !store_unindexed_count(program->store, &unindexed, err)) {
		if (*program->config.database)
			error_wrap(err, "NEWSREEL_DATABASE");
		else
			error_wrap(err, "%s/newsreel.db", program->config.data);
		return failed(err);
	}
	puts("the database is sound");
	if (unindexed)
		printf("search index: %lld videos wait for it; the next runs of newsreel-fetch add them\n", (long long)unindexed);
	return EXIT_WELL;
}

/* On a disk that is full or read-only what is recorded is shown all the same. */
static bool find_mode(struct program *program, bool *live, struct error *err)
{
	struct error unreadable;

	if (open_database(program, err) &&
	    cycle_follow_environment(program->store, &program->config, clock_now(&program->clock), err) &&
	    store_is_used(program->store, live, err))
		return true;
	store_close(&program->store);
	return err->code != ERR_INVALID && open_to_read(program, &unreadable) && store_is_used(program->store, live, &unreadable);
}

/* The demo is shown in place of nothing: a database that was ever used stays in public. */
static enum exit_status mode(struct program *program, struct error *err)
{
	bool live = false;

	if (!find_mode(program, &live, err))
		return failed(err);
	puts(live ? "live" : "demo");
	return EXIT_WELL;
}

static enum exit_status print_config(struct program *program, struct error *err)
{
	if (config_print(&program->config, program->options.argument, stdout, err))
		return EXIT_WELL;
	failed(err);
	return EXIT_WRONG_USE;
}

static enum exit_status act(struct program *program, struct error *err)
{
	switch (program->options.action) {
	case ACTION_FETCH:
		return fetch(program, err);
	case ACTION_STATUS:
		return status(program, err);
	case ACTION_IMPORT:
		return import(program, err);
	case ACTION_CHECK:
		return check(program, err);
	case ACTION_MODE:
		return mode(program, err);
	case ACTION_PRINT_CONFIG:
		return print_config(program, err);
	case ACTION_PROBE:
		return probe(program, err);
	case ACTION_DATASET:
		return dataset(program, err);
	case ACTION_REHYDRATE:
		return fetch_again(program, err);
	case ACTION_BACKUP:
		return backup(program, err);
	case ACTION_RESTORE:
		return restore(program, err);
	case ACTION_REPAIR:
		return repair(program, err);
	case ACTION_IMPORT_DJANGO:
		return django(program, err);
	case ACTION_HELP:
		options_print_help();
		return EXIT_WELL;
	case ACTION_VERSION:
		puts("newsreel-fetch " NEWSREEL_VERSION);
		return EXIT_WELL;
	}
	return EXIT_WRONG_USE;
}

static void log_warnings(const struct config *config)
{
	for (size_t i = 0; i < config->warnings.count; i++)
		log_line(LOG_WARN, config->warnings.items[i], NULL);
}

int main(int argc, char *argv[])
{
	AUTO(program_close) struct program program = {.clock = clock_system()};
	struct error err = {0};

	if (!options_read(argc, argv, &program.options, &err)) {
		fprintf(stderr, "newsreel-fetch: %s\nTry 'newsreel-fetch --help'.\n", err.text);
		return EXIT_WRONG_USE;
	}
	bool needs_config = program.options.action != ACTION_HELP && program.options.action != ACTION_VERSION;
	if (needs_config && !config_load(".env", &program.config, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_WRONG_USE;
	}
	if (needs_config && !folder_become_owner(program.config.data, &err))
		return (int)failed(&err);
	log_set_level(program.options.verbose ? LOG_DEBUG : program.config.log_level);
	log_set_format(program.config.log_format);
	if (program.options.action != ACTION_PRINT_CONFIG && program.options.action != ACTION_MODE) /* nginx/start asks often */
		log_warnings(&program.config);
	/* A file that may not grow is an error, no reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	log_exit_on_bus_error();
	enum exit_status result = act(&program, &err);
	return fflush(stdout) == 0 ? (int)result : EXIT_FAILED;
}
