#include "store/alerts/alerts.h"

#include "base/crypto.h"
#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

enum { UNSUBSCRIBE_BYTES = 16 };

/* Ended or set aside. */
#define HAS_STOPPED(alert) alert "state > " SQL_ALERT_PAUSED
_Static_assert(ALERT_ENDED > ALERT_PAUSED && ALERT_SET_ASIDE > ALERT_PAUSED, "model/alerts/alert.h");

enum alert_statement {
	ALERT_INSERT,
	ALERT_COUNT,
	ALERT_LIST,
	ALERT_DUE,
	ALERT_GET,
	ALERT_FIND,
	ALERT_CHANGE,
	ALERT_PAUSE,
	ALERT_RESUME,
	ALERT_RETRY,
	ALERT_TELLS_THERE,
	ALERT_HURRY,
	ALERT_DELETE,
	ALERT_NOTE,
	ALERT_FAILING,
	LAST_RECORDED,
};

#define ALERT_ROW(FIRST, NEXT)                                                                                                   \
	FIRST(COL_ID, "a.id")                                                                                                    \
	NEXT(COL_LABEL, "a.label")                                                                                               \
	NEXT(COL_FILTER, "a.filter")                                                                                             \
	NEXT(COL_KIND, "a.kind")                                                                                                 \
	NEXT(COL_URL, "a.url")                                                                                                   \
	NEXT(COL_SECRET, "a.secret")                                                                                             \
	NEXT(COL_OLD_SECRET, "a.old_secret")                                                                                     \
	NEXT(COL_OLD_SECRET_UNTIL, "a.old_secret_until")                                                                         \
	NEXT(COL_RECIPIENT, "a.recipient")                                                                                       \
	NEXT(COL_SCHEDULE, "a.schedule")                                                                                         \
	NEXT(COL_MINUTE, "a.minute")                                                                                             \
	NEXT(COL_TIMEZONE, "a.timezone")                                                                                         \
	NEXT(COL_BACKFILL, "a.backfill")                                                                                         \
	NEXT(COL_UNSUBSCRIBE, "a.unsubscribe")                                                                                   \
	NEXT(COL_STATE, "a.state")                                                                                               \
	NEXT(COL_CURSOR, "a.cursor")                                                                                             \
	NEXT(COL_CREATED_AT, "a.created_at")                                                                                     \
	NEXT(COL_NEXT_AT, "a.next_at")                                                                                           \
	NEXT(COL_FAILING_SINCE, "a.failing_since")                                                                               \
	NEXT(COL_ERROR, "a.error")                                                                                               \
	NEXT(COL_WAITING, "(SELECT count(*) FROM alert_delivery d WHERE d.alert = a.id AND d.state = " SQL_DELIVERY_WAITING ")") \
	NEXT(COL_DELIVERED_AT, "a.delivered_at")

enum { POSITIONS(ALERT_ROW) };

#define ALERTS "SELECT " COLUMNS(ALERT_ROW) " FROM alert a "
#define HAS_MESSAGE                                                                                                              \
	"EXISTS (SELECT 1 FROM alert_delivery d WHERE d.alert = a.id AND d.state = " SQL_DELIVERY_WAITING " AND d.is_test = 0)"

