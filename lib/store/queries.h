/* Tracked queries, with their coverage and gaps. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "base/text_list.h"
#include "model/query.h"
#include "store/store.h"

/* Which queries a list holds. Removed ones are in the last only. */
enum query_scope {
	QUERIES_PUBLIC,   /* all but visitors' */
	QUERIES_ACTIVE,   /* those to poll: not paused, nor outside of their time; visitors' too; with all of their coverage */
	QUERIES_VISITORS, /* visitors', the one that was posted last first: for the owner only */
	QUERIES_REMOVED   /* removed ones, visitors' too, that still have videos: for the owner only */
};

/* The queries by id, if not said otherwise. NOW decides what "today" is. Only those of QUERIES_ACTIVE come with gaps: with all of them. */
MUST_USE bool store_queries_list(struct store *store, enum query_scope scope, int64_t now, struct query_list *out,
                                 struct error *err);

/* Reads the newest QUERY_GAPS_SHOWN gaps of COUNT queries of a list. */
MUST_USE bool store_queries_read_gaps(struct store *store, struct query *queries, size_t count, struct error *err);

/* One public query, with its newest gaps as above. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_get(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err);

/* One query, be it a visitor's or a removed one: for the owner only. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_get_any(struct store *store, int64_t id, int64_t now, struct query *out, struct error *err);

/* The active query of this text, be it a visitor's. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_find(struct store *store, const char *text, int64_t now, struct query *out, struct error *err);

/* What store_query_add did. */
enum query_added { QUERY_ADDED, QUERY_RESUMED, QUERY_KNOWN };

/* Tracks TEXT (checked by query_check; squeezed here) for ORIGIN, ORIGIN_OWNER or ORIGIN_VISITOR. The same text again is
 * the same query: a removed or paused one is resumed with its coverage, a visitor's becomes the owner's, a visitor's post of a
 * visitor's renews its time. Errors: ERR_TOO_MANY above QUERY_COUNT_MAX queries; for a visitor also above VISITOR_LIMIT active
 * ones. */
MUST_USE bool store_query_add(struct store *store, const char *text, enum origin origin, int64_t visitor_limit, int64_t now,
                              int64_t *id, enum query_added *added, struct error *err);

/* Pauses, resumes or removes a query that is not removed yet. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err);

/* Whether the query, which is not removed, takes videos from channels. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_set_follow_channels(struct store *store, int64_t id, bool follow_channels, struct error *err);

/* Removes a visitor's query before its time, and all that only it found. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_query_drop(struct store *store, int64_t id, struct error *err);

/* Deletes up to LIMIT of the videos that the query found and no other but visitors'; *LEFT tells whether there may be more. For a removed
 * query. Its other matches go too, up to LIMIT at a time, and its coverage: tracked again, it begins anew. */
MUST_USE bool store_query_purge(struct store *store, int64_t id, int64_t limit, bool *left, struct error *err);

/* Takes over what NEWSREEL_QUERIES names (model/origin.h). With an empty list and no query in the database at all, DEFAULT_TEXT is
 * tracked, until the variable names others. */
MUST_USE bool store_queries_follow_variable(struct store *store, const struct text_list *texts, const char *default_text,
                                            int64_t now, struct error *err);

/* Removes visitors' queries that nobody posted since BEFORE, and all that only they found. */
MUST_USE bool store_queries_expire_visitors(struct store *store, int64_t before, struct error *err);
