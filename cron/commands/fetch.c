#include "cron/commands/commands.h"

#include "base/file.h"
#include "base/log.h"
#include "base/process/supervisor.h"
#include "cron/alerts/evaluate.h"
#include "cron/alerts/send.h"
#include "cron/cycle.h"
#include "store/files/backup_log.h"

enum { CALL_TIMEOUT_MIN_S = 5, ALERT_TIMEOUT_S = 10, ALERTS_LEAST_S = 2 };

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

static bool run_over_http(struct program *program, struct run *run, bool *no_key, struct error *err)
{
	struct cycle cycle = {
	    .store = program->store,
	    .config = &program->config,
	    .youtube = {.base_url = program->config.api_url},
	    .push_base = config_push_base(&program->config),
	    .clock = program->clock,
	    .random = program_random(program),
	};

	if (!http_transport_open(call_timeout_s(&program->config), &cycle.youtube.transport, err))
		return false;
	bool done = cycle_run(&cycle, run, no_key, err);
	http_transport_close(&cycle.youtube.transport);
	return done;
}

/* Calls that fail are failures of the run, which goes on; errors are those of the database, or of memory. */
static bool record(struct program *program, enum exit_status *out, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	bool no_key = false;

	if (!store_backup_log_want(program->store, *program->config.backup_dir && !*program->config.database,
	                           clock_now(&program->clock), err) ||
	    !run_over_http(program, &run, &no_key, err))
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
	AUTO(buf_clear) struct buf path = BUF(DATA_PATH_BYTES);
	int64_t in_time = started_at + program->config.interval_s * 4 / 5;
	int64_t least = clock_now(&program->clock) + ALERTS_LEAST_S;
	uint64_t random = program_random(program);
	struct sent sent;

	if (!program_path(&program->config, "alerts.lock", &path, err))
		return false;
	if (!file_lock(buf_text(&path), &lock, err) ||
	    !program_lock_store(program, STORE_LOCK_ALERTS, "another one that sends", err))
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

/* Another run that is in progress is no failure. */
static enum exit_status left_to_another(const struct error *err)
{
	if (err->code != ERR_BUSY)
		return command_failed(err);
	log_line(LOG_INFO, err->text, NULL);
	return EXIT_WELL;
}

enum exit_status command_fetch(struct program *program, struct error *err)
{
	AUTO(file_close) int lock = -1;
	int64_t started_at = clock_now(&program->clock);

	supervisor_tell("READY=1");
	if (!program_lock_run(program, &lock, err))
		return left_to_another(err);
	enum exit_status result;
	if (!program_confine(program, NULL, err) || !supervisor_beat(err) || !program_open(program, err))
		return command_failed(err);
	if (!program_lock_store(program, STORE_LOCK_RUN, "another run", err))
		return left_to_another(err);
	if (!program_warn_of_replication(program, err) || !record(program, &result, err))
		return command_failed(err);
	if (!tell_alerts(program, &lock, started_at, err)) {
		error_wrap(err, "alerts");
		return command_failed(err);
	}
	return result;
}
