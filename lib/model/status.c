#include "model/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_writer.h"
#include "base/timestamp.h"

enum {
	SUCCESS_S = 3 * SECONDS_PER_HOUR, /* so long without a successful search … */
	SUCCESS_PAUSES = 3,               /* … and so many times the usual pause between two is too long */
	CLOCK_TOLERANCE_S = 300,          /* a clock that is wrong by more is worth a warning: answers take a minute at most */
	BACKUP_AGE_S = 2 * SECONDS_PER_DAY,
	ROOM_MIN_BYTES = 256 * 1024, /* a page of videos may need as much */
	SENTENCE_MAX = 400,
};

static const struct {
	const char *level;
	const char *words;
	const char *next;
} summaries[SUMMARY_COUNT] = {
    [SUMMARY_NO_ROOM] = {.level = "failing",
                         .words = "The disk is full",
                         .next = "Nothing new can be saved until there is room again. Recorded videos stay available."},
    [SUMMARY_STOPPED] = {.level = "failing",
                         .words = "Polling has stopped",
                         .next = "Check that cron, the systemd timer or nginx/start runs newsreel-fetch every minute. Recorded "
                                 "videos stay available."},
    [SUMMARY_NO_KEY] = {.level = "failing",
                        .words = "There is no API key",
                        .next = "Nothing new is recorded until the owner adds one on the page Keys."},
    [SUMMARY_NEW] = {.level = "new",
                     .words = "newsreel has just started",
                     .next = "The first run starts within a minute or two."},
    [SUMMARY_NO_GOOD_KEY] = {.level = "failing",
                             .words = "No usable API key",
                             .next = "Nothing new is recorded. The page Keys shows the owner what is wrong with each key."},
    [SUMMARY_SPENT] = {.level = "late",
                       .words = "Today's search quota is used up",
                       .next = "Polling resumes by itself and then catches up."},
    [SUMMARY_SILENT] = {.level = "failing",
                        .words = "No successful poll for too long",
                        .next = "newsreel retries with every run and then catches up."},
    [SUMMARY_FAILING] = {.level = "failing",
                         .words = "The last run failed",
                         .next = "newsreel retries with every run and then catches up."},
    [SUMMARY_NO_QUERY] = {.level = "new",
                          .words = "No active query",
                          .next = "The owner can add or resume one on the page Queries."},
    [SUMMARY_ATTENTION] = {.level = "late", .words = "Running, with warnings"},
    [SUMMARY_GOOD] = {.level = "good", .words = "Running normally"},
};

const char *summary_words(enum summary summary)
{
	return summaries[summary].words;
}

const char *summary_next(enum summary summary)
{
	return summaries[summary].next;
}

const char *summary_level(enum summary summary)
{
	return summaries[summary].level;
}

void backup_log_clear(struct backup_log *log)
{
	free(log->error);
	*log = (struct backup_log){0};
}

void status_clear(struct status *status)
{
	run_list_clear(&status->runs);
	query_list_clear(&status->queries);
	key_list_clear(&status->keys);
	text_list_clear(&status->warnings);
	backup_log_clear(&status->backup);
	free(status->failure);
	*status = (struct status){0};
}

/* Adds a warning; SUMMARY becomes the summary unless a weightier one is. */
static bool warn(struct status *status, enum summary summary, struct error *err, const char *format, ...) PRINTF_LIKE(4, 5);

static bool warn(struct status *status, enum summary summary, struct error *err, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list values;

	va_start(values, format);
	vsnprintf(sentence, sizeof(sentence), format, values);
	va_end(values);
	if (summary < status->summary)
		status->summary = summary;
	return text_list_add(&status->warnings, sentence, err);
}

/* ---- the disk ---- */

static bool judge_room(struct status *status, struct error *err)
{
	status->writable = status->room_bytes >= ROOM_MIN_BYTES;
	if (status->writable)
		return true;
	status->healthy = false;
	return warn(status, SUMMARY_NO_ROOM, err,
	            "nothing can be saved: the disk of the database is full or read-only; make room in the folder NEWSREEL_DATA");
}

/* ---- runs ---- */

static bool judge_runs(struct status *status, struct error *err)
{
	int64_t since = status->last_run_at > status->started_at ? status->last_run_at : status->started_at;
	bool late = since > 0 && run_is_late(since, status->interval_s, status->now);

	if (late)
		status->healthy = false;
	if (status->last_run_at == 0)
		return warn(status, late ? SUMMARY_STOPPED : SUMMARY_NEW, err,
		            "no run has finished yet: start newsreel-fetch every minute, with cron or a systemd timer");
	return !late || warn(status, SUMMARY_STOPPED, err,
	                     "no run for %lld minutes: check that cron, the systemd timer or nginx/start runs newsreel-fetch",
	                     (long long)((status->now - status->last_run_at) / 60));
}

static bool judge_failure(struct status *status, struct error *err)
{
	return !status->failure || status->keys.count == 0 || /* then nothing is retried */
	       warn(status, SUMMARY_FAILING, err, "the last run failed, and newsreel retries: %s", status->failure);
}

