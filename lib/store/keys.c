#include "store/keys.h"

#include <string.h>

#include "base/list.h"
#include "base/timestamp.h"
#include "store/sqlite/connection.h"
#include "store/ledger.h"
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
	KEY_SET_HEALTH,
	KEY_RETRY,
	KEY_REFUSED,
	KEY_REFUSALS,
	KEY_SET_LABEL,
	PROJECT_INSERT,
};

#define KEY_COLUMNS                                                                                                              \
	"k.id, k.secret, k.label, k.origin, k.entry_state, k.in_config, k.health, k.reason, k.project, p.number, k.created_at, " \
	"k.used_at,"                                                                                                             \
	" p.searches_per_day, p.units_per_day, p.searches_told, p.units_told, k.refusals"
#define KEY_TABLES " FROM api_key k JOIN project p ON p.id = k.project "

static const char *const sql[] = {
    [KEY_LIST] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.entry_state <> 3 ORDER BY k.position, k.id",
    [KEY_GET] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.id = ?1 AND k.entry_state <> 3",
    [KEY_EXISTS] = "SELECT 1 FROM api_key WHERE entry_state <> 3 LIMIT 1",
    [KEY_FIND] = "SELECT id, origin, entry_state, in_config FROM api_key WHERE secret = ?1",
    [KEY_MANAGED] = "SELECT id, origin, entry_state, in_config, secret FROM api_key ORDER BY id",
    /* Keys that the owner adds are tried after those that the variable lists. */
    [KEY_INSERT] = "INSERT INTO api_key (secret, label, origin, entry_state, in_config, health, project, position, created_at)"
		   " VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, 1000000, ?6)",
    [KEY_REVIVE] =
	"UPDATE api_key SET entry_state = 0, origin = ?2, label = ?3, health = 0, reason = NULL, refusals = 0, position = 1000000"
	" WHERE id = ?1",
    [KEY_SET_MANAGED] =
	"UPDATE api_key SET origin = ?2, entry_state = ?3, in_config = ?4,"
	" health = iif(entry_state <> ?3 AND ?3 = 0, 0, health), reason = iif(entry_state <> ?3 AND ?3 = 0, NULL, reason)"
	" WHERE id = ?1",
    [KEY_SET_POSITION] = "UPDATE api_key SET position = ?2 WHERE secret = ?1 AND position <> ?2",
    /* A key that is resumed is tried again. */
    [KEY_SET_STATE] = "UPDATE api_key SET entry_state = ?2, health = iif(?2 = 0, 0, health), reason = iif(?2 = 0, NULL, reason),"
		      " refusals = iif(?2 = 0, 0, refusals) WHERE id = ?1 AND entry_state <> 3",
    [KEY_SET_HEALTH] = "UPDATE api_key SET health = ?2, reason = ?3, judged_at = ?4, refusals = 0 WHERE id = ?1",
    [KEY_RETRY] = "UPDATE api_key SET health = 0 WHERE health IN (4, 5) AND entry_state = 0 AND judged_at < ?1",
    /* The same request again is no further sign against the key. */
    [KEY_REFUSED] =
	"UPDATE api_key SET refused_since = iif(refusals, refused_since, ?3),"
	" refusals = iif(refusals AND refused_request = ?2, refusals, refusals + 1), refused_request = ?2 WHERE id = ?1",
    [KEY_REFUSALS] = "SELECT refusals, refused_since FROM api_key WHERE id = ?1",
    [KEY_SET_LABEL] = "UPDATE api_key SET label = ?2 WHERE id = ?1 AND entry_state <> 3",
    [PROJECT_INSERT] = "INSERT INTO project (number) VALUES (NULL)",
};

const struct statements keys_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum key_statement which)
{
	return db_use(store, NOUN_KEYS, (int)which);
}

static bool run2(struct store *store, enum key_statement which, int64_t first, int64_t second, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, first);
	db_bind_int(statement, 2, second);
	return db_run(store, statement, err);
}

