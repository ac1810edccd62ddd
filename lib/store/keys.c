#include "store/keys.h"

#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"
#include "store/managed.h"

enum { REFUSALS_MAX = 5, REFUSED_FOR_S = SECONDS_PER_HOUR };

enum key_statement {
	KEY_LIST,
	KEY_GET,
	KEY_EXISTS,
	KEY_FIND,
	KEY_MANAGED,
	KEY_INSERT,
	KEY_REVIVE,
	KEY_SET_MANAGED,
	KEY_SET_POSITION,
	KEY_SET_STATE,
	KEY_RENEW,
	KEY_SET_HEALTH,
	KEY_RETRY,
	KEY_REFUSED,
	KEY_REFUSALS,
	KEY_SET_LABEL,
	PROJECT_INSERT,
};

/* Of both buckets, in the order of enum bucket, the owner's limits and then the reported ones. */
#define KEY_ROW(FIRST, NEXT)                                                                                                     \
	FIRST(KEY_COL_ID, "k.id")                                                                                                \
	NEXT(KEY_COL_SECRET, "k.secret")                                                                                         \
	NEXT(KEY_COL_LABEL, "k.label")                                                                                           \
	NEXT(KEY_COL_ORIGIN, "k.origin")                                                                                         \
	NEXT(KEY_COL_STATE, "k.entry_state")                                                                                     \
	NEXT(KEY_COL_IN_CONFIG, "k.in_config")                                                                                   \
	NEXT(KEY_COL_HEALTH, "k.health")                                                                                         \
	NEXT(KEY_COL_REASON, "k.reason")                                                                                         \
	NEXT(KEY_COL_PROJECT, "k.project")                                                                                       \
	NEXT(KEY_COL_PROJECT_NUMBER, "p.number")                                                                                 \
	NEXT(KEY_COL_CREATED_AT, "k.created_at")                                                                                 \
	NEXT(KEY_COL_USED_AT, "k.used_at")                                                                                       \
	NEXT(KEY_COL_LIMIT, "p.searches_per_day")                                                                                \
	NEXT(KEY_COL_UNITS_LIMIT, "p.units_per_day")                                                                             \
	NEXT(KEY_COL_REPORTED, "p.searches_reported")                                                                            \
	NEXT(KEY_COL_UNITS_REPORTED, "p.units_reported")                                                                         \
	NEXT(KEY_COL_REFUSALS, "k.refusals")

enum { POSITIONS(KEY_ROW) };

#define KEY_COLUMNS COLUMNS(KEY_ROW)
#define KEY_TABLES " FROM api_key k JOIN project p ON p.id = k.project "

#define POSITION_LAST "1000000"

static const char *const sql[] = {
    [KEY_LIST] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.entry_state <> " SQL_REMOVED " ORDER BY k.position, k.id",
    [KEY_GET] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.id = ?1 AND k.entry_state <> " SQL_REMOVED,
    [KEY_EXISTS] = "SELECT 1 FROM api_key WHERE entry_state <> " SQL_REMOVED " LIMIT 1",
    [KEY_FIND] = "SELECT " MANAGED_COLUMNS " FROM api_key WHERE secret = ?1",
    [KEY_MANAGED] = "SELECT " MANAGED_COLUMNS ", secret FROM api_key ORDER BY id",
    /* Keys that the owner adds are tried after those that the variable lists. */
    [KEY_INSERT] = "INSERT INTO api_key (secret, label, origin, entry_state, in_config, health, project, position, created_at)"
		   " VALUES (?1, ?2, ?3, " SQL_ACTIVE ", ?4, " SQL_KEY_NEW ", ?5, " POSITION_LAST ", ?6) RETURNING id",
    [KEY_REVIVE] = "UPDATE api_key SET entry_state = " SQL_ACTIVE ", origin = ?2, label = ?3, health = " SQL_KEY_NEW ","
		   " reason = NULL, refusals = 0, position = " POSITION_LAST " WHERE id = ?1",
    [KEY_SET_MANAGED] = "UPDATE api_key SET entry_state = ?2, origin = ?3, in_config = ?4,"
			" health = CASE WHEN " IS_RESUMED " THEN " SQL_KEY_NEW " ELSE health END,"
			" reason = CASE WHEN " IS_RESUMED " THEN NULL ELSE reason END WHERE id = ?1",
    [KEY_SET_POSITION] = "UPDATE api_key SET position = ?2 WHERE secret = ?1 AND position <> ?2",
    [KEY_SET_STATE] = "UPDATE api_key SET entry_state = ?2 WHERE id = ?1 AND entry_state <> " SQL_REMOVED,
    [KEY_RENEW] = "UPDATE api_key SET health = " SQL_KEY_NEW ", reason = NULL, refusals = 0 WHERE id = ?1",
    [KEY_SET_HEALTH] = "UPDATE api_key SET health = ?2, reason = ?3, judged_at = ?4, refusals = 0 WHERE id = ?1",
    [KEY_RETRY] = "UPDATE api_key SET health = " SQL_KEY_NEW " WHERE health IN (" SQL_KEY_RESTRICTED ", " SQL_KEY_API_OFF ")"
		  " AND entry_state = " SQL_ACTIVE " AND judged_at < ?1",
    /* The same request again is no further sign against the key. */
    [KEY_REFUSED] = "UPDATE api_key SET refused_since = CASE WHEN refusals > 0 THEN refused_since ELSE ?3 END,"
		    " refusals = CASE WHEN refusals > 0 AND refused_request = ?2 THEN refusals ELSE refusals + 1 END,"
		    " refused_request = ?2 WHERE id = ?1",
    [KEY_REFUSALS] = "SELECT refusals, refused_since FROM api_key WHERE id = ?1",
    [KEY_SET_LABEL] = "UPDATE api_key SET label = ?2 WHERE id = ?1 AND entry_state <> " SQL_REMOVED,
    [PROJECT_INSERT] = "INSERT INTO project (number) VALUES (NULL) RETURNING id",
};