static const char *const sql[] = {
    [ALERT_INSERT] =
	"INSERT INTO alert (label, filter, kind, url, secret, old_secret, old_secret_until, recipient, schedule, minute, "
	"timezone,"
	" backfill, unsubscribe, created_at, cursor, state, next_at, failing_since)"
	" VALUES (?1, ?2, ?3, ?4, ?5, '', 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, " SQL_ALERT_ACTIVE ", 0, 0) RETURNING id",
    [ALERT_COUNT] = "SELECT count(*) FROM alert",
    [ALERT_LIST] = ALERTS "ORDER BY a.id",
    [ALERT_DUE] = ALERTS "WHERE a.state = " SQL_ALERT_ACTIVE " AND a.kind <> " SQL_NO_DESTINATION " AND a.next_at <= ?1"
			 " AND (a.schedule <> " SQL_AT_ONCE " OR a.cursor < (SELECT recorded FROM meta)) AND NOT " HAS_MESSAGE
			 " ORDER BY a.id",
    [ALERT_GET] = ALERTS "WHERE a.id = ?1",
    [ALERT_FIND] = ALERTS "WHERE a.unsubscribe = ?1",
    [ALERT_CHANGE] =
	"UPDATE alert SET label = ?2, filter = ?3, kind = ?4, url = ?5, secret = ?6, old_secret = ?7,"
	" old_secret_until = ?8, recipient = ?9, schedule = ?10, minute = ?11, timezone = ?12, backfill = ?13,"
	" cursor = CASE WHEN kind = " SQL_NO_DESTINATION " THEN (SELECT recorded FROM meta) ELSE cursor END,"
	" next_at = CASE WHEN schedule <> ?10 OR minute <> ?11 OR timezone <> ?12 THEN 0 ELSE next_at END WHERE id = ?1",
    [ALERT_PAUSE] = "UPDATE alert SET state = " SQL_ALERT_PAUSED " WHERE id = ?1",
    [ALERT_RESUME] = "UPDATE alert SET cursor = CASE WHEN state = " SQL_ALERT_PAUSED " THEN ?2 ELSE cursor END,"
		     " state = " SQL_ALERT_ACTIVE ", failing_since = 0, error = NULL, next_at = 0 WHERE id = ?1",
    /* The message whose failure ended the rule. */
    [ALERT_RETRY] = "UPDATE alert_delivery SET state = " SQL_DELIVERY_WAITING ", next_at = ?2 WHERE id = (SELECT max(d.id)"
		    " FROM alert_delivery d JOIN alert a ON a.id = d.alert WHERE d.alert = ?1 AND d.is_test = 0 AND " HAS_STOPPED(
			"a.") ")"
			      " AND state = " SQL_DELIVERY_FAILED,
    [ALERT_TELLS_THERE] =
	"SELECT count(*) FROM alert WHERE id = ?1 AND kind = ?2 AND url = ?3 AND secret = ?4 AND recipient = ?5",
    [ALERT_HURRY] =
	"UPDATE alert_delivery SET next_at = ?2 WHERE alert = ?1 AND state = " SQL_DELIVERY_WAITING " AND next_at > ?2",
    [ALERT_DELETE] = "DELETE FROM alert WHERE id = ?1",
    [ALERT_NOTE] = "UPDATE alert SET error = ?2 WHERE id = ?1",
    [ALERT_FAILING] = "SELECT count(*) FROM alert WHERE " HAS_STOPPED("") " OR (state = " SQL_ALERT_ACTIVE
									  " AND error IS NOT NULL AND failing_since < ?1)",
    [LAST_RECORDED] = "SELECT recorded FROM meta",
};

const struct statements alerts_statements = STATEMENTS(sql);

/* ---- reading ---- */