/* ---- reading ---- */

static int64_t column_or(sqlite3_stmt *row, int column, int64_t otherwise)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? otherwise : sqlite3_column_int64(row, column);
}

static bool read_key(struct store *store, sqlite3_stmt *row, const struct quota_defaults *defaults, int64_t now, struct key *out,
                     struct error *err)
{
	AUTO(key_clear)
	struct key key = {
	    .id = sqlite3_column_int64(row, 0),
	    .origin = (enum origin)sqlite3_column_int(row, 3),
	    .entry_state = (enum entry_state)sqlite3_column_int(row, 4),
	    .in_config = sqlite3_column_int(row, 5),
	    .health = (enum key_health)sqlite3_column_int(row, 6),
	    .project = {.id = sqlite3_column_int64(row, 8)},
	    .created_at = sqlite3_column_int64(row, 10),
	    .used_at = sqlite3_column_int64(row, 11),
	    .refusals = sqlite3_column_int64(row, 16),
	};

	strncpy(key.secret, db_text(row, 1), sizeof(key.secret) - 1);
	strncpy(key.project.number, db_text(row, 9), sizeof(key.project.number) - 1);
	if (!db_copy(row, 2, &key.label, err) || !db_copy(row, 7, &key.reason, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		struct limit limit = {.owner = column_or(row, 12 + (int)bucket, LIMIT_UNKNOWN),
		                      .told = column_or(row, 14 + (int)bucket, LIMIT_UNKNOWN),
		                      .otherwise = defaults->per_day[bucket]};

		if (!ledger_read(store, key.project.id, bucket, &limit, now, &key.project.quota[bucket], err))
			return false;
	}
	*out = key;
	key = (struct key){0};
	return true;
}

static bool add_key(struct store *store, struct key_list *list, sqlite3_stmt *row, const struct quota_defaults *defaults,
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
	AUTO(db_done) sqlite3_stmt *list = use(store, KEY_LIST);
	AUTO(key_list_clear) struct key_list keys = {0};

	for (;;) {
		bool row = false;

		if (!db_step(store, list, &row, err))
			return false;
		if (!row)
			break;
		if (!add_key(store, &keys, list, defaults, now, err))
			return false;
	}
	*out = keys;
	keys = (struct key_list){0};
	return true;
}

bool store_key_get(struct store *store, int64_t id, const struct quota_defaults *defaults, int64_t now, struct key *out,
                   struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, KEY_GET);

	db_bind_int(get, 1, id);
	return db_row(store, get, "such key", err) && read_key(store, get, defaults, now, out, err);
}

bool store_keys_exist(struct store *store, bool *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, KEY_EXISTS);

	return db_step(store, get, out, err);
}

/* ---- which keys there are ---- */

static const struct managed_table table = {.noun = NOUN_KEYS, .find = KEY_FIND, .all = KEY_MANAGED, .set = KEY_SET_MANAGED};

/* Inserts a key with a project of its own. */
static bool insert(struct store *store, const char *secret, const char *label, struct managed_entry managed_entry, int64_t now,
                   int64_t *id, struct error *err)
{
	if (!db_run(store, use(store, PROJECT_INSERT), err))
		return false;
	int64_t project = sqlite3_last_insert_rowid(store->db);
	sqlite3_stmt *statement = use(store, KEY_INSERT);
	db_bind_text(statement, 1, secret);
	db_bind_text(statement, 2, label);
	db_bind_int(statement, 3, (int64_t)managed_entry.origin);
	db_bind_int(statement, 4, managed_entry.in_config);
	db_bind_int(statement, 5, project);
	db_bind_int(statement, 6, now);
	if (!db_run(store, statement, err))
		return false;
	*id = sqlite3_last_insert_rowid(store->db);
	return true;
}