static bool judge_clock(struct status *status, struct error *err)
{
	int64_t ahead = status->clock_ahead_s;
	int64_t off = ahead < 0 ? -ahead : ahead;

	return off <= CLOCK_TOLERANCE_S ||
	       warn(status, SUMMARY_ATTENTION, err,
	            "this machine's clock is %lld seconds %s YouTube's: set it, for example with an NTP service", (long long)off,
	            ahead < 0 ? "behind" : "ahead of");
}

/* ---- keys ---- */

static bool judge_keys(struct status *status, struct error *err)
{
	if (status->keys.count == 0)
		return warn(status, SUMMARY_NO_KEY, err,
		            "there is no API key: add one on the page Keys, in YOUTUBE_API_KEYS, or with POST /api/api_key");
	if (!key_list_any_good(&status->keys))
		return warn(status, SUMMARY_NO_GOOD_KEY, err,
		            "no usable API key: fix what is shown for each key, then resume it");
	return !key_list_any_bad(&status->keys) ||
	       warn(status, SUMMARY_ATTENTION, err,
	            "an API key cannot be used, the others are: fix what the page Keys shows for it, or remove it");
}

static bool is_spent(const struct status *status)
{
	return key_list_any_good(&status->keys) && key_list_left(&status->keys, BUCKET_SEARCHES, status->now) == 0;
}

static bool judge_quota(struct status *status, struct error *err)
{
	char reset[TIMESTAMP_SIZE];

	timestamp_format(status->resets_at, reset);
	return !is_spent(status) ||
	       warn(status, SUMMARY_SPENT, err, "no searches left today: polling resumes when the quota resets, at %s", reset);
}

/* ---- queries ---- */

/* Those that are the uploads of a channel take no searches. */
static int64_t count_searched(const struct status *status)
{
	int64_t count = 0;

	for (size_t i = 0; i < status->queries.count; i++)
		count += query_is_polled(&status->queries.items[i]) && status->queries.items[i].source == QUERY_SOURCE_SEARCH;
	return count;
}

