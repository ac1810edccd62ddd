#include "store/ledger.h"

#include "model/quota_day.h"
#include "base/timestamp.h"
#include "store/sqlite/connection.h"
#include "store/keys.h"

/* A refusal for the day may be wrong (YouTube has been seen to answer again hours later): one call finds out. */
enum { LEDGER_DAYS_KEPT = 40, PROBE_AFTER_S = 4 * SECONDS_PER_HOUR };

enum ledger_statement {
	KEY_USED,
	KEY_PROJECT,
	KEY_MOVE_PROJECT,
	PROJECT_OF_NUMBER,
	PROJECT_SET_NUMBER,
	PROJECT_TOLD_SEARCHES,
	PROJECT_TOLD_UNITS,
	PROJECT_SET_SEARCHES,
	PROJECT_SET_UNITS,
	PROJECT_DELETE,
	LEDGER_GET,
	LEDGER_CHARGE,
	LEDGER_REFUND,
	LEDGER_SPENT,
	LEDGER_GOOD,
	LEDGER_DOUBT,
	LEDGER_JOIN,
	LEDGER_PRUNE,
};

static const char *const sql[] = {
    [KEY_USED] = "UPDATE api_key SET used_at = ?2 WHERE id = ?1",
    [KEY_PROJECT] = "SELECT project FROM api_key WHERE id = ?1",
    [KEY_MOVE_PROJECT] = "UPDATE api_key SET project = ?2 WHERE project = ?1",
    [PROJECT_OF_NUMBER] = "SELECT id FROM project WHERE number = ?1",
    [PROJECT_SET_NUMBER] = "UPDATE project SET number = ?2 WHERE id = ?1",
    [PROJECT_TOLD_SEARCHES] = "UPDATE project SET searches_told = ?2 WHERE id = ?1",
    [PROJECT_TOLD_UNITS] = "UPDATE project SET units_told = ?2 WHERE id = ?1",
    /* The owner's word is newer than what a refusal told. */
    [PROJECT_SET_SEARCHES] = "UPDATE project SET searches_per_day = ?2, searches_told = NULL WHERE id = ?1",
    [PROJECT_SET_UNITS] = "UPDATE project SET units_per_day = ?2, units_told = NULL WHERE id = ?1",
    [PROJECT_DELETE] = "DELETE FROM project WHERE id = ?1",
    [LEDGER_GET] = "SELECT used, spent_until, probe_at FROM ledger WHERE project = ?1 AND bucket = ?2 AND day = ?3",
    /* The first call of a day to a project that was told to have none is the probe of that day. */
    [LEDGER_CHARGE] = ("INSERT INTO ledger (project, bucket, day, used, spent_until)"
                       " SELECT id, ?2, ?3, 1, iif(0 = iif(?2 = 0, searches_told, units_told), ?5, 0) FROM project WHERE id = ?1"
                       " ON CONFLICT DO UPDATE SET used = used + 1, probe_at = iif(?4 >= probe_at, 0, probe_at)"),
    /* Of a refused project only the probe can have been charged: it may be made later. */
    [LEDGER_REFUND] = ("UPDATE ledger SET used = used - 1, probe_at = iif(spent_until > ?4, ?4, probe_at)"
                       " WHERE project = ?1 AND bucket = ?2 AND day = ?3 AND used > 0"),
    /* The first refusal allows a probe. What follows it is the refusal of the probe, or of a call that was under way. */
    [LEDGER_SPENT] = ("INSERT INTO ledger (project, bucket, day, used, spent_until, probe_at) VALUES (?1, ?2, ?3, 0, ?4, ?5)"
                      " ON CONFLICT DO UPDATE SET spent_until = ?4, probe_at = iif(spent_until, probe_at, ?5)"),
    [LEDGER_GOOD] = "UPDATE ledger SET spent_until = 0, probe_at = 0 WHERE project = ?1 AND bucket = ?2 AND day = ?3",
    [LEDGER_DOUBT] = "UPDATE ledger SET probe_at = ?4 WHERE project = ?1 AND bucket = ?2 AND day = ?3 AND spent_until > 0",
    [LEDGER_JOIN] =
	"INSERT INTO ledger (project, bucket, day, used, spent_until, probe_at)"
	" SELECT ?2, bucket, day, used, spent_until, probe_at FROM ledger WHERE project = ?1"
	" ON CONFLICT DO UPDATE SET used = used + excluded.used, spent_until = max(spent_until, excluded.spent_until),"
	" probe_at = iif(spent_until = 0, excluded.probe_at, iif(excluded.spent_until = 0, probe_at,"
	" min(probe_at, excluded.probe_at)))",
    [LEDGER_PRUNE] = "DELETE FROM ledger WHERE day < ?1",
};

const struct statements ledger_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum ledger_statement which)
{
	return db_use(store, NOUN_LEDGER, (int)which);
}

static bool run2(struct store *store, enum ledger_statement which, int64_t first, int64_t second, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_int(statement, 1, first);
	db_bind_int(statement, 2, second);
	return db_run(store, statement, err);
}

/* The owner may keep some for other programs; no word of his makes YouTube give more than it told. */
static int64_t limit_of(const struct limit *limit)
{
	if (limit->owner == LIMIT_UNKNOWN || (limit->told != LIMIT_UNKNOWN && limit->told < limit->owner))
		return limit->told == LIMIT_UNKNOWN ? limit->otherwise : limit->told;
	return limit->owner;
}