static bool read_row(struct statement *row, struct alert *out, struct error *err)
{
	AUTO(alert_clear)
	struct alert alert = {.id = column_int(row, COL_ID),
	                      .kind = (enum destination_kind)column_int(row, COL_KIND),
	                      .old_secret_until = column_int(row, COL_OLD_SECRET_UNTIL),
	                      .schedule = (enum alert_schedule)column_int(row, COL_SCHEDULE),
	                      .minute = column_int(row, COL_MINUTE),
	                      .backfill = column_int(row, COL_BACKFILL) != 0,
	                      .state = (enum alert_state)column_int(row, COL_STATE),
	                      .cursor = column_int(row, COL_CURSOR),
	                      .created_at = column_int(row, COL_CREATED_AT),
	                      .next_at = column_int(row, COL_NEXT_AT),
	                      .failing_since = column_int(row, COL_FAILING_SINCE),
	                      .waiting = column_int(row, COL_WAITING),
	                      .delivered_at = column_int(row, COL_DELIVERED_AT)};

	if (!column_copy(row, COL_LABEL, &alert.label, err) || !column_copy(row, COL_FILTER, &alert.filter, err) ||
	    !column_copy(row, COL_URL, &alert.url, err) || !column_copy(row, COL_SECRET, &alert.secret, err) ||
	    !column_copy(row, COL_OLD_SECRET, &alert.old_secret, err) ||
	    !column_copy(row, COL_RECIPIENT, &alert.recipient, err) || !column_copy(row, COL_TIMEZONE, &alert.timezone, err) ||
	    !column_copy(row, COL_UNSUBSCRIBE, &alert.unsubscribe, err) || !column_copy(row, COL_ERROR, &alert.error, err))
		return false;
	*out = alert;
	alert = (struct alert){0};
	return true;
}

static bool read_list(struct statement *rows, struct alert_list *out, struct error *err)
{
	AUTO(alert_list_clear) struct alert_list list = {0};
	bool row;

	for (;;) {
		if (!statement_step(rows, &row, err))
			return false;
		if (!row)
			break;
		if (!list_grow(&list.items, list.count, sizeof(*list.items)))
			return error_no_memory(err);
		if (!read_row(rows, &list.items[list.count], err))
			return false;
		list.count++;
	}
	*out = list;
	list = (struct alert_list){0};
	return true;
}

bool store_alerts_list(struct store *store, struct alert_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[ALERT_LIST]);

	return read_list(rows, out, err);
}

bool store_alerts_due(struct store *store, int64_t now, struct alert_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[ALERT_DUE]);

	bind_int(rows, 1, now);
	return read_list(rows, out, err);
}

bool store_alert_get(struct store *store, int64_t id, struct alert *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[ALERT_GET]);

	bind_int(get, 1, id);
	return statement_row(get, "alert with this id", err) && read_row(get, out, err);
}

bool store_alert_find(struct store *store, const char *unsubscribe, struct alert *out, struct error *err)
{
	AUTO(statement_done) struct statement *find = statement_use(store, sql[ALERT_FIND]);

	bind_text(find, 1, unsubscribe);
	return statement_row(find, "alert", err) && read_row(find, out, err);
}

bool store_alerts_count_failing(struct store *store, int64_t now, int64_t *out, struct error *err)
{
	struct statement *count = statement_use(store, sql[ALERT_FAILING]);

	bind_int(count, 1, now - SECONDS_PER_HOUR);
	return statement_number(count, out, err);
}

/* ---- writing ---- */

static bool insert(struct store *store, const struct alert *alert, int64_t now, int64_t *id, struct error *err)
{
	char unsubscribe[2 * UNSUBSCRIBE_BYTES + 1];
	int64_t count, recorded;

	if (!statement_number(statement_use(store, sql[ALERT_COUNT]), &count, err) ||
	    !statement_number(statement_use(store, sql[LAST_RECORDED]), &recorded, err) ||
	    !crypto_random_hex(UNSUBSCRIBE_BYTES, unsubscribe, err))
		return false;
	if (count >= ALERTS_MAX)
		return error_set(err, ERR_TOO_MANY, "there are %d alerts, and no more are allowed", ALERTS_MAX);
	struct statement *add = statement_use(store, sql[ALERT_INSERT]);
	bind_text(add, 1, alert->label);
	bind_text(add, 2, alert->filter);
	bind_int(add, 3, alert->kind);
	bind_text(add, 4, alert->url);
	bind_text(add, 5, alert->secret);
	bind_text(add, 6, alert->recipient);
	bind_int(add, 7, alert->schedule);
	bind_int(add, 8, alert->minute);
	bind_text(add, 9, alert->timezone);
	bind_int(add, 10, alert->backfill);
	bind_text(add, 11, unsubscribe);
	bind_int(add, 12, now);
	bind_int(add, 13, recorded);
	public_change(store);
	return statement_number(add, id, err);
}