const struct statements keys_statements = STATEMENTS(sql);

/* ---- reading ---- */

static bool read_key(struct store *store, struct statement *row, const struct quota_defaults *defaults, int64_t now,
                     struct key *out, struct error *err)
{
	AUTO(key_clear)
	struct key key = {
	    .id = column_int(row, KEY_COL_ID),
	    .origin = (enum origin)column_int(row, KEY_COL_ORIGIN),
	    .entry_state = (enum entry_state)column_int(row, KEY_COL_STATE),
	    .in_config = column_int(row, KEY_COL_IN_CONFIG) != 0,
	    .health = (enum key_health)column_int(row, KEY_COL_HEALTH),
	    .project = {.id = column_int(row, KEY_COL_PROJECT)},
	    .created_at = column_int(row, KEY_COL_CREATED_AT),
	    .used_at = column_int(row, KEY_COL_USED_AT),
	    .refusals = column_int(row, KEY_COL_REFUSALS),
	};

	strncpy(key.secret, column_text(row, KEY_COL_SECRET), sizeof(key.secret) - 1);
	strncpy(key.project.number, column_text(row, KEY_COL_PROJECT_NUMBER), sizeof(key.project.number) - 1);
	if (!column_copy(row, KEY_COL_LABEL, &key.label, err) || !column_copy(row, KEY_COL_REASON, &key.reason, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		struct limit limit = {.owner = column_int_or(row, KEY_COL_LIMIT + (int)bucket, KEY_LIMIT_DEFAULT),
		                      .reported = column_int_or(row, KEY_COL_REPORTED + (int)bucket, KEY_LIMIT_DEFAULT),
		                      .configured = defaults->per_day[bucket]};

		if (!ledger_read(store, key.project.id, bucket, &limit, now, &key.project.quota[bucket], err))
			return false;
	}
	*out = key;
	key = (struct key){0};
	return true;
}

static bool add_key(struct store *store, struct key_list *list, struct statement *row, const struct quota_defaults *defaults,
                    int64_t now, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	if (!read_key(store, row, defaults, now, &list->items[list->count], err))
		return false;
	list->count++;
	return true;
}

bool store_keys_list(struct store *store, const struct quota_defaults *defaults, int64_t now, struct key_list *out,
                     struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[KEY_LIST]);
	AUTO(key_list_clear) struct key_list keys = {0};
	bool row = true;

	while (row)
		if (!statement_step(list, &row, err) || (row && !add_key(store, &keys, list, defaults, now, err)))
			return false;
	*out = keys;
	keys = (struct key_list){0};
	return true;
}

bool store_key_get(struct store *store, int64_t id, const struct quota_defaults *defaults, int64_t now, struct key *out,
                   struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[KEY_GET]);

	bind_int(get, 1, id);
	return statement_row(get, "such key", err) && read_key(store, get, defaults, now, out, err);
}

bool store_keys_exist(struct store *store, bool *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[KEY_EXISTS]);

	return statement_step(get, out, err);
}

/* ---- which keys there are ---- */

static const struct managed_table table = {.sql = sql, .find = KEY_FIND, .all = KEY_MANAGED, .set = KEY_SET_MANAGED};

/* Inserts a key with a project of its own. */
static bool insert(struct store *store, const char *secret, const char *label, struct managed_entry entry, int64_t now,
                   int64_t *id, struct error *err)
{
	int64_t project;

	if (!statement_number(statement_use(store, sql[PROJECT_INSERT]), &project, err))
		return false;
	struct statement *statement = statement_use(store, sql[KEY_INSERT]);
	bind_text(statement, 1, secret);
	bind_text(statement, 2, label);
	bind_int(statement, 3, entry.origin);
	bind_int(statement, 4, entry.in_config);
	bind_int(statement, 5, project);
	bind_int(statement, 6, now);
	return statement_number(statement, id, err);
}

static bool revive(struct store *store, int64_t id, const char *label, struct error *err)
{
	struct statement *statement = statement_use(store, sql[KEY_REVIVE]);

	bind_int(statement, 1, id);
	bind_int(statement, 2, ORIGIN_OWNER);
	bind_text(statement, 3, label);
	return statement_run(statement, err);
}