bool ledger_read(struct store *store, int64_t project, enum bucket bucket, const struct limit *limit, int64_t now,
                 struct quota *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, LEDGER_GET);
	bool row = false;

	db_bind_int(get, 1, project);
	db_bind_int(get, 2, (int64_t)bucket);
	db_bind_int(get, 3, quota_day_start(now));
	if (!db_step(store, get, &row, err))
		return false;
	*out = (struct quota){.limit = limit_of(limit)};
	if (row) {
		out->used = sqlite3_column_int64(get, 0);
		out->spent_until = sqlite3_column_int64(get, 1);
		out->probe_at = sqlite3_column_int64(get, 2);
	} else if (limit->told == 0 && limit->owner != 0) {
		/* Told on an earlier day: it may have been raised. */
		out->spent_until = quota_day_end(now);
		out->probe_at = quota_day_start(now) + PROBE_AFTER_S;
	}
	/* YouTube's word counts more than ours: what it refuses is used up. */
	if (now < out->spent_until && out->used < out->limit)
		out->used = out->limit;
	return true;
}

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
	db_bind_int(statement, 3, quota_day_start(now));
	db_bind_int(statement, 4, now);
	db_bind_int(statement, 5, quota_day_end(now));
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

static bool refund(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	int64_t project;

	if (!project_of_key(store, key_id, &project, err))
		return false;
	sqlite3_stmt *statement = use(store, LEDGER_REFUND);
	db_bind_int(statement, 1, project);
	db_bind_int(statement, 2, (int64_t)bucket);
	db_bind_int(statement, 3, quota_day_start(now));
	db_bind_int(statement, 4, now);
	return db_run(store, statement, err);
}

bool store_quota_refund(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && refund(store, key_id, bucket, now, err);

	return db_write_end(store, own, done, err);
}

/* Two projects turn out to be one: what was charged to either was charged to it. */
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

/* Notes what an answer told of the key's project. *PROJECT becomes the one it belongs to now. */
static bool learn(struct store *store, int64_t key_id, const char *number, int64_t *project, struct error *err)
{
	return project_of_key(store, key_id, project, err) && (!*number || learn_number(store, project, number, err));
}

static bool set_limit(struct store *store, enum ledger_statement which, int64_t project, int64_t limit, struct error *err)
{
	sqlite3_stmt *set = use(store, which);

	db_bind_int(set, 1, project);
	if (limit != LIMIT_UNKNOWN)
		db_bind_int(set, 2, limit);
	return db_run(store, set, err);
}

static bool tell_limit(struct store *store, int64_t project, enum bucket bucket, int64_t limit, struct error *err)
{
	return set_limit(store, bucket == BUCKET_SEARCHES ? PROJECT_TOLD_SEARCHES : PROJECT_TOLD_UNITS, project, limit, err);
}

static bool spent(struct store *store, int64_t key_id, enum bucket bucket, const char *number, int64_t limit, int64_t now,
                  struct error *err)
{
	int64_t project;

	if (!learn(store, key_id, number, &project, err) || (limit >= 0 && !tell_limit(store, project, bucket, limit, err)))
		return false;
	sqlite3_stmt *statement = use(store, LEDGER_SPENT);
	db_bind_int(statement, 1, project);
	db_bind_int(statement, 2, (int64_t)bucket);
	db_bind_int(statement, 3, quota_day_start(now));
	db_bind_int(statement, 4, quota_day_end(now));
	db_bind_int(statement, 5, now + PROBE_AFTER_S < quota_day_end(now) ? now + PROBE_AFTER_S : 0);
	return db_run(store, statement, err);
}

bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number, int64_t limit,
                       int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && spent(store, key_id, bucket, project_number, limit, now, err);

	return db_write_end(store, own, done, err);
}

bool store_key_learn_project(struct store *store, int64_t key_id, const char *project_number, struct error *err)
{
	int64_t project;
	bool own = false;
	bool done = db_write_begin(store, &own, err) && learn(store, key_id, project_number, &project, err);

	return db_write_end(store, own, done, err);
}

/* An answer where the ledger said that there would be none: the refusal was wrong, or the limit has been raised. */
static bool good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	int64_t project;

	if (!project_of_key(store, key_id, &project, err))
		return false;
	sqlite3_stmt *statement = use(store, LEDGER_GOOD);
	db_bind_int(statement, 1, project);
	db_bind_int(statement, 2, (int64_t)bucket);
	db_bind_int(statement, 3, quota_day_start(now));
	return db_run(store, statement, err) && tell_limit(store, project, bucket, LIMIT_UNKNOWN, err);
}

bool store_quota_good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	bool own = false;
	bool done = db_write_begin(store, &own, err) && good(store, key_id, bucket, now, err);

	return db_write_end(store, own, done, err);
}

/* ---- limits ---- */

bool ledger_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, int64_t now, struct error *err)
{
	int64_t project;

	if (!project_of_key(store, key_id, &project, err) ||
	    !set_limit(store, bucket == BUCKET_SEARCHES ? PROJECT_SET_SEARCHES : PROJECT_SET_UNITS, project, limit, err))
		return false;
	/* Whoever has been given more need not wait for the reset: one call finds out. */
	sqlite3_stmt *doubt = use(store, LEDGER_DOUBT);
	db_bind_int(doubt, 1, project);
	db_bind_int(doubt, 2, (int64_t)bucket);
	db_bind_int(doubt, 3, quota_day_start(now));
	db_bind_int(doubt, 4, now);
	return db_run(store, doubt, err);
}
