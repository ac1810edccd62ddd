#include "store/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/pacific.h"
#include "base/timestamp.h"
#include "store/db.h"

enum { LEDGER_DAYS_KEPT = 40 };

enum key_statement {
	KEY_LIST,
	KEY_GET,
	KEY_EXISTS,
	KEY_FIND,
	KEY_LISTED,
	KEY_INSERT,
	KEY_REVIVE,
	KEY_SET_LISTED,
	KEY_SET_POSITION,
	KEY_SET_PRESENCE,
	KEY_SET_HEALTH,
	KEY_USED,
	KEY_PROJECT,
	KEY_MOVE_PROJECT,
	PROJECT_INSERT,
	PROJECT_OF_NUMBER,
	PROJECT_SET_NUMBER,
	PROJECT_SET_SEARCHES,
	PROJECT_SET_UNITS,
	PROJECT_LIMITS,
	PROJECT_DELETE,
	LEDGER_GET,
	LEDGER_CHARGE,
	LEDGER_SPENT,
	LEDGER_JOIN,
	LEDGER_PRUNE,
};

#define KEY_COLUMNS                                                                                                              \
	"k.id, k.secret, k.label, k.origin, k.presence, k.in_variable, k.health, k.reason, k.project, p.number, k.created_at, "  \
	"k.used_at,"                                                                                                             \
	" p.searches_per_day, p.units_per_day"
#define KEY_TABLES " FROM api_key k JOIN project p ON p.id = k.project "

