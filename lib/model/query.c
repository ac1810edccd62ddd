#include "model/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "model/youtube_url.h"

const char *safe_search_name(enum safe_search safe_search)
{
	static const char *const names[SAFE_SEARCH_COUNT] = {
	    [SAFE_SEARCH_NONE] = "none", [SAFE_SEARCH_MODERATE] = "moderate", [SAFE_SEARCH_STRICT] = "strict"};

	return names[safe_search];
}

const char *query_source_name(enum query_source source)
{
	static const char *const names[QUERY_SOURCE_COUNT] = {
	    [QUERY_SOURCE_SEARCH] = "search", [QUERY_SOURCE_CHANNEL] = "channel"};

	return names[source];
}

const char *query_priority_name(enum query_priority priority)
{
	static const char *const names[PRIORITY_COUNT] = {
	    [PRIORITY_LOW] = "low", [PRIORITY_NORMAL] = "normal", [PRIORITY_HIGH] = "high"};

	return names[priority];
}

double query_priority_weight(enum query_priority priority)
{
	static const double weights[PRIORITY_COUNT] = {[PRIORITY_LOW] = 0.25, [PRIORITY_NORMAL] = 1, [PRIORITY_HIGH] = 4};

	return weights[priority];
}

const char *query_period_name(enum query_period period)
{
	static const char *const names[PERIOD_COUNT] = {
	    [PERIOD_BEFORE] = "before", [PERIOD_WITHIN] = "within", [PERIOD_AFTER] = "after"};

	return names[period];
}

enum query_period query_period_at(const struct query_settings *settings, int64_t now)
{
	if (settings->starts_at && now < settings->starts_at)
		return PERIOD_BEFORE;
	return settings->ends_at && now >= settings->ends_at ? PERIOD_AFTER : PERIOD_WITHIN;
}

void query_settings_clear(struct query_settings *settings)
{
	free(settings->label);
	free(settings->group);
	*settings = (struct query_settings){0};
}

void query_clear(struct query *query)
{
	query_settings_clear(&query->settings);
	query_rules_clear(&query->rules);
	coverage_clear(&query->gaps);
	coverage_clear(&query->coverage);
	free(query->text);
	free(query->error);
	*query = (struct query){0};
}

void query_list_clear(struct query_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		query_clear(&list->items[i]);
	free(list->items);
	*list = (struct query_list){0};
}

const struct query *query_list_find(const struct query_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].id == id)
			return &list->items[i];
	return NULL;
}

bool query_is_polled(const struct query *query)
{
	return query->entry_state == ENTRY_ACTIVE && query->period == PERIOD_WITHIN;
}

int64_t query_list_active(const struct query_list *list)
{
	int64_t active = 0;

	for (size_t i = 0; i < list->count; i++)
		active += query_is_polled(&list->items[i]);
	return active;
}

/* So many videos surely fit on a page. */
static const double whole_page = 40;
/* Videos that polls read for each new one, as windows overlap. */
static const double overlap = 1.2;

double query_videos_a_day(const struct query *query)
{
	return overlap * fmax(query->rate, 1);
}

int64_t query_page_s(const struct query *query)
{
	double videos = query->doubted_at[DOUBT_ORDER] ? whole_page : overlap * SEARCH_PAGE_SIZE;

	return query->rate > 0 ? (int64_t)fmax(videos / query->rate * SECONDS_PER_DAY, PAGE_MIN_S) : 0;
}

const char *query_name(const struct query *query)
{
	return query->settings.label ? query->settings.label : query->text;
}

const char *query_state_name(const struct query *query)
{
	return query->entry_state == ENTRY_ACTIVE ? "active" : "paused";
}

static bool check_squeezed(const char *text, struct error *err)
{
	size_t length = utf8_length(text);
	const char *advice = query_source_of(text) == QUERY_SOURCE_CHANNEL ? NULL : youtube_url_advice(text);

	if (length < 1 || length > QUERY_LENGTH_MAX)
		return error_set(err, ERR_INVALID, "it has %zu characters, allowed are 1 to %d", length, QUERY_LENGTH_MAX);
	if (!unicode_is_visible(text))
		return error_set(err, ERR_INVALID, "none of its characters can be seen");
	return !advice || error_set(err, ERR_UNPROCESSABLE, "%s", advice);
}

