/* A tracked YouTube search: what is asked, its state, and which intervals of time are covered. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/coverage.h"
#include "model/doubt.h"
#include "model/origin.h"
#include "model/query_rules.h"
#include "model/video.h"

struct writer; /* base/json_writer.h */

/* Longest search text to track, in characters, and most of them. */
enum { QUERY_LENGTH_MAX = 200, QUERY_COUNT_MAX = 1000 };

/* So many of a query's gaps, the newest, are shown beside it. */
enum { QUERY_GAPS_SHOWN = 5 };

/* What YouTube leaves out of a search as unsuitable for the young: nothing, some, all of it. */
enum safe_search { SAFE_SEARCH_NONE, SAFE_SEARCH_MODERATE, SAFE_SEARCH_STRICT, SAFE_SEARCH_COUNT };

/* "none", "moderate", "strict", as YouTube calls them. */
const char *safe_search_name(enum safe_search safe_search);

/* Where a query has its videos from: YouTube's search, or the uploads of a channel. */
enum query_source { QUERY_SOURCE_SEARCH, QUERY_SOURCE_CHANNEL, QUERY_SOURCE_COUNT };

/* "search", "channel" */
const char *query_source_name(enum query_source source);

/* Searches that a query shares with others. */
struct scouts {
	double balance; /* new videos that they brought it, less what polls would have */
	int64_t end;    /* the query takes part in none before then */
};

/* Longest label, and longest name of a group, in characters. */
enum { QUERY_LABEL_MAX = 60 };

/* How many searches a query has beside others: a quarter of those of a normal one that brings as much, or four times as many. */
enum query_priority { PRIORITY_NORMAL, PRIORITY_LOW, PRIORITY_HIGH, PRIORITY_COUNT };

/* "normal", "low", "high" */
const char *query_priority_name(enum query_priority priority);

/* 1, 0.25, 4 */
double query_priority_weight(enum query_priority priority);

/* Videos on a page of YouTube's results, and the shortest window that should hold a page (seconds), however many videos a query brings. */
enum { SEARCH_PAGE_SIZE = 50, PAGE_MIN_S = 3600 };

/* How long a query's videos are kept: days since publication, or one of the first two. */
enum { QUERY_KEEP_DEFAULT = 0, QUERY_KEEP_ALL = -1, QUERY_KEEP_DAYS_MAX = 36500 };

/* What the owner says of a query. */
struct query_settings {
	char *label; /* what pages call it in place of its text; NULL = nothing else */
	char *group; /* that it is listed in; NULL = none */
	enum query_priority priority;
	int64_t starts_at; /* nothing is recorded for it before then, 0 = no such time, … */
	int64_t ends_at;   /* … and from then on; later than starts_at */
	int64_t keep_days; /* QUERY_KEEP_DEFAULT: as NEWSREEL_KEEP_DAYS says */
};

/* Where a moment lies. */
enum query_period { PERIOD_WITHIN, PERIOD_BEFORE, PERIOD_AFTER, PERIOD_COUNT };

/* "within", "before", "after" */
const char *query_period_name(enum query_period period);

enum query_period query_period_at(const struct query_settings *settings, int64_t now);

/* The part of the past that a query's coverage was extended to. */
struct backfill {
	int64_t since;
	int64_t until;     /* 0 = there is none */
	int64_t missing_s; /* what of it has not been read */
};

void query_settings_clear(struct query_settings *settings);