static const char *const sql[] = {
    [KEY_LIST] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.presence <> 3 ORDER BY k.position, k.id",
    [KEY_GET] = "SELECT " KEY_COLUMNS KEY_TABLES "WHERE k.id = ?1 AND k.presence <> 3",
    [KEY_EXISTS] = "SELECT 1 FROM api_key WHERE presence <> 3 LIMIT 1",
    [KEY_FIND] = "SELECT id, origin, presence, in_variable FROM api_key WHERE secret = ?1",
    [KEY_LISTED] = "SELECT id, origin, presence, in_variable, secret FROM api_key ORDER BY id",
    /* Keys that the owner adds are tried after those that the variable lists. */
    [KEY_INSERT] = "INSERT INTO api_key (secret, label, origin, presence, in_variable, health, project, position, created_at)"
		   " VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, 1000000, ?6)",
    [KEY_REVIVE] =
	"UPDATE api_key SET presence = 0, origin = ?2, label = ?3, health = 0, reason = NULL, position = 1000000 WHERE id = ?1",
    [KEY_SET_LISTED] =
	"UPDATE api_key SET origin = ?2, presence = ?3, in_variable = ?4,"
	" health = iif(presence <> ?3 AND ?3 = 0, 0, health), reason = iif(presence <> ?3 AND ?3 = 0, NULL, reason)"
	" WHERE id = ?1",
    [KEY_SET_POSITION] = "UPDATE api_key SET position = ?2 WHERE secret = ?1 AND position <> ?2",
    /* A key that is resumed is tried again. */
    [KEY_SET_PRESENCE] = "UPDATE api_key SET presence = ?2, health = iif(?2 = 0, 0, health), reason = iif(?2 = 0, NULL, reason)"
			 " WHERE id = ?1 AND presence <> 3",
    [KEY_SET_HEALTH] = "UPDATE api_key SET health = ?2, reason = ?3 WHERE id = ?1",
    [KEY_USED] = "UPDATE api_key SET used_at = ?2 WHERE id = ?1",
    [KEY_PROJECT] = "SELECT project FROM api_key WHERE id = ?1",
    [KEY_MOVE_PROJECT] = "UPDATE api_key SET project = ?2 WHERE project = ?1",
    [PROJECT_INSERT] = "INSERT INTO project (number) VALUES (NULL)",
    [PROJECT_OF_NUMBER] = "SELECT id FROM project WHERE number = ?1",
    [PROJECT_SET_NUMBER] = "UPDATE project SET number = ?2 WHERE id = ?1",
    [PROJECT_SET_SEARCHES] = "UPDATE project SET searches_per_day = ?2 WHERE id = ?1",
    [PROJECT_SET_UNITS] = "UPDATE project SET units_per_day = ?2 WHERE id = ?1",
    [PROJECT_LIMITS] = "SELECT searches_per_day, units_per_day FROM project WHERE id = ?1",
    [PROJECT_DELETE] = "DELETE FROM project WHERE id = ?1",
    [LEDGER_GET] = "SELECT used, spent_until FROM ledger WHERE project = ?1 AND bucket = ?2 AND day = ?3",
    [LEDGER_CHARGE] = "INSERT INTO ledger (project, bucket, day, used) VALUES (?1, ?2, ?3, 1)"
		      " ON CONFLICT DO UPDATE SET used = used + 1",
    /* YouTube's word counts more than ours: what it refuses is used up. */
    [LEDGER_SPENT] = "INSERT INTO ledger (project, bucket, day, used, spent_until) VALUES (?1, ?2, ?3, ?4, ?5)"
		     " ON CONFLICT DO UPDATE SET used = max(used, ?4), spent_until = ?5",
    [LEDGER_JOIN] =
	"INSERT INTO ledger (project, bucket, day, used, spent_until)"
	" SELECT ?2, bucket, day, used, spent_until FROM ledger WHERE project = ?1"
	" ON CONFLICT DO UPDATE SET used = max(used, excluded.used), spent_until = max(spent_until, excluded.spent_until)",
    [LEDGER_PRUNE] = "DELETE FROM ledger WHERE day < ?1",
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

static bool read_quota(struct store *store, int64_t project, enum bucket bucket, int64_t limit, int64_t now, struct quota *out,
                       struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, LEDGER_GET);
	bool row = false;

	db_bind_int(get, 1, project);
	db_bind_int(get, 2, (int64_t)bucket);
	db_bind_int(get, 3, pacific_day(now));
	if (!db_step(store, get, &row, err))
		return false;
	*out = (struct quota){.limit = limit};
	if (row) {
		out->used = sqlite3_column_int64(get, 0);
		out->spent_until = sqlite3_column_int64(get, 1);
	}
	return true;
}

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
	    .presence = (enum presence)sqlite3_column_int(row, 4),
	    .in_variable = sqlite3_column_int(row, 5),
	    .health = (enum key_health)sqlite3_column_int(row, 6),
	    .project_id = sqlite3_column_int64(row, 8),
	    .created_at = sqlite3_column_int64(row, 10),
	    .used_at = sqlite3_column_int64(row, 11),
	};

	strncpy(key.secret, db_text(row, 1), sizeof(key.secret) - 1);
	strncpy(key.project, db_text(row, 9), sizeof(key.project) - 1);
	if (!db_copy(row, 2, &key.label, err) || !db_copy(row, 7, &key.reason, err))
		return false;
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		int64_t limit = column_or(row, 12 + (int)bucket, defaults->per_day[bucket]);

		if (!read_quota(store, key.project_id, bucket, limit, now, &key.quota[bucket], err))
			return false;
	}
	*out = key;
	key = (struct key){0};
	return true;
}

static bool add_key(struct store *store, struct key_list *list, sqlite3_stmt *row, const struct quota_defaults *defaults,
                    int64_t now, struct error *err)
{
	struct key *items = realloc(list->items, (list->count + 1) * sizeof(*items));

	if (!items)
		return error_no_memory(err);
	list->items = items;
	if (!read_key(store, row, defaults, now, &items[list->count], err))
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

static struct listed read_listed(sqlite3_stmt *row)
{
	return (struct listed){.origin = (enum origin)sqlite3_column_int(row, 1),
	                       .presence = (enum presence)sqlite3_column_int(row, 2),
	                       .in_variable = sqlite3_column_int(row, 3)};
}

static bool find(struct store *store, const char *secret, int64_t *id, struct listed *listed, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, KEY_FIND);
	bool row = false;

	db_bind_text(get, 1, secret);
	if (!db_step(store, get, &row, err))
		return false;
	*id = row ? sqlite3_column_int64(get, 0) : 0;
	if (row)
		*listed = read_listed(get);
	return true;
}

