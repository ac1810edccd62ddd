#include "cgi/pages/widgets/query_rows.h"

#include <math.h>
#include <stdio.h>

#include "base/buf.h"
#include "cgi/commands/queries.h"
#include "cgi/pages/widgets/day_bars.h"
#include "cgi/pages/widgets/parts.h"
#include "cgi/request/format.h"
#include "cgi/request/link_writer.h"
#include "model/quota_day.h"

enum { PERCENT = 100, NUMBER_SIZE = 24, PATH_SIZE = 48, WAYS_MAX_BYTES = 512 };

/* ---- coverage ---- */

/* How much of the time since the beginning is read, rounded down: 100 means all of it. */
static int64_t percent_read(const struct query *query)
{
	int64_t span = query->covered_until - query->covered_since;

	if (span <= 0 || query->missing_s <= 0)
		return PERCENT;
	return (span - query->missing_s) * PERCENT / span;
}

void query_write_gap(struct writer *w, const struct interval *gap)
{
	write_object(w, NULL);
	page_write_minute(w, "from", gap->since);
	page_write_minute(w, "to", gap->until);
	write_text(w, "reason", gap_reason_text(gap->reason));
	write_end(w);
}

/* The newest ones, and the way to the page of all. */
static void write_gaps(struct app *app, struct writer *w, const struct query *query)
{
	int64_t more = query->gaps_count - (int64_t)query->gaps.count;
	char path[PATH_SIZE];

	if (query->gaps_count == 0) {
		write_null(w, "gaps");
		return;
	}
	write_object(w, "gaps");
	page_write_counted(w, "count", query->gaps_count, "gap", "gaps");
	write_array(w, "first");
	for (size_t i = 0; i < query->gaps.count; i++)
		query_write_gap(w, &query->gaps.items[i]);
	write_end(w);
	if (more > 0)
		page_write_number(w, "more", more);
	else
		write_null(w, "more");
	snprintf(path, sizeof(path), "/queries/%lld/gaps", (long long)query->id);
	write_link(w, app, "url", path);
	write_end(w);
}

void query_write_coverage(struct app *app, struct writer *w, const struct query *query)
{
	int64_t percent = percent_read(query);

	if (query->covered_since == 0) {
		write_null(w, "coverage");
		return;
	}
	write_object(w, "coverage");
	page_write_date(w, "since", query->covered_since);
	page_write_minute(w, "until", query_is_polled(query) ? 0 : query->covered_until);
	page_write_date(w, "kept", query->kept_since);
	if (percent < PERCENT)
		write_int(w, "percent", percent);
	else
		write_null(w, "percent");
	if (llround(query->unconfirmed) > 0)
		page_write_counted(w, "unconfirmed", llround(query->unconfirmed), "video", "videos");
	else
		write_null(w, "unconfirmed");
	query_write_doubts(w, query);
	write_gaps(app, w, query);
	write_end(w);
}

/* ---- state ---- */

static void write_state_as(struct writer *w, const char *name, const char *words)
{
	write_text(w, "state", name);
	write_text(w, "state_words", words);
}

/* "Begins 22 Nov 2026, 10:00", "Ended …" */
static void write_period(struct writer *w, const struct query *query)
{
	bool before = query->period == PERIOD_BEFORE;
	char minute[FORMAT_SIZE], words[FORMAT_SIZE + sizeof("Begins  UTC")];

	format_minute(before ? query->settings.starts_at : query->settings.ends_at, minute);
	snprintf(words, sizeof(words), "%s %s UTC", before ? "Begins" : "Ended", minute);
	write_state_as(w, "paused", words);
}

/* By a class of the style sheet, and in words. */
static void write_state(struct writer *w, const struct query *query)
{
	if (query->entry_state == ENTRY_PAUSED_BY_CONFIG)
		write_state_as(w, "paused", "Paused: no longer in NEWSREEL_QUERIES");
	else if (query->entry_state != ENTRY_ACTIVE)
		write_state_as(w, "paused", "Paused");
	else if (query->period != PERIOD_WITHIN)
		write_period(w, query);
	else if (query->error)
		write_state_as(w, "failing", "Last poll failed");
	else if (query->succeeded_at == 0)
		write_state_as(w, "new", "Waiting for the first poll");
	else
		write_state_as(w, "good", "Active");
}