struct query {
	int64_t id;
	struct query_rules rules; /* which of its videos are shown */
	char *text;               /* as sent to YouTube: squeezed, not folded; of a channel its id or "@handle" */
	enum origin origin;
	enum entry_state entry_state;
	enum query_source source;
	bool follow_channels; /* videos whose title matches are taken from channels as well */
	struct query_settings settings;
	enum query_period period; /* as of now, when it was read */
	struct backfill backfill;
	bool in_config;
	int64_t created_at;
	int64_t posted_at;              /* when a visitor last posted it, else 0 */
	int64_t videos;                 /* a denormalised counter */
	int64_t videos_today;           /* published since midnight UTC */
	int64_t found[FOUND_HOW_COUNT]; /* of the videos, by the way that first found them for it: denormalised counters */
	double delay_s;                 /* from publication to recording, of the last fifty or so on average; 0 = unknown */
	int64_t newest_at;              /* publication time of the newest video found, 0 = none */
	int64_t attempted_at;           /* last search call, 0 = never */
	int64_t succeeded_at;           /* last search call that succeeded, 0 = never */
	int64_t next_poll_at;           /* as planned in the last run, 0 = as soon as possible */
	int64_t covered_since;          /* publication times from here … */
	int64_t covered_until;          /* … to here are read, but for the gaps; 0 = nothing yet */
	int64_t kept_since;             /* videos from before are removed, 0 = none is; coverage begins there at the earliest */
	int64_t failures;               /* in a row */
	char *error;                    /* of the last call, NULL when it succeeded */
	int64_t empties;                /* empty answers in a row */
	int64_t searches;               /* made for it on the Pacific day that begins at */
	int64_t searches_day;
	double rate;          /* videos a day, as far as polls can tell; 0 = unknown */
	int64_t scouted_at;   /* last search that it shared with other queries, 0 = never */
	struct scouts scouts; /* these searches */
	int64_t gaps_count;   /* what of it has not been read: a denormalised counter … */
	int64_t missing_s;    /* … and how many seconds that is, another one */
	double unconfirmed;   /* videos that were to be found in what has been read, and may not have been, as is estimated */
	int64_t doubted_at[DOUBT_COUNT]; /* when an answer was doubted, on the UTC day of now or the one before; 0 = none was */
	struct coverage gaps;            /* the newest of them, newest first, where they were asked for (store/queries.h) */
	struct coverage coverage;        /* all of it; filled for those to poll only */
};

void query_clear(struct query *query);

struct query_list {
	struct query *items;
	size_t count;
};

void query_list_clear(struct query_list *list);

/* The query with ID, NULL when it is not there. Borrowed. */
const struct query *query_list_find(const struct query_list *list, int64_t id);

/* Whether it is active, and now is within its time. */
bool query_is_polled(const struct query *query);

/* How many are polled. */
int64_t query_list_active(const struct query_list *list);

/* Whether an answer was doubted lately. */
bool query_is_doubted(const struct query *query);

/* The member `doubts`: a sentence for each. */
void query_write_doubts(struct writer *w, const struct query *query);

/* Videos that polls of QUERY read in a day: the new ones, and those that overlapping windows show again. */
double query_videos_a_day(const struct query *query);

/* Seconds of publication time whose videos fill a page of QUERY's results, and a fifth more; less than a page where pages lately came
 * without order, so that only whole answers count; 0 = its rate is unknown. */
int64_t query_page_s(const struct query *query);

/* What pages call it. Borrowed. */
const char *query_name(const struct query *query);

/* "active" or "paused"; removed queries are never shown. */
const char *query_state_name(const struct query *query);

/* Whether TEXT is a query: valid UTF-8 without control characters, 1 to QUERY_LENGTH_MAX characters when squeezed, one of which can be
 * seen. Errors: ERR_INVALID; ERR_UNPROCESSABLE for an address at YouTube that is not a channel's, with what to enter in its place; ERR_NO_MEMORY. */
MUST_USE bool query_check(const char *text, struct error *err);

/* TEXT as it is kept: squeezed, and what names a channel (youtube_url.h) in its shortest form. The caller's to free. Errors:
 * ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool query_tidy(const char *text, char **out, struct error *err);

/* Where a query of this text, as it is kept, has its videos from. */
enum query_source query_source_of(const char *text);

/* The settings as members: label, group, priority, starts_at, ends_at, keep_days. */
void query_settings_write(struct writer *w, const struct query_settings *settings);

/* The query as one object: id, query, source, state, origin, follow_channels, those of query_settings_write() and query_rules_write_json(), period, backfill {since, until, missing_seconds},  videos, videos_today, created_at, last_success_at, next_poll_at, covered_since, kept_since,
 * gaps_count, gaps [{from, to, reason}], unconfirmed, doubts [in words], error. FOR_OWNER: also what its rules exclude. */
void query_write_json(struct writer *w, const struct query *query, bool for_owner);

/* What the owner says of the query as one object: query, state, follow_channels, those of query_settings_write() and
 * query_rules_write_texts(). */
void query_write_settings_json(struct writer *w, const struct query *query, bool for_owner);
