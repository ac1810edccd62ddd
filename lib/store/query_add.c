/* Which queries are tracked: by the owner, by visitors, by NEWSREEL_QUERIES. */
#include "store/queries.h"

#include "base/unicode.h"
#include "base/text.h"
#include "store/internal.h"
#include "store/managed.h"

enum query_add_statement {
	QUERY_FIND,
	QUERY_MANAGED,
	QUERY_COUNTS,
	QUERY_INSERT,
	QUERY_SET_MANAGED,
	QUERY_SET_POSTED,
	QUERY_SET_STATE,
	QUERY_SET_FOLLOW_CHANNELS,
	QUERY_DROP,
	QUERY_EXPIRE,
};

/* A query that is resumed is polled at once. */
#define POLL_IF_RESUMED                                                                                                          \
	" next_poll_at = CASE WHEN " IS_RESUMED " THEN 0 ELSE next_poll_at END,"                                                 \
	" failures = CASE WHEN " IS_RESUMED " THEN 0 ELSE failures END"

static const char *const sql[] = {
    [QUERY_FIND] = "SELECT " MANAGED_COLUMNS " FROM query WHERE folded = ?1",
    [QUERY_MANAGED] = "SELECT " MANAGED_COLUMNS ", folded FROM query ORDER BY id",
    [QUERY_COUNTS] = "SELECT count(*), count(*) FILTER (WHERE entry_state <> " SQL_REMOVED "),"
		     " count(*) FILTER (WHERE entry_state = " SQL_ACTIVE " AND origin = " SQL_VISITOR ") FROM query",
    [QUERY_INSERT] = "INSERT INTO query (text, folded, origin, entry_state, in_config, created_at, posted_at, source)"
		     " VALUES (?1, ?2, ?3, " SQL_ACTIVE ", ?4, ?5, ?6, ?7) RETURNING id",
    [QUERY_SET_MANAGED] = "UPDATE query SET entry_state = ?2, origin = ?3, in_config = ?4," POLL_IF_RESUMED " WHERE id = ?1",
    [QUERY_SET_POSTED] = "UPDATE query SET posted_at = ?2 WHERE id = ?1",
    [QUERY_SET_STATE] = "UPDATE query SET entry_state = ?2," POLL_IF_RESUMED " WHERE id = ?1 AND entry_state <> " SQL_REMOVED
			" AND origin <> " SQL_VISITOR,
    [QUERY_SET_FOLLOW_CHANNELS] =
	"UPDATE query SET follow_channels = ?2 WHERE id = ?1 AND entry_state <> " SQL_REMOVED " AND origin <> " SQL_VISITOR,
    [QUERY_DROP] = "UPDATE query SET entry_state = " SQL_REMOVED " WHERE id = ?1 AND origin = " SQL_VISITOR
		   " AND entry_state <> " SQL_REMOVED,
    [QUERY_EXPIRE] = "UPDATE query SET entry_state = " SQL_REMOVED " WHERE origin = " SQL_VISITOR
		     " AND entry_state <> " SQL_REMOVED " AND posted_at < ?1",
};

const struct statements query_add_statements = STATEMENTS(sql);

static const struct managed_table table = {.sql = sql, .find = QUERY_FIND, .all = QUERY_MANAGED, .set = QUERY_SET_MANAGED};

static bool insert(struct store *store, const char *text, const char *folded, struct managed_entry entry, int64_t now,
                   int64_t *id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[QUERY_INSERT]);

	bind_text(statement, 1, text);
	bind_text(statement, 2, folded);
	bind_int(statement, 3, entry.origin);
	bind_int(statement, 4, entry.in_config);
	bind_int(statement, 5, now);
	bind_int(statement, 6, entry.origin == ORIGIN_VISITOR ? now : 0);
	bind_int(statement, 7, query_source_of(text));
	return statement_number(statement, id, err) && query_change(store, *id, err);
}

struct counts {
	int64_t all, present, visitors; /* removed ones too; without them; active ones of visitors */
};

static bool count(struct store *store, struct counts *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[QUERY_COUNTS]);

	if (!statement_row(get, "counts", err))
		return false;
	*out = (struct counts){.all = column_int(get, 0), .present = column_int(get, 1), .visitors = column_int(get, 2)};
	return true;
}

/* Whether one more query may be tracked. */
static bool has_room(struct store *store, enum origin origin, int64_t visitor_limit, struct error *err)
{
	struct counts counts;

	if (!count(store, &counts, err))
		return false;
	if (counts.present >= QUERY_COUNT_MAX)
		return error_set(err, ERR_TOO_MANY, "there are %d queries already, as many as there may be", QUERY_COUNT_MAX);
	if (origin == ORIGIN_VISITOR && counts.visitors >= visitor_limit)
		return error_set(err, ERR_TOO_MANY,
		                 "%lld searches of visitors are recorded already, as many as there may be: try again later",
		                 (long long)visitor_limit);
	return true;
}

static bool set_posted(struct store *store, int64_t id, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[QUERY_SET_POSTED], INTS(id, now), err);
}