static void write_trouble(struct writer *w, const struct query *query)
{
	if (!query->error || !query_is_polled(query)) {
		write_null(w, "trouble");
		return;
	}
	write_object(w, "trouble");
	write_text(w, "words", query->error);
	write_end(w);
}

static void write_times(struct app *app, struct writer *w, const struct query *query)
{
	int64_t now = app_now(app);
	bool followed = query_is_polled(query);
	bool planned = followed && query->next_poll_at > now;

	page_write_moment(w, "last", query->succeeded_at, now);
	page_write_moment(w, "next", planned ? query->next_poll_at : 0, now);
	write_bool(w, "soon", followed && !planned && query->source == QUERY_SOURCE_SEARCH);
}

/* What each way brought, how late, and at what cost: "612 by search, 919 in channels". */
static bool write_ways(struct writer *w, const struct query *query, int64_t now, struct error *err)
{
	static const char *const how_words[FOUND_HOW_COUNT] = {[FOUND_SEARCH] = "by search",
	                                                       [FOUND_CHANNEL] = "in channels",
	                                                       [FOUND_PUSH] = "by push",
	                                                       [FOUND_IMPORT] = "by import",
	                                                       [FOUND_RSS] = "in feeds"};
	AUTO(buf_clear) struct buf ways = BUF(WAYS_MAX_BYTES);
	char number[FORMAT_SIZE], span[FORMAT_SIZE];

	for (int how = 0; how < FOUND_HOW_COUNT; how++) {
		if (query->found[how] == 0)
			continue;
		format_count(query->found[how], number);
		buf_printf(&ways, "%s%s %s", ways.len ? ", " : "", number, how_words[how]);
	}
	if (!buf_ok(&ways, err))
		return false;
	write_text(w, "ways", ways.len ? buf_text(&ways) : NULL);
	format_span(llround(query->delay_s), span);
	write_text(w, "delay", query->delay_s > 0 ? span : NULL);
	page_write_counted(w, "searches", query->searches_day == quota_day_start(now) ? query->searches : 0, "search today",
	                   "searches today");
	return true;
}

static void write_actions(struct app *app, struct writer *w, const struct query *query, bool choose)
{
	bool active = query->entry_state == ENTRY_ACTIVE;

	write_object(w, "actions");
	write_link_id(w, app, "url", "/queries/", query->id);
	write_text(w, "about", query_name(query));
	if (choose)
		write_int(w, "choose", query->id);
	else
		write_null(w, "choose");
	write_array(w, "buttons");
	page_add_button(w, query_action_name(active ? QUERY_PAUSE : QUERY_RESUME), active ? "Pause" : "Resume", query_name(query),
	                false);
	if (query->source == QUERY_SOURCE_SEARCH)
		page_add_button(w, query_action_name(query->follow_channels ? QUERY_UNFOLLOW : QUERY_FOLLOW),
		                query->follow_channels ? "Unfollow channels" : "Follow channels", query_name(query), false);
	page_add_button(w, query_action_name(QUERY_REMOVE), "Remove", query_name(query), true);
	write_end(w);
	write_end(w);
}

bool query_row_write(struct app *app, struct writer *w, const struct query *query, enum query_row_use use, struct error *err)
{
	char id[NUMBER_SIZE];

	snprintf(id, sizeof(id), "%lld", (long long)query->id);
	write_object(w, NULL);
	write_text(w, "query", query_name(query));
	write_bool(w, "alone", use == ROW_ALONE);
	write_text(w, "text", query->settings.label ? query->text : NULL);
	write_text(w, "group", query->settings.group);
	write_text(w, "priority", query->settings.priority ? query_priority_name(query->settings.priority) : NULL);
	page_write_minute(w, "ends", query->period == PERIOD_AFTER ? 0 : query->settings.ends_at);
	write_bool(w, "is_channel", query->source == QUERY_SOURCE_CHANNEL);
	page_write_counted(w, "videos", query->videos, "video", "videos");
	page_write_number(w, "today", query->videos_today);
	write_state(w, query);
	write_trouble(w, query);
	write_times(app, w, query);
	if (!write_ways(w, query, app_now(app), err))
		return false;
	query_write_coverage(app, w, query);
	write_link_parameter(w, app, "url", "/", "tracked", id);
	if (use != ROW_FOR_VISITORS)
		write_actions(app, w, query, use == ROW_TO_CHOOSE);
	else
		write_null(w, "actions");
	if (!day_bars_write(app, w, "chart", query->id, app_now(app), err))
		return false;
	write_end(w);
	return true;
}