/* Inserts a key with a project of its own. */
static bool insert(struct store *store, const char *secret, const char *label, struct listed listed, int64_t now, int64_t *id,
                   struct error *err)
{
	if (!db_run(store, use(store, PROJECT_INSERT), err))
		return false;
	int64_t project = sqlite3_last_insert_rowid(store->db);
	sqlite3_stmt *statement = use(store, KEY_INSERT);
	db_bind_text(statement, 1, secret);
	db_bind_text(statement, 2, label);
	db_bind_int(statement, 3, (int64_t)listed.origin);
	db_bind_int(statement, 4, listed.in_variable);
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
	struct listed known = {0};
	int64_t there;

	if (!find(store, secret, &there, &known, err))
		return false;
	if (there && known.presence != PRESENCE_REMOVED)
		return error_set(err, ERR_CONFLICT, "this key is known already, as number %lld", (long long)there);
	if (!there)
		return insert(store, secret, label, (struct listed){.origin = ORIGIN_OWNER}, now, id, err);
	*id = there;
	return revive(store, there, label, err);
}

bool store_key_add(struct store *store, const char *secret, const char *label, int64_t now, int64_t *id, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && add(store, secret, label, now, id, err);

	return db_write_end(store, own, done, err);
}

bool store_key_set_presence(struct store *store, int64_t id, enum presence presence, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && run2(store, KEY_SET_PRESENCE, id, (int64_t)presence, err);

	if (done && sqlite3_changes(store->db) == 0)
		done = error_set(err, ERR_NOT_FOUND, "no such key");
	return db_write_end(store, own, done, err);
}

bool store_key_set_health(struct store *store, int64_t id, enum key_health health, const char *reason, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err);

	if (done) {
		sqlite3_stmt *set = use(store, KEY_SET_HEALTH);
		db_bind_int(set, 1, id);
		db_bind_int(set, 2, (int64_t)health);
		db_bind_text(set, 3, reason);
		done = db_run(store, set, err);
	}
	return db_write_end(store, own, done, err);
}

/* ---- the variable ---- */

static bool is_named(const struct text_list *secrets, const char *secret)
{
	for (size_t i = 0; i < secrets->count; i++)
		if (strcmp(secrets->items[i], secret) == 0)
			return true;
	return false;
}

static bool set_listed(struct store *store, int64_t id, struct listed listed, struct error *err)
{
	sqlite3_stmt *set = use(store, KEY_SET_LISTED);

	db_bind_int(set, 1, id);
	db_bind_int(set, 2, (int64_t)listed.origin);
	db_bind_int(set, 3, (int64_t)listed.presence);
	db_bind_int(set, 4, listed.in_variable);
	return db_run(store, set, err);
}

static bool follow_known(struct store *store, const struct text_list *secrets, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *all = use(store, KEY_LISTED);

	for (;;) {
		bool row = false;

		if (!db_step(store, all, &row, err))
			return false;
		if (!row)
			return true;
		struct listed before = read_listed(all);
		struct listed after = origin_after_look(before, is_named(secrets, db_text(all, 4)));
		if ((after.origin != before.origin || after.presence != before.presence ||
		     after.in_variable != before.in_variable) &&
		    !set_listed(store, sqlite3_column_int64(all, 0), after, err))
			return false;
	}
}

static bool add_named(struct store *store, const char *secret, int64_t position, int64_t now, struct error *err)
{
	struct listed known;
	int64_t id;

	if (!find(store, secret, &id, &known, err))
		return false;
	if (!id &&
	    !insert(store, secret, NULL, (struct listed){.origin = ORIGIN_ENVIRONMENT, .in_variable = true}, now, &id, err))
		return false;
	sqlite3_stmt *set = use(store, KEY_SET_POSITION);
	db_bind_text(set, 1, secret);
	db_bind_int(set, 2, position);
	return db_run(store, set, err);
}