/* What adding ORIGIN's text does to a query that is there already. */
static bool resume(struct store *store, int64_t id, struct managed_entry known, enum origin origin, int64_t visitor_limit,
                   int64_t now, enum query_added *added, struct error *err)
{
	bool removed = known.entry_state == ENTRY_REMOVED;
	bool visitors = known.origin == ORIGIN_VISITOR;

	*added = QUERY_KNOWN;
	if (origin == ORIGIN_VISITOR) {
		if (!removed)
			return !visitors || set_posted(store, id, now, err);
		if (!has_room(store, origin, visitor_limit, err) || !set_posted(store, id, now, err))
			return false;
	} else if (known.entry_state == ENTRY_ACTIVE && !visitors) {
		return true;
	} else if (removed && !has_room(store, origin, visitor_limit, err)) {
		return false;
	}
	*added = QUERY_RESUMED;
	known.entry_state = ENTRY_ACTIVE;
	if (removed || visitors)
		known.origin = origin;
	return managed_set(store, &table, id, known, err) && visitors_publish_taken_over(store, now, err) &&
	       followed_look_again(store, id, err) && query_change(store, id, err);
}

static bool add(struct store *store, const char *text, const char *folded, enum origin origin, int64_t visitor_limit, int64_t now,
                int64_t *id, enum query_added *added, struct error *err)
{
	struct managed_entry known = {0};

	if (!managed_find(store, &table, folded, id, &known, err))
		return false;
	if (*id)
		return resume(store, *id, known, origin, visitor_limit, now, added, err);
	*added = QUERY_ADDED;
	return has_room(store, origin, visitor_limit, err) &&
	       insert(store, text, folded, (struct managed_entry){.origin = origin}, now, id, err);
}

bool store_query_add(struct store *store, const char *text, enum origin origin, int64_t visitor_limit, int64_t now, int64_t *id,
                     enum query_added *added, struct error *err)
{
	AUTO(text_free) char *tidy = NULL;
	AUTO(text_free) char *folded = NULL;

	return query_tidy(text, &tidy, err) && unicode_fold_text(tidy, &folded, err) && transaction_begin(store, err) &&
	       transaction_end(store, add(store, tidy, folded, origin, visitor_limit, now, id, added, err), err);
}

/* Runs WHICH, which changes the query that is the first of VALUES. */
static bool change(struct store *store, enum query_add_statement which, struct ints values, struct error *err)
{
	if (!statement_run_ints(store, sql[which], values, err))
		return false;
	if (!changed_rows(store))
		return error_set(err, ERR_NOT_FOUND, "no such query");
	return query_change(store, values.items[0], err);
}

static bool set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return change(store, QUERY_SET_STATE, INTS(id, entry_state), err) &&
	       (entry_state != ENTRY_ACTIVE || followed_look_again(store, id, err));
}

bool store_query_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_state(store, id, entry_state, err), err);
}

static bool set_follow_channels(struct store *store, int64_t id, bool follow_channels, struct error *err)
{
	return change(store, QUERY_SET_FOLLOW_CHANNELS, INTS(id, follow_channels), err) &&
	       (!follow_channels || followed_look_again(store, id, err));
}

bool store_query_set_follow_channels(struct store *store, int64_t id, bool follow_channels, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_follow_channels(store, id, follow_channels, err), err);
}

bool store_query_drop(struct store *store, int64_t id, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, change(store, QUERY_DROP, INTS(id), err) && visitors_purge(store, 0, err), err);
}

/* ---- the variable ---- */

static bool add_missing(struct store *store, const char *text, const char *folded, enum origin origin, int64_t now,
                        struct error *err)
{
	const struct managed_entry entry = {.origin = origin, .in_config = true};
	struct managed_entry known;
	int64_t id;

	if (!managed_find(store, &table, folded, &id, &known, err))
		return false;
	return id || (has_room(store, origin, 0, err) && insert(store, text, folded, entry, now, &id, err));
}

static bool follow(struct store *store, const struct text_list *texts, const struct text_list *folded, const char *default_text,
                   int64_t now, struct error *err)
{
	struct counts counts;
	bool changed;

	if (!count(store, &counts, err) || !managed_sync(store, &table, folded, &changed, err))
		return false;
	if (changed)
		public_change(store);
	if (changed && !visitors_publish_taken_over(store, now, err))
		return false;
	if (texts->count == 0 && counts.all == 0)
		return add_missing(store, default_text, default_text, ORIGIN_DEFAULT, now, err);
	for (size_t i = 0; i < texts->count; i++)
		if (!add_missing(store, texts->items[i], folded->items[i], ORIGIN_ENVIRONMENT, now, err))
			return error_wrap(err, "NEWSREEL_QUERIES");
	return true;
}

bool store_queries_follow_variable(struct store *store, const struct text_list *texts, const char *default_text, int64_t now,
                                   struct error *err)
{
	AUTO(text_list_clear) struct text_list tidy = {0};
	AUTO(text_list_clear) struct text_list folded = {0};

	for (size_t i = 0; i < texts->count; i++) {
		AUTO(text_free) char *text = NULL;
		AUTO(text_free) char *key = NULL;

		if (!query_tidy(texts->items[i], &text, err) || !text_list_add(&tidy, text, err) ||
		    !unicode_fold_text(text, &key, err) || !text_list_add(&folded, key, err))
			return false;
	}
	return transaction_begin(store, err) &&
	       transaction_end(store, follow(store, &tidy, &folded, default_text, now, err), err);
}

bool store_queries_expire_visitors(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store,
	                       statement_run_ints(store, sql[QUERY_EXPIRE], INTS(before), err) &&
	                           (!changed_rows(store) || visitors_change(store, err)) && visitors_purge(store, 0, err),
	                       err);
}