static bool check(const char *text, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;

	if (!utf8_is_valid(text, strlen(text)))
		return error_set(err, ERR_INVALID, "only valid UTF-8 is allowed");
	if (utf8_has_control(text))
		return error_set(err, ERR_INVALID, "control characters are not allowed");
	return text_squeeze(text, &squeezed, err) && check_squeezed(squeezed, err);
}

enum query_source query_source_of(const char *text)
{
	char name[CHANNEL_NAME_SIZE];

	return youtube_url_channel(text, name) ? QUERY_SOURCE_CHANNEL : QUERY_SOURCE_SEARCH;
}

bool query_tidy(const char *text, char **out, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;
	char name[CHANNEL_NAME_SIZE];

	return text_squeeze(text, &squeezed, err) && text_copy(youtube_url_channel(squeezed, name) ? name : squeezed, out, err);
}

bool query_check(const char *text, struct error *err)
{
	return check(text, err) || error_wrap(err, "not a query");
}

bool query_is_doubted(const struct query *query)
{
	for (int doubt = 0; doubt < DOUBT_COUNT; doubt++)
		if (query->doubted_at[doubt])
			return true;
	return false;
}

void query_write_doubts(struct writer *w, const struct query *query)
{
	write_array(w, "doubts");
	for (int doubt = 0; doubt < DOUBT_COUNT; doubt++)
		if (query->doubted_at[doubt])
			write_text(w, NULL, doubt_text((enum doubt)doubt));
	write_end(w);
}

void query_settings_write(struct writer *w, const struct query_settings *settings)
{
	write_text(w, "label", settings->label);
	write_text(w, "group", settings->group);
	write_text(w, "priority", query_priority_name(settings->priority));
	write_time(w, "starts_at", settings->starts_at);
	write_time(w, "ends_at", settings->ends_at);
	if (settings->keep_days == QUERY_KEEP_DEFAULT)
		write_null(w, "keep_days");
	else
		write_int(w, "keep_days", settings->keep_days == QUERY_KEEP_ALL ? 0 : settings->keep_days);
}

static void write_backfill(struct writer *w, const struct backfill *backfill)
{
	if (backfill->until == 0) {
		write_null(w, "backfill");
		return;
	}
	write_object(w, "backfill");
	write_time(w, "since", backfill->since);
	write_time(w, "until", backfill->until);
	write_int(w, "missing_seconds", backfill->missing_s);
	write_end(w);
}

void query_write_json(struct writer *w, const struct query *query, bool for_owner)
{
	write_object(w, NULL);
	write_int(w, "id", query->id);
	write_text(w, "query", query->text);
	write_text(w, "source", query_source_name(query->source));
	write_text(w, "state", query_state_name(query));
	write_text(w, "origin", origin_name(query->origin));
	write_bool(w, "follow_channels", query->follow_channels);
	query_settings_write(w, &query->settings);
	write_text(w, "period", query_period_name(query->period));
	query_rules_write_json(w, &query->rules, for_owner);
	write_int(w, "videos", query->videos);
	write_int(w, "videos_today", query->videos_today);
	found_write_counts(w, query->found);
	if (query->delay_s > 0)
		write_int(w, "delay_seconds", llround(query->delay_s));
	else
		write_null(w, "delay_seconds");
	write_int(w, "searches", query->searches);
	write_time(w, "searches_since", query->searches_day);
	write_time(w, "created_at", query->created_at);
	write_time(w, "last_success_at", query->succeeded_at);
	write_time(w, "next_poll_at", query->next_poll_at);
	write_time(w, "covered_since", query->covered_since);
	write_time(w, "covered_until", query->covered_until);
	write_time(w, "kept_since", query->kept_since);
	write_backfill(w, &query->backfill);
	write_int(w, "gaps_count", query->gaps_count);
	write_array(w, "gaps");
	for (size_t i = 0; i < query->gaps.count; i++)
		gap_write_json(w, &query->gaps.items[i]);
	write_end(w);
	write_int(w, "unconfirmed", llround(query->unconfirmed));
	query_write_doubts(w, query);
	write_text(w, "error", query->error);
	write_end(w);
}

void query_write_settings_json(struct writer *w, const struct query *query, bool for_owner)
{
	write_object(w, NULL);
	write_text(w, "query", query->text);
	write_text(w, "state", query_state_name(query));
	write_bool(w, "follow_channels", query->follow_channels);
	query_settings_write(w, &query->settings);
	query_rules_write_texts(w, &query->rules, for_owner);
	write_end(w);
}