static bool add(struct store *store, const char *secret, const char *label, int64_t now, int64_t *id, struct error *err)
{
	struct managed_entry known = {0};
	int64_t there;

	if (!managed_find(store, &table, secret, &there, &known, err))
		return false;
	if (there && known.entry_state != ENTRY_REMOVED)
		return error_set(err, ERR_CONFLICT, "this key is known already, as number %lld", (long long)there);
	if (!there)
		return insert(store, secret, label, (struct managed_entry){.origin = ORIGIN_OWNER}, now, id, err);
	*id = there;
	return revive(store, there, label, err);
}

bool store_key_add(struct store *store, const char *secret, const char *label, int64_t now, int64_t *id, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, add(store, secret, label, now, id, err), err);
}

static bool is_changed(struct store *store, struct error *err)
{
	return changed_rows(store) > 0 || error_set(err, ERR_NOT_FOUND, "no such key");
}

static bool set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	if (!statement_run_ints(store, sql[KEY_SET_STATE], INTS(id, entry_state), err) || !is_changed(store, err))
		return false;
	/* A key that is resumed is tried again. */
	return entry_state != ENTRY_ACTIVE || statement_run_ints(store, sql[KEY_RENEW], INTS(id), err);
}

bool store_key_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_state(store, id, entry_state, err), err);
}

static bool set_label(struct store *store, int64_t id, const char *label, struct error *err)
{
	struct statement *set = statement_use(store, sql[KEY_SET_LABEL]);

	bind_int(set, 1, id);
	bind_text(set, 2, label && *label ? label : NULL);
	return statement_run(set, err) && is_changed(store, err);
}

static bool change(struct store *store, int64_t id, const struct key_change *wanted, int64_t now, struct error *err)
{
	if (wanted->sets_state && !set_state(store, id, wanted->entry_state, err))
		return false;
	if (wanted->sets_label && !set_label(store, id, wanted->label, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++)
		if (wanted->sets_limit[bucket] && !ledger_set_limit(store, id, bucket, wanted->limit[bucket], now, err))
			return false;
	return true;
}

bool store_key_change(struct store *store, int64_t id, const struct key_change *wanted, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, change(store, id, wanted, now, err), err);
}

/* ---- what YouTube says of them ---- */

static bool set_health(struct store *store, int64_t id, enum key_health health, const char *reason, int64_t now,
                       struct error *err)
{
	struct statement *set = statement_use(store, sql[KEY_SET_HEALTH]);

	bind_int(set, 1, id);
	bind_int(set, 2, health);
	bind_text(set, 3, reason);
	bind_int(set, 4, now);
	return statement_run(set, err);
}

bool store_key_set_health(struct store *store, int64_t id, enum key_health health, const char *reason, int64_t now,
                          struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_health(store, id, health, reason, now, err), err);
}

/* One refusal without a reason says nothing, and so do many of one request; when every call fails for an hour, whatever it asks
 * for, it is the key. */
static bool refused(struct store *store, int64_t id, int64_t request, int64_t now, bool *disabled, struct error *err)
{
	if (!statement_run_ints(store, sql[KEY_REFUSED], INTS(id, request, now), err))
		return false;
	AUTO(statement_done) struct statement *get = statement_use(store, sql[KEY_REFUSALS]);
	bind_int(get, 1, id);
	if (!statement_row(get, "such key", err))
		return false;
	*disabled = column_int(get, 0) >= REFUSALS_MAX && now - column_int(get, 1) >= REFUSED_FOR_S;
	return true;
}

bool store_key_refused(struct store *store, int64_t id, int64_t request, int64_t now, bool *disabled, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, refused(store, id, request, now, disabled, err), err);
}

bool store_keys_retry(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, statement_run_ints(store, sql[KEY_RETRY], INTS(before), err), err);
}

/* ---- the variable ---- */

static bool add_named(struct store *store, const char *secret, int64_t position, int64_t now, struct error *err)
{
	const struct managed_entry entry = {.origin = ORIGIN_ENVIRONMENT, .in_config = true};
	struct managed_entry known;
	int64_t id;

	if (!managed_find(store, &table, secret, &id, &known, err) || (!id && !insert(store, secret, NULL, entry, now, &id, err)))
		return false;
	struct statement *set = statement_use(store, sql[KEY_SET_POSITION]);
	bind_text(set, 1, secret);
	bind_int(set, 2, position);
	return statement_run(set, err);
}

static bool follow(struct store *store, const struct text_list *secrets, int64_t now, struct error *err)
{
	bool ignored;

	if (!managed_sync(store, &table, secrets, &ignored, err))
		return false;
	for (size_t i = 0; i < secrets->count; i++)
		if (!add_named(store, secrets->items[i], (int64_t)i, now, err))
			return false;
	return true;
}

bool store_keys_follow_variable(struct store *store, const struct text_list *secrets, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, follow(store, secrets, now, err), err);
}