static bool judge_queries(struct status *status, struct error *err)
{
	int64_t active = query_list_active(&status->queries);
	int64_t limit = key_list_limit(&status->keys, BUCKET_SEARCHES);

	if (active == 0)
		return warn(status, SUMMARY_NO_QUERY, err, "no active query: add or resume one on the page Queries");
	int64_t searched = count_searched(status);
	if (status->keys.count == 0 || searched <= limit)
		return true;
	return warn(status, SUMMARY_ATTENTION, err,
	            "%lld queries share %lld searches a day, so not every query is polled daily: pause the least important ones",
	            (long long)searched, (long long)limit);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t first_query_at(const struct status *status)
{
	int64_t first = status->now;

	for (size_t i = 0; i < status->queries.count; i++)
		if (status->queries.items[i].created_at < first)
			first = status->queries.items[i].created_at;
	return first;
}

static int64_t first_key_at(const struct status *status)
{
	int64_t first = status->now;

	for (size_t i = 0; i < status->keys.count; i++)
		if (status->keys.items[i].created_at < first)
			first = status->keys.items[i].created_at;
	return first;
}

/* Since when a search should have succeeded: since the last one that did, or since there are a query and a key. */
static int64_t expected_since(const struct status *status)
{
	return later(status->last_success_at ? status->last_success_at : first_query_at(status), first_key_at(status));
}

/* The longest pause between two searches when all is well: they are spread over the day. */
static int64_t usual_pause(const struct status *status)
{
	int64_t limit = key_list_limit(&status->keys, BUCKET_SEARCHES);

	return later(status->interval_s, limit > 0 ? SECONDS_PER_DAY / limit : 0);
}

static bool judge_silence(struct status *status, struct error *err)
{
	int64_t silence = status->now - expected_since(status);

	if (status->keys.count == 0 || query_list_active(&status->queries) == 0 ||
	    silence <= later(SUCCESS_S, SUCCESS_PAUSES * usual_pause(status)))
		return true;
	if (!is_spent(status))
		status->healthy = false;
	return !key_list_any_good(&status->keys) /* that says it */ ||
	       warn(status, SUMMARY_SILENT, err,
	            "no successful poll for %lld hours: see the errors of the queries and of the last runs",
	            (long long)(silence / SECONDS_PER_HOUR));
}

/* ---- content ---- */

static bool judge_hidden(struct status *status, struct error *err)
{
	return status->hidden == 0 || warn(status, SUMMARY_ATTENTION, err,
	                                   "%lld videos are hidden, waiting for a re-check: run newsreel with a key that has "
	                                   "units left",
	                                   (long long)status->hidden);
}

static bool judge_index(struct status *status, struct error *err)
{
	return status->unindexed == 0 ||
	       warn(status, SUMMARY_ATTENTION, err,
	            "search index: %lld of %lld videos so far: the next runs add the others, which searches by words miss",
	            (long long)(status->videos - status->unindexed), (long long)status->videos);
}

static bool judge_alerts(struct status *status, struct error *err)
{
	return status->alerts_failing == 0 ||
	       warn(status, SUMMARY_ATTENTION, err, "alerts that do not reach their destination: %lld: see the page Alerts",
	            (long long)status->alerts_failing);
}

/* The reason stands in the log of the owner: it names folders. */
static bool judge_backup(struct status *status, struct error *err)
{
	const struct backup_log *log = &status->backup;
	int64_t since = later(log->succeeded_at, log->wanted_since);

	if (log->wanted_since == 0)
		return true;
	if (status->now - since > BACKUP_AGE_S)
		return warn(
		    status, SUMMARY_ATTENTION, err,
		    "no backup for %lld days: see the log of newsreel-fetch --daily-backup, which the hourly schedule starts",
		    (long long)((status->now - since) / SECONDS_PER_DAY));
	return !log->error ||
	       warn(status, SUMMARY_ATTENTION, err,
	            "the last backup failed, and is tried again within the hour: see the log of newsreel-fetch --daily-backup");
}

bool status_judge(struct status *status, struct error *err)
{
	text_list_clear(&status->warnings);
	status->summary = SUMMARY_GOOD;
	status->healthy = true;
	return judge_room(status, err) && judge_runs(status, err) && judge_clock(status, err) && judge_keys(status, err) &&
	       judge_quota(status, err) && judge_queries(status, err) && judge_silence(status, err) &&
	       judge_failure(status, err) && judge_hidden(status, err) && judge_index(status, err) && judge_alerts(status, err) &&
	       judge_backup(status, err);
}

/* ---- JSON ---- */

void status_write_warnings(struct writer *w, const struct status *status)
{
	write_array(w, "warnings");
	for (size_t i = 0; i < status->warnings.count; i++)
		write_text(w, NULL, status->warnings.items[i]);
	write_end(w);
}

static int64_t found_in_all(const struct status *status)
{
	int64_t all = 0;

	for (enum found_how how = 0; how < FOUND_HOW_COUNT; how++)
		all += status->found[how];
	return all;
}

int64_t status_push_percent(const struct status *status)
{
	int64_t all = found_in_all(status);

	return all ? (status->found[FOUND_PUSH] * 100 + all / 2) / all : 0;
}

static void write_ways(struct writer *w, const struct status *status)
{
	found_write_counts(w, status->found);
	write_object(w, "push");
	write_int(w, "channels", status->push_wanted);
	write_int(w, "subscriptions", status->push_alive);
	write_int(w, "denied", status->push_denied);
	write_text(w, "denied_reason", *status->push_reason ? status->push_reason : NULL);
	write_text(w, "error", status->push_hub.failures ? status->push_hub.error : NULL);
	write_end(w);
}

static void write_public(struct writer *w, const struct status *status, bool for_owner)
{
	write_text(w, "status", status->warnings.count ? "attention" : "ok");
	write_text(w, "summary", summary_words(status->summary));
	write_int(w, "videos", status->videos);
	write_int(w, "videos_hidden", status->hidden);
	write_int(w, "videos_indexed", status->videos - status->unindexed);
	write_time(w, "last_run_at", status->last_run_at);
	write_time(w, "last_success_at", status->last_success_at);
	write_int(w, "followed_channels", status->followed);
	status_write_warnings(w, status);
	write_ways(w, status);
	write_array(w, "queries");
	for (size_t i = 0; i < status->queries.count; i++)
		query_write_json(w, &status->queries.items[i], for_owner);
	write_end(w);
	write_array(w, "runs");
	for (size_t i = 0; i < status->runs.count; i++)
		run_write_json(w, &status->runs.items[i]);
	write_end(w);
}

static void write_owners(struct writer *w, const struct status *status)
{
	write_text(w, "version", NEWSREEL_VERSION);
	write_time(w, "last_backup_at", status->backup.succeeded_at);
	write_text(w, "backup_error", status->backup.error);
	write_int(w, "videos_waiting", status->waiting);
	write_int(w, "visitor_queries", status->visitor_queries);
	write_int(w, "size_bytes", status->size_bytes);
	write_int(w, "fts_segments", status->fts_segments);
	write_time(w, "resets_at", status->resets_at);
	write_object(w, "left");
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		write_int(w, bucket_name(bucket), key_list_left(&status->keys, bucket, status->now));
	write_end(w);
	write_object(w, "planned");
	for (enum budget_category category = BUDGET_ALL + 1; category < BUDGET_COUNT; category++)
		write_int(w, budget_category_name(category), status->schedule.of[category].planned);
	write_end(w);
	write_int(w, "recount_units", status->recount_units);
	key_list_write_projects(w, "projects", &status->keys);
	write_array(w, "keys");
	for (size_t i = 0; i < status->keys.count; i++)
		key_write_json(w, &status->keys.items[i], status->now);
	write_end(w);
}

void status_write_json(struct writer *w, const struct status *status, bool owner)
{
	write_object(w, NULL);
	write_public(w, status, owner);
	if (owner)
		write_owners(w, status);
	write_end(w);
}
