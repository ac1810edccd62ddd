#include "model/status.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json_writer.h"
#include "base/timestamp.h"

/* Searches are spread over the day: so long without a success, and so many times the usual pause, is too long. */
enum { SUCCESS_S = 6 * SECONDS_PER_HOUR, SUCCESS_PAUSES = 3, SENTENCE_MAX = 400 };

/* A clock that is wrong by more is worth a warning: answers take a minute at most. */
enum { CLOCK_TOLERANCE_S = 300 };

void status_clear(struct status *status)
{
	run_list_clear(&status->runs);
	query_list_clear(&status->queries);
	key_list_clear(&status->keys);
	text_list_clear(&status->warnings);
	*status = (struct status){0};
}

static bool warn(struct status *status, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);

static bool warn(struct status *status, struct error *err, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list values;

	va_start(values, format);
	vsnprintf(sentence, sizeof(sentence), format, values);
	va_end(values);
	return text_list_add(&status->warnings, sentence, err);
}

/* ---- runs ---- */

static bool warn_of_runs(struct status *status, struct error *err)
{
	if (status->last_run_at == 0)
		return warn(status, err,
		            "no run has finished yet: start newsreel-fetch every minute, with cron or a systemd timer");
	if (!run_is_late(status->last_run_at, status->interval_s, status->now))
		return true;
	return warn(status, err, "no run for %lld minutes: check that cron, the systemd timer or nginx/start runs newsreel-fetch",
	            (long long)((status->now - status->last_run_at) / 60));
}

static bool warn_of_clock(struct status *status, struct error *err)
{
	int64_t ahead = status->clock_ahead_s;
	int64_t off = ahead < 0 ? -ahead : ahead;

	return off <= CLOCK_TOLERANCE_S ||
	       warn(status, err, "this machine's clock is %lld seconds %s YouTube's: set it, for example with an NTP service",
	            (long long)off, ahead < 0 ? "behind" : "ahead of");
}

/* ---- keys ---- */

static bool warn_of_keys(struct status *status, struct error *err)
{
	if (status->keys.count == 0)
		return warn(status, err,
		            "there is no API key: add one on the page Keys, in YOUTUBE_API_KEYS, or with POST /api/api_key");
	return key_list_any_good(&status->keys) ||
	       warn(status, err, "no usable API key: fix what is shown for each key, then resume it");
}

/* ---- queries ---- */

static bool warn_of_many_queries(struct status *status, struct error *err)
{
	int64_t active = query_list_active(&status->queries);
	int64_t limit = key_list_limit(&status->keys, BUCKET_SEARCHES);

	if (status->keys.count == 0 || active <= limit)
		return true;
	return warn(status, err,
	            "%lld queries share %lld searches a day, so not every query is polled daily: pause the least important ones",
	            (long long)active, (long long)limit);
}

/* Since when a search should have succeeded. */
static int64_t expected_since(const struct status *status)
{
	int64_t since = status->last_success_at;

	for (size_t i = 0; i < status->queries.count && !status->last_success_at; i++) {
		int64_t created_at = status->queries.items[i].created_at;

		since = since == 0 || created_at < since ? created_at : since;
	}
	return since;
}

static bool warn_of_silence(struct status *status, struct error *err)
{
	int64_t limit = key_list_limit(&status->keys, BUCKET_SEARCHES);
	int64_t pause = limit > 0 ? SECONDS_PER_DAY / limit * SUCCESS_PAUSES : 0;
	int64_t silence = status->now - expected_since(status);
	char reset[TIMESTAMP_SIZE];

	if (!key_list_any_good(&status->keys) || query_list_active(&status->queries) == 0 ||
	    silence <= (pause > SUCCESS_S ? pause : SUCCESS_S))
		return true;
	timestamp_format(status->resets_at, reset);
	if (key_list_left(&status->keys, BUCKET_SEARCHES, status->now) == 0)
		return warn(status, err, "no successful poll for %lld hours, and no searches left today: the quota resets at %s",
		            (long long)(silence / SECONDS_PER_HOUR), reset);
	return warn(status, err, "no successful poll for %lld hours: see the errors of the queries and of the last runs",
	            (long long)(silence / SECONDS_PER_HOUR));
}

/* ---- content ---- */

static bool warn_of_hidden(struct status *status, struct error *err)
{
	return status->hidden == 0 ||
	       warn(status, err, "%lld videos are hidden, waiting for a re-check: run newsreel with a key that has units left",
	            (long long)status->hidden);
}

bool status_warn(struct status *status, struct error *err)
{
	text_list_clear(&status->warnings);
	return warn_of_runs(status, err) && warn_of_clock(status, err) && warn_of_keys(status, err) &&
	       warn_of_many_queries(status, err) && warn_of_silence(status, err) && warn_of_hidden(status, err);
}

/* ---- JSON ---- */

static void write_public(struct writer *w, const struct status *status)
{
	write_text(w, "status", status->warnings.count ? "attention" : "ok");
	write_int(w, "videos", status->videos);
	write_int(w, "videos_hidden", status->hidden);
	write_time(w, "last_run_at", status->last_run_at);
	write_time(w, "last_success_at", status->last_success_at);
	write_array(w, "warnings");
	for (size_t i = 0; i < status->warnings.count; i++)
		write_text(w, NULL, status->warnings.items[i]);
	write_end(w);
	write_array(w, "queries");
	for (size_t i = 0; i < status->queries.count; i++)
		query_write_json(w, &status->queries.items[i]);
	write_end(w);
	write_array(w, "runs");
	for (size_t i = 0; i < status->runs.count; i++)
		run_write_json(w, &status->runs.items[i]);
	write_end(w);
}

static void write_owners(struct writer *w, const struct status *status)
{
	write_text(w, "version", NEWSREEL_VERSION);
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
	key_list_write_projects(w, "projects", &status->keys);
	write_array(w, "keys");
	for (size_t i = 0; i < status->keys.count; i++)
		key_write_json(w, &status->keys.items[i], status->now);
	write_end(w);
}

void status_write_json(struct writer *w, const struct status *status, bool owner)
{
	write_object(w, NULL);
	write_public(w, status);
	if (owner)
		write_owners(w, status);
	write_end(w);
}