bool store_alert_add(struct store *store, const struct alert *alert, int64_t now, int64_t *id, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, insert(store, alert, now, id, err), err);
}

/* Runs the statement, which has to change a rule. The owner sees the rules beside the list. */
static bool change_one(struct store *store, struct statement *statement, struct error *err)
{
	public_change(store);
	return statement_run(statement, err) && (changed_rows(store) > 0 || error_set(err, ERR_NOT_FOUND, "no such alert"));
}

/* What waits for the next try waits no longer: the fault may be gone. */
static bool hurry(struct store *store, int64_t id, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[ALERT_HURRY], INTS(id, now), err);
}

static bool hurry_to_another_destination(struct store *store, const struct alert *alert, int64_t now, struct error *err)
{
	struct statement *get = statement_use(store, sql[ALERT_TELLS_THERE]);
	int64_t same;

	bind_int(get, 1, alert->id);
	bind_int(get, 2, alert->kind);
	bind_text(get, 3, alert->url);
	bind_text(get, 4, alert->secret);
	bind_text(get, 5, alert->recipient);
	return statement_number(get, &same, err) && (same || hurry(store, alert->id, now, err));
}

static bool change(struct store *store, const struct alert *alert, int64_t now, struct error *err)
{
	if (!hurry_to_another_destination(store, alert, now, err))
		return false;
	struct statement *update = statement_use(store, sql[ALERT_CHANGE]);

	bind_int(update, 1, alert->id);
	bind_text(update, 2, alert->label);
	bind_text(update, 3, alert->filter);
	bind_int(update, 4, alert->kind);
	bind_text(update, 5, alert->url);
	bind_text(update, 6, alert->secret);
	bind_text(update, 7, alert->old_secret);
	bind_int(update, 8, alert->old_secret_until);
	bind_text(update, 9, alert->recipient);
	bind_int(update, 10, alert->schedule);
	bind_int(update, 11, alert->minute);
	bind_text(update, 12, alert->timezone);
	bind_int(update, 13, alert->backfill);
	return change_one(store, update, err);
}

bool store_alert_change(struct store *store, const struct alert *alert, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, change(store, alert, now, err), err);
}

static bool set_state(struct store *store, int64_t id, enum alert_state state, int64_t now, struct error *err)
{
	int64_t recorded;

	if (state == ALERT_PAUSED) {
		struct statement *pause = statement_use(store, sql[ALERT_PAUSE]);
		bind_int(pause, 1, id);
		return change_one(store, pause, err);
	}
	if (!statement_run_ints(store, sql[ALERT_RETRY], INTS(id, now), err) || !hurry(store, id, now, err) ||
	    !statement_number(statement_use(store, sql[LAST_RECORDED]), &recorded, err))
		return false;
	struct statement *resume = statement_use(store, sql[ALERT_RESUME]);
	bind_ints(resume, INTS(id, recorded));
	return change_one(store, resume, err);
}

bool store_alert_set_state(struct store *store, int64_t id, enum alert_state state, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, set_state(store, id, state, now, err), err);
}

static bool remove_row(struct store *store, int64_t id, struct error *err)
{
	struct statement *statement = statement_use(store, sql[ALERT_DELETE]);

	bind_int(statement, 1, id);
	return change_one(store, statement, err);
}

bool store_alert_remove(struct store *store, int64_t id, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, remove_row(store, id, err), err);
}

bool store_alert_note(struct store *store, int64_t id, const char *error, struct error *err)
{
	struct statement *note = statement_use(store, sql[ALERT_NOTE]);

	bind_int(note, 1, id);
	bind_text(note, 2, error);
	return statement_run(note, err);
}
