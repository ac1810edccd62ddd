#include "model/status.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/timestamp.h"

/* Searches are spread over the day: so long without one that went well, and so many times the usual pause, is too long. */
enum { SUCCESS_S = 6 * SECONDS_PER_HOUR, SUCCESS_PAUSES = 3, SENTENCE_MAX = 400 };

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

/* ---- ticks ---- */

static bool warn_of_ticks(struct status *status, struct error *err)
{
	if (status->last_run_at == 0)
		return warn(status, err,
		            "no run has finished yet: start newsreel-fetch every minute, with cron or a systemd timer");
	if (!run_is_late(status->last_run_at, status->interval_s, status->now))
		return true;
	return warn(status, err, "no run for %lld minutes: check that cron, the systemd timer or nginx/start runs newsreel-fetch",
	            (long long)((status->now - status->last_run_at) / 60));
}

/* ---- keys ---- */

static bool any_key_in_use(const struct status *status)
{
	for (size_t i = 0; i < status->keys.count; i++) {
		const struct key *key = &status->keys.items[i];

		if (key->entry_state == ENTRY_ACTIVE && (key->health == KEY_NEW || key->health == KEY_OK))
			return true;
	}
	return false;
}

static bool warn_of_keys(struct status *status, struct error *err)
{
	if (status->keys.count == 0)
		return warn(status, err,
		            "there is no API key: add one on the page Keys, in YOUTUBE_API_KEYS, or with POST /api/api_key");
	return any_key_in_use(status) || warn(status, err, "no usable API key: fix what is shown for each key, then resume it");
}

/* ---- queries ---- */

static int64_t active_queries(const struct status *status)
{
	int64_t active = 0;

	for (size_t i = 0; i < status->queries.count; i++)
		active += status->queries.items[i].entry_state == ENTRY_ACTIVE;
	return active;
}

static bool warn_of_many_queries(struct status *status, struct error *err)
{
	int64_t active = active_queries(status);
	int64_t limit = key_list_limit(&status->keys, BUCKET_SEARCHES);

	if (status->keys.count == 0 || active <= limit)
		return true;
	return warn(status, err,
	            "%lld queries share %lld searches a day, so not every query is polled daily: pause the least important ones",
	            (long long)active, (long long)limit);
}

/* Since when a search should have gone well. */
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

	if (!any_key_in_use(status) || active_queries(status) == 0 || silence <= (pause > SUCCESS_S ? pause : SUCCESS_S))
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
	return warn_of_ticks(status, err) && warn_of_keys(status, err) && warn_of_many_queries(status, err) &&
	       warn_of_silence(status, err) && warn_of_hidden(status, err);
}