static bool revive(struct store *store, int64_t id, const char *label, struct error *err)
{
	sqlite3_stmt *statement = use(store, KEY_REVIVE);

	db_bind_int(statement, 1, id);
	db_bind_int(statement, 2, ORIGIN_OWNER);
	db_bind_text(statement, 3, label);
	return db_run(store, statement, err);
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
	bool own = false;
	bool done = db_write_begin(store, &own, err) && add(store, secret, label, now, id, err);

	return db_write_end(store, own, done, err);
}

static bool is_changed(struct store *store, struct error *err)
{
	return sqlite3_changes(store->db) > 0 || error_set(err, ERR_NOT_FOUND, "no such key");
}

static bool set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	return run2(store, KEY_SET_STATE, id, (int64_t)entry_state, err) && is_changed(store, err);
}

bool store_key_set_state(struct store *store, int64_t id, enum entry_state entry_state, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && set_state(store, id, entry_state, err);

	return db_write_end(store, own, done, err);
}

static bool set_label(struct store *store, int64_t id, const char *label, struct error *err)
{
	sqlite3_stmt *set = use(store, KEY_SET_LABEL);

	db_bind_int(set, 1, id);
	db_bind_text(set, 2, label && *label ? label : NULL);
	return db_run(store, set, err) && is_changed(store, err);
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
	bool own = false;
	bool done = db_write_begin(store, &own, err) && change(store, id, wanted, now, err);

	return db_write_end(store, own, done, err);
}

bool store_key_set_health(struct store *store, int64_t id, enum key_health health, const char *reason, int64_t now,
                          struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *set = use(store, KEY_SET_HEALTH);
		db_bind_int(set, 1, id);
		db_bind_int(set, 2, (int64_t)health);
		db_bind_text(set, 3, reason);
		db_bind_int(set, 4, now);
		done = db_run(store, set, err);
	}
	return db_write_end(store, own, done, err);
}

/* YouTube has refused a call without a reason. One refusal says nothing, and so do many of one request; when every call fails for
 * an hour, whatever it asks for, it is the key. */
static bool refused(struct store *store, int64_t id, int64_t request, int64_t now, bool *set_aside, struct error *err)
{
	sqlite3_stmt *note = use(store, KEY_REFUSED);

	db_bind_int(note, 1, id);
	db_bind_int(note, 2, request);
	db_bind_int(note, 3, now);
	if (!db_run(store, note, err))
		return false;
	AUTO(db_done) sqlite3_stmt *get = use(store, KEY_REFUSALS);
	db_bind_int(get, 1, id);
	if (!db_row(store, get, "such key", err))
		return false;
	*set_aside = sqlite3_column_int64(get, 0) >= REFUSALS_MAX && now - sqlite3_column_int64(get, 1) >= REFUSED_FOR_S;
	return true;
}

bool store_key_refused(struct store *store, int64_t id, int64_t request, int64_t now, bool *set_aside, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && refused(store, id, request, now, set_aside, err);

	return db_write_end(store, own, done, err);
}

bool store_keys_retry(struct store *store, int64_t before, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *retry = use(store, KEY_RETRY);
		db_bind_int(retry, 1, before);
		done = db_run(store, retry, err);
	}
	return db_write_end(store, own, done, err);
}

/* ---- the variable ---- */

static bool add_named(struct store *store, const char *secret, int64_t position, int64_t now, struct error *err)
{
	struct managed_entry known;
	int64_t id;

	if (!managed_find(store, &table, secret, &id, &known, err))
		return false;
	if (!id &&
	    !insert(store, secret, NULL, (struct managed_entry){.origin = ORIGIN_ENVIRONMENT, .in_config = true}, now, &id, err))
		return false;
	sqlite3_stmt *set = use(store, KEY_SET_POSITION);
	db_bind_text(set, 1, secret);
	db_bind_int(set, 2, position);
	return db_run(store, set, err);
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
	bool own = false;
	bool done = db_write_begin(store, &own, err) && follow(store, secrets, now, err);

	return db_write_end(store, own, done, err);
}
