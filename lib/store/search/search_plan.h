/*
 * Inside lib/store only: how a list of videos is best read. A filter becomes one scan or a union of two (search_statement.h); of the
 * candidate plans the one with the fewest keys is taken, which denormalised counters and the statistics of words tell.
 */
#pragma once

#include "search/search_text.h"
#include "store/search/search_estimate.h"
#include "store/search/search_statement.h"
#include "store/search/term_stats.h"
#include "store/video_search.h"

/* Keys, inclusive both. */
struct key_range {
	int64_t low, high;
};

/* Whether it is that of all keys. */
bool key_range_is_whole(struct key_range range);

struct search_plan {
	const struct video_filter *filter;
	struct key_range range;
	struct key_range recorded; /* of the numbers `recorded` (model/video.h) */
	struct scan first, second, third;
	enum length_class length; /* that the durations lie in */
	int64_t query_id;         /* tracked query, 0 = any */
	int64_t same_query_id;    /* the query whose text is the search text, 0 = none */
	bool of_visitor;          /* it is a visitor request, whose finds lie apart */
	int64_t channel;          /* our id, 0 = any */
	int64_t channel_videos;   /* denormalised counter */
	bool nothing;             /* no video can match */
	bool has_words;           /* search text decides: there is no denormalised counter */
	bool checks_row;          /* channels left out, kind, duration, language or time of recording decide: neither */
	struct search_text search;
	struct word_list words; /* that the last prefix stands for; none = the index itself finds them */
	bool some_words;        /* there are more of them */
	bool cheap_prefix;      /* those that the index itself finds are in few videos */
	int64_t matches;        /* that have the words, about and at most */
	struct estimate told;   /* how many videos the list has, as far as the statistics of its words tell */
	int64_t tokens;         /* of the search text: each costs time for each key */
	int64_t counted;        /* so many videos are counted, even if fewer keys are wanted */
	int64_t window;         /* a scan of matches may go over so many videos, of any kind; 0 = all */
	struct buf expression;  /* of the engine */
	struct buf phrases;     /* its phrases, when it is word by word */
};

void search_plan_clear(struct search_plan *plan);

enum plan_flag {
	PLAN_BY_RELEVANCE = 1, /* matches are to be weighed: the full-text index is scanned if there are words */
	PLAN_PUBLIC_ONLY = 4,  /* without what only visitors' requests found */
	PLAN_SOME_WORDS = 2    /* the newest matches are wanted: a prefix may stand for its most frequent words first */
};

/* Plans the list of FILTER (borrowed). OUT is to be cleared in every case. */
MUST_USE bool search_plan_make(struct store *store, const struct video_filter *filter, unsigned flags, struct search_plan *out,
                               struct error *err);

/* Adds the words of the prefix that may be in videos with keys of SINCE and above; all, where those are many. *CHANGED tells whether there
 * are any. */
MUST_USE bool search_plan_add_words(struct store *store, struct search_plan *plan, int64_t since, bool *changed,
                                    struct error *err);

/* Lets the prefix stand for all of its words. */
MUST_USE bool search_plan_take_all_words(struct store *store, struct search_plan *plan, struct error *err);

/* Of the statement for RESULT within RANGE (which is of plan->recorded where the plan is in that order), and all that it needs; LIMIT is
 * PARAMETER_LIMIT, 0 = none. */
struct statement_shape search_plan_shape(const struct search_plan *plan, enum list_result result, struct key_range range);
void search_plan_bind(const struct search_plan *plan, struct key_range range, int64_t limit, struct statement *statement);

/* Makes the plan one scan in the order of recording: of the public videos that it has, all in all. False in *POSSIBLE, and the plan stays,
 * when the last word is a prefix of too many words to look for in each video. */
MUST_USE bool search_plan_by_recorded(struct store *store, struct search_plan *plan, bool *possible, struct error *err);

/* Whether every key of the scans passes. */
bool search_plan_all_pass(const struct search_plan *plan);

/* Whether videos are counted by day for exactly this list, but for its range. */
bool search_plan_has_days(const struct search_plan *plan);

/* The denormalised counter of a query's videos. */
MUST_USE bool search_query_videos(struct store *store, int64_t id, int64_t *out, struct error *err);

/* ---- of the engine, which has the full-text index ---- */

/* Writes the plan's expression, and its phrases where the plan is to check these. */
MUST_USE bool search_write_expression(struct store *store, struct search_plan *plan, struct error *err);

/* Narrows a plan whose words are in so many videos (plan->matches) that their scan would take too long. */
MUST_USE bool search_limit_matches(struct store *store, struct search_plan *plan, struct error *err);
