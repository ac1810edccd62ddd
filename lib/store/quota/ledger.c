#include "store/quota/ledger.h"

#include "base/timestamp.h"
#include "model/quota_day.h"
#include "store/internal.h"

/* A refusal for the day may be wrong (YouTube has been seen to answer again hours later): one call finds out. */
enum { LEDGER_DAYS_KEPT = 40, PROBE_AFTER_S = 4 * SECONDS_PER_HOUR };

enum ledger_statement {
	KEY_USED,
	KEY_PROJECT,
	KEY_MOVE_PROJECT,
	PROJECT_OF_NUMBER,
	PROJECT_SET_NUMBER,
	PROJECT_REPORT_SEARCHES,
	PROJECT_REPORT_UNITS,
	PROJECT_SET_SEARCHES,
	PROJECT_SET_UNITS,
	PROJECT_DELETE,
	LEDGER_GET,
	LEDGER_CHARGE_SEARCHES,
	LEDGER_CHARGE_UNITS,
	LEDGER_REFUND,
	LEDGER_SPENT,
	LEDGER_GOOD,
	LEDGER_DOUBT,
	LEDGER_JOIN,
	CALLS_JOIN,
	LEDGER_PRUNE,
};

#define LEDGER_ROW(FIRST, NEXT)                                                                                                  \
	FIRST(LEDGER_COL_USED, "used")                                                                                           \
	NEXT(LEDGER_COL_SPENT_UNTIL, "spent_until")                                                                              \
	NEXT(LEDGER_COL_PROBE_AT, "probe_at")

enum { POSITIONS(LEDGER_ROW) };

#define LEDGER_COLUMNS COLUMNS(LEDGER_ROW)

/* The first call of a day to a project whose reported limit is 0 is the probe of that day. */
#define CHARGE(bucket, reported)                                                                                                 \
	"INSERT INTO ledger (project, bucket, day, used, spent_until)"                                                           \
	" SELECT id, " bucket ", ?2, 1, CASE WHEN " reported " = 0 THEN ?4 ELSE 0 END FROM project WHERE id = ?1"                \
	" ON CONFLICT (project, bucket, day) DO UPDATE SET used = ledger.used + 1,"                                              \
	" probe_at = CASE WHEN ?3 >= ledger.probe_at THEN 0 ELSE ledger.probe_at END"

static const char *const sql[] = {
    [KEY_USED] = "UPDATE api_key SET used_at = ?2 WHERE id = ?1",
    [KEY_PROJECT] = "SELECT project FROM api_key WHERE id = ?1",
    [KEY_MOVE_PROJECT] = "UPDATE api_key SET project = ?2 WHERE project = ?1",
    [PROJECT_OF_NUMBER] = "SELECT id FROM project WHERE number = ?1",
    [PROJECT_SET_NUMBER] = "UPDATE project SET number = ?2 WHERE id = ?1",
    [PROJECT_REPORT_SEARCHES] = "UPDATE project SET searches_reported = ?2 WHERE id = ?1",
    [PROJECT_REPORT_UNITS] = "UPDATE project SET units_reported = ?2 WHERE id = ?1",
    /* What the owner says is newer than what a refusal reported. */
    [PROJECT_SET_SEARCHES] = "UPDATE project SET searches_per_day = ?2, searches_reported = NULL WHERE id = ?1",
    [PROJECT_SET_UNITS] = "UPDATE project SET units_per_day = ?2, units_reported = NULL WHERE id = ?1",
    [PROJECT_DELETE] = "DELETE FROM project WHERE id = ?1",
    [LEDGER_GET] = "SELECT " LEDGER_COLUMNS " FROM ledger WHERE project = ?1 AND bucket = ?2 AND day = ?3",
    [LEDGER_CHARGE_SEARCHES] = CHARGE(SQL_SEARCHES, "searches_reported"),
    [LEDGER_CHARGE_UNITS] = CHARGE(SQL_UNITS, "units_reported"),
    /* Of a refused project only the probe can have been charged: it may be made later. */
    [LEDGER_REFUND] = "UPDATE ledger SET used = used - 1, probe_at = CASE WHEN spent_until > ?4 THEN ?4 ELSE probe_at END"
		      " WHERE project = ?1 AND bucket = ?2 AND day = ?3 AND used > 0",
    /* The first refusal allows a probe. What follows it is the refusal of the probe, or of a call that was under way. */
    [LEDGER_SPENT] = "INSERT INTO ledger (project, bucket, day, used, spent_until, probe_at) VALUES (?1, ?2, ?3, 0, ?4, ?5)"
		     " ON CONFLICT (project, bucket, day) DO UPDATE SET spent_until = excluded.spent_until,"
		     " probe_at = CASE WHEN ledger.spent_until > 0 THEN ledger.probe_at ELSE excluded.probe_at END",
    [LEDGER_GOOD] = "UPDATE ledger SET spent_until = 0, probe_at = 0 WHERE project = ?1 AND bucket = ?2 AND day = ?3",
    [LEDGER_DOUBT] = "UPDATE ledger SET probe_at = ?4 WHERE project = ?1 AND bucket = ?2 AND day = ?3 AND spent_until > 0",
    [LEDGER_JOIN] =
	"INSERT INTO ledger (project, bucket, day, used, spent_until, probe_at)"
	" SELECT ?2, bucket, day, used, spent_until, probe_at FROM ledger WHERE project = ?1"
	" ON CONFLICT (project, bucket, day) DO UPDATE SET used = ledger.used + excluded.used,"
	" spent_until = CASE WHEN ledger.spent_until > excluded.spent_until THEN ledger.spent_until ELSE excluded.spent_until "
	"END,"
	" probe_at = CASE WHEN ledger.spent_until = 0 THEN excluded.probe_at"
	" WHEN excluded.spent_until = 0 OR ledger.probe_at < excluded.probe_at THEN ledger.probe_at ELSE excluded.probe_at END",
    [CALLS_JOIN] = "INSERT INTO call_count (project, bucket, result, calls)"
		   " SELECT ?2, bucket, result, calls FROM call_count WHERE project = ?1"
		   " ON CONFLICT (project, bucket, result) DO UPDATE SET calls = call_count.calls + excluded.calls",
    [LEDGER_PRUNE] = "DELETE FROM ledger WHERE day < ?1",
};