static bool follow(struct store *store, const struct text_list *secrets, int64_t now, struct error *err)
{
	if (!follow_known(store, secrets, err))
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

/* ---- the ledger ---- */

static bool read_id(struct store *store, sqlite3_stmt *get, int64_t *id, struct error *err)
{
	bool row = false;
	bool done = db_step(store, get, &row, err);

	if (done)
		*id = row ? sqlite3_column_int64(get, 0) : 0;
	sqlite3_reset(get);
	return done;
}

static bool project_of_key(struct store *store, int64_t key_id, int64_t *project, struct error *err)
{
	sqlite3_stmt *get = use(store, KEY_PROJECT);

	db_bind_int(get, 1, key_id);
	return read_id(store, get, project, err) && (*project || error_set(err, ERR_NOT_FOUND, "no such key"));
}

static bool charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	int64_t project;

	if (!project_of_key(store, key_id, &project, err))
		return false;
	sqlite3_stmt *statement = use(store, LEDGER_CHARGE);
	db_bind_int(statement, 1, project);
	db_bind_int(statement, 2, (int64_t)bucket);
	db_bind_int(statement, 3, pacific_day(now));
	if (!db_run(store, statement, err))
		return false;
	sqlite3_stmt *prune = use(store, LEDGER_PRUNE);
	db_bind_int(prune, 1, now - (int64_t)LEDGER_DAYS_KEPT * SECONDS_PER_DAY);
	return db_run(store, prune, err) && run2(store, KEY_USED, key_id, now, err);
}

bool store_quota_charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && charge(store, key_id, bucket, now, err);

	return db_write_end(store, own, done, err);
}

/* Two projects turn out to be one: what was charged to either counts as the larger of both, since the truth is told by refusals.
 */
static bool join_projects(struct store *store, int64_t from, int64_t to, struct error *err)
{
	if (!run2(store, LEDGER_JOIN, from, to, err) || !run2(store, KEY_MOVE_PROJECT, from, to, err))
		return false;
	sqlite3_stmt *statement = use(store, PROJECT_DELETE);
	db_bind_int(statement, 1, from);
	return db_run(store, statement, err);
}

/* Notes Google's number of the key's project; *PROJECT becomes the one that has it. */
static bool learn_number(struct store *store, int64_t *project, const char *number, struct error *err)
{
	sqlite3_stmt *find_project = use(store, PROJECT_OF_NUMBER);
	int64_t known;

	db_bind_text(find_project, 1, number);
	if (!read_id(store, find_project, &known, err))
		return false;
	if (known == *project)
		return true;
	if (known) {
		int64_t from = *project;
		*project = known;
		return join_projects(store, from, known, err);
	}
	sqlite3_stmt *set = use(store, PROJECT_SET_NUMBER);
	db_bind_int(set, 1, *project);
	db_bind_text(set, 2, number);
	return db_run(store, set, err);
}

static bool spent(struct store *store, int64_t key_id, enum bucket bucket, const char *number, int64_t limit, int64_t now,
                  struct error *err)
{
	int64_t project;

	if (!project_of_key(store, key_id, &project, err) || (*number && !learn_number(store, &project, number, err)))
		return false;
	if (limit >= 0 && !run2(store, bucket == BUCKET_SEARCHES ? PROJECT_SET_SEARCHES : PROJECT_SET_UNITS, project, limit, err))
		return false;
	sqlite3_stmt *statement = use(store, LEDGER_SPENT);
	db_bind_int(statement, 1, project);
	db_bind_int(statement, 2, (int64_t)bucket);
	db_bind_int(statement, 3, pacific_day(now));
	db_bind_int(statement, 4, limit > 0 ? limit : 0);
	db_bind_int(statement, 5, pacific_reset(now));
	return db_run(store, statement, err);
}

bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number, int64_t limit,
                       int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && spent(store, key_id, bucket, project_number, limit, now, err);

	return db_write_end(store, own, done, err);
}