const struct statements ledger_statements = STATEMENTS(sql);

/* The owner may keep some for other programs; nothing they say makes YouTube give more than it reported. */
static int64_t limit_of(const struct limit *limit)
{
	if (limit->owner == KEY_LIMIT_DEFAULT || (limit->reported != KEY_LIMIT_DEFAULT && limit->reported < limit->owner))
		return limit->reported == KEY_LIMIT_DEFAULT ? limit->configured : limit->reported;
	return limit->owner;
}

bool ledger_read(struct store *store, int64_t project, enum bucket bucket, const struct limit *limit, int64_t now,
                 struct quota *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[LEDGER_GET]);
	bool row = false;

	bind_ints(get, INTS(project, bucket, quota_day_start(now)));
	if (!statement_step(get, &row, err))
		return false;
	*out = (struct quota){.limit = limit_of(limit)};
	if (row) {
		out->used = column_int(get, LEDGER_COL_USED);
		out->spent_until = column_int(get, LEDGER_COL_SPENT_UNTIL);
		out->probe_at = column_int(get, LEDGER_COL_PROBE_AT);
	} else if (limit->reported == 0 && limit->owner != 0) {
		/* Reported on an earlier day: it may have been raised. */
		out->spent_until = quota_day_end(now);
		out->probe_at = quota_day_start(now) + PROBE_AFTER_S;
	}
	/* What YouTube says counts more than what we do: what it refuses is used up. */
	if (now < out->spent_until && out->used < out->limit)
		out->used = out->limit;
	return true;
}

static bool project_of_key(struct store *store, int64_t key_id, int64_t *project, struct error *err)
{
	struct statement *get = statement_use(store, sql[KEY_PROJECT]);

	bind_int(get, 1, key_id);
	return statement_number(get, project, err) && (*project || error_set(err, ERR_NOT_FOUND, "no such key"));
}

static bool charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	enum ledger_statement insert = bucket == BUCKET_SEARCHES ? LEDGER_CHARGE_SEARCHES : LEDGER_CHARGE_UNITS;
	int64_t oldest = now - (int64_t)LEDGER_DAYS_KEPT * SECONDS_PER_DAY;
	int64_t project;

	return project_of_key(store, key_id, &project, err) &&
	       statement_run_ints(store, sql[insert], INTS(project, quota_day_start(now), now, quota_day_end(now)), err) &&
	       statement_run_ints(store, sql[LEDGER_PRUNE], INTS(oldest), err) &&
	       statement_run_ints(store, sql[KEY_USED], INTS(key_id, now), err);
}

bool store_quota_charge(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, charge(store, key_id, bucket, now, err), err);
}

static bool refund(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	int64_t project;

	return project_of_key(store, key_id, &project, err) &&
	       statement_run_ints(store, sql[LEDGER_REFUND], INTS(project, bucket, quota_day_start(now), now), err);
}

bool store_quota_refund(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, refund(store, key_id, bucket, now, err), err);
}

/* Two projects turn out to be one: what was charged to either was charged to it. */
static bool join_projects(struct store *store, int64_t from, int64_t to, struct error *err)
{
	return statement_run_ints(store, sql[LEDGER_JOIN], INTS(from, to), err) &&
	       statement_run_ints(store, sql[CALLS_JOIN], INTS(from, to), err) &&
	       statement_run_ints(store, sql[KEY_MOVE_PROJECT], INTS(from, to), err) &&
	       statement_run_ints(store, sql[PROJECT_DELETE], INTS(from), err);
}

/* Notes Google's number of the key's project; *PROJECT becomes the one that has it. */
static bool learn_number(struct store *store, int64_t *project, const char *number, struct error *err)
{
	struct statement *find = statement_use(store, sql[PROJECT_OF_NUMBER]);
	int64_t known;

	bind_text(find, 1, number);
	if (!statement_number(find, &known, err))
		return false;
	if (known == *project)
		return true;
	if (known) {
		int64_t from = *project;
		*project = known;
		return join_projects(store, from, known, err);
	}
	struct statement *set = statement_use(store, sql[PROJECT_SET_NUMBER]);
	bind_int(set, 1, *project);
	bind_text(set, 2, number);
	return statement_run(set, err);
}

/* Notes the number of the key's project that an answer reported. *PROJECT becomes the one it belongs to now. */
static bool learn(struct store *store, int64_t key_id, const char *number, int64_t *project, struct error *err)
{
	return project_of_key(store, key_id, project, err) && (!*number || learn_number(store, project, number, err));
}

static bool set_limit(struct store *store, enum ledger_statement which, int64_t project, int64_t limit, struct error *err)
{
	struct statement *set = statement_use(store, sql[which]);

	bind_int(set, 1, project);
	bind_int_or_null(set, 2, limit, KEY_LIMIT_DEFAULT);
	return statement_run(set, err);
}

static bool report_limit(struct store *store, int64_t project, enum bucket bucket, int64_t limit, struct error *err)
{
	return set_limit(store, bucket == BUCKET_SEARCHES ? PROJECT_REPORT_SEARCHES : PROJECT_REPORT_UNITS, project, limit, err);
}

static bool spent(struct store *store, int64_t key_id, enum bucket bucket, const char *number, int64_t limit, int64_t now,
                  struct error *err)
{
	int64_t probe_at = now + PROBE_AFTER_S < quota_day_end(now) ? now + PROBE_AFTER_S : 0;
	int64_t project;

	return learn(store, key_id, number, &project, err) && (limit < 0 || report_limit(store, project, bucket, limit, err)) &&
	       statement_run_ints(store, sql[LEDGER_SPENT],
	                          INTS(project, bucket, quota_day_start(now), quota_day_end(now), probe_at), err);
}

bool store_quota_spent(struct store *store, int64_t key_id, enum bucket bucket, const char *project_number, int64_t limit,
                       int64_t now, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, spent(store, key_id, bucket, project_number, limit, now, err), err);
}

bool store_key_learn_project(struct store *store, int64_t key_id, const char *project_number, struct error *err)
{
	int64_t project;

	return transaction_begin(store, err) && transaction_end(store, learn(store, key_id, project_number, &project, err), err);
}

/* An answer where the ledger said that there would be none: the refusal was wrong, or the limit has been raised. */
static bool good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	int64_t project;

	return project_of_key(store, key_id, &project, err) &&
	       statement_run_ints(store, sql[LEDGER_GOOD], INTS(project, bucket, quota_day_start(now)), err) &&
	       report_limit(store, project, bucket, KEY_LIMIT_DEFAULT, err);
}

bool store_quota_good(struct store *store, int64_t key_id, enum bucket bucket, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, good(store, key_id, bucket, now, err), err);
}

bool ledger_set_limit(struct store *store, int64_t key_id, enum bucket bucket, int64_t limit, int64_t now, struct error *err)
{
	int64_t project;

	/* Whoever has been given more need not wait for the reset: one call finds out. */
	return project_of_key(store, key_id, &project, err) &&
	       set_limit(store, bucket == BUCKET_SEARCHES ? PROJECT_SET_SEARCHES : PROJECT_SET_UNITS, project, limit, err) &&
	       statement_run_ints(store, sql[LEDGER_DOUBT], INTS(project, bucket, quota_day_start(now), now), err);
}
