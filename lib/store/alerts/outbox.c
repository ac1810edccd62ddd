#include "store/alerts/outbox.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/list.h"
#include "base/timestamp.h"
#include "store/internal.h"

enum { MESSAGE_ID_BYTES = 12, DETAILS_WAIT_S = SECONDS_PER_HOUR };

enum outbox_statement {
	LAST_RECORDED,
	WITHOUT_DETAILS,
	BACKFILL_EXTEND,
	BACKFILL_INSERT,
	BACKFILL_LIST,
	BACKFILL_PRUNE,
	ALERT_TOLD,
	DELIVERY_INSERT,
	DELIVERY_DUE,
	DELIVERY_COUNT_WAITING,
	DELIVERY_LIST,
	DELIVERY_GET,
	DELIVERY_TRIED,
	ALERT_TRIED,
	DELIVERY_RETRY,
	DELIVERY_PRUNE,
};

#define DELIVERY_ROW(FIRST, NEXT)                                                                                                \
	FIRST(COL_ID, "d.id")                                                                                                    \
	NEXT(COL_ALERT, "d.alert")                                                                                               \
	NEXT(COL_MESSAGE_ID, "d.message_id")                                                                                     \
	NEXT(COL_IS_TEST, "d.is_test")                                                                                           \
	NEXT(COL_VIDEOS, "d.videos")                                                                                             \
	NEXT(COL_COUNT, "d.count")                                                                                               \
	NEXT(COL_MADE_AT, "d.made_at")                                                                                           \
	NEXT(COL_STATE, "d.state")                                                                                               \
	NEXT(COL_TRIES, "d.tries")                                                                                               \
	NEXT(COL_NEXT_AT, "d.next_at")                                                                                           \
	NEXT(COL_TRIED_AT, "d.tried_at")                                                                                         \
	NEXT(COL_STATUS, "d.status")                                                                                             \
	NEXT(COL_ERROR, "d.error")

enum { POSITIONS(DELIVERY_ROW) };

#define DELIVERIES "SELECT " COLUMNS(DELIVERY_ROW) " FROM alert_delivery d "

static const char *const sql[] = {
    [LAST_RECORDED] = "SELECT recorded FROM meta",
    /* What a search gave has no duration, and a short description, until it is looked up in the same run. */
    [WITHOUT_DETAILS] =
	"SELECT coalesce(min(v.recorded), 0) FROM video v WHERE v.recorded > ?1 AND v.recorded >= ?2 AND v.checked_at = 0"
	" AND v.missing_at = 0 AND (?3 = 1 OR NOT EXISTS"
	" (SELECT 1 FROM backfill b WHERE b.after < v.recorded AND b.until >= v.recorded))",
    [BACKFILL_EXTEND] = "UPDATE backfill SET until = ?2 WHERE until = ?1",
    [BACKFILL_INSERT] = "INSERT INTO backfill (after, until) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM alert)",
    [BACKFILL_LIST] = "SELECT after, until FROM backfill WHERE until > ?1 ORDER BY after",
    [BACKFILL_PRUNE] =
	"DELETE FROM backfill WHERE until <= (SELECT coalesce(min(cursor), ?1) FROM alert WHERE state <> " SQL_ALERT_PAUSED
	" AND kind <> " SQL_NO_DESTINATION ")",
    [ALERT_TOLD] = "UPDATE alert SET cursor = ?2, next_at = ?3, error = NULL WHERE id = ?1",
    [DELIVERY_INSERT] = "INSERT INTO alert_delivery (alert, message_id, is_test, videos, count, made_at, next_at, state)"
			" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, " SQL_DELIVERY_WAITING ") RETURNING id",
    [DELIVERY_DUE] =
	DELIVERIES "JOIN alert a ON a.id = d.alert WHERE d.state = " SQL_DELIVERY_WAITING
		   " AND d.next_at <= ?1 AND (a.state = " SQL_ALERT_ACTIVE " OR d.is_test = 1) ORDER BY d.next_at, d.id LIMIT ?2",
    [DELIVERY_COUNT_WAITING] = "SELECT count(*) FROM alert_delivery WHERE state = " SQL_DELIVERY_WAITING,
    [DELIVERY_LIST] = DELIVERIES "WHERE d.alert = ?1 AND d.id < ?2 ORDER BY d.id DESC LIMIT ?3",
    [DELIVERY_GET] = DELIVERIES "WHERE d.alert = ?1 AND d.id = ?2",
    [DELIVERY_TRIED] =
	"UPDATE alert_delivery SET state = ?2, tries = ?3, next_at = ?4, tried_at = ?5, status = ?6, error = ?7 WHERE id = ?1",
    [ALERT_TRIED] =
	"UPDATE alert SET error = ?2, delivered_at = CASE WHEN ?5 = 1 THEN ?4 ELSE delivered_at END,"
	" state = CASE WHEN state = " SQL_ALERT_ACTIVE " THEN ?3 ELSE state END,"
	" failing_since = CASE WHEN ?2 IS NULL THEN 0 WHEN failing_since > 0 THEN failing_since ELSE ?4 END WHERE id = ?1",
    [DELIVERY_RETRY] = "UPDATE alert_delivery SET state = " SQL_DELIVERY_WAITING ", next_at = ?3 WHERE alert = ?1 AND id = ?2",
    [DELIVERY_PRUNE] = "DELETE FROM alert_delivery WHERE state <> " SQL_DELIVERY_WAITING " AND made_at < ?1",
};

const struct statements outbox_statements = STATEMENTS(sql);

void recordings_list_clear(struct recordings_list *list)
{
	free(list->items);
	*list = (struct recordings_list){0};
}

/* ---- what is news ---- */

bool store_recorded_last(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[LAST_RECORDED]), out, err);
}

bool store_backfill_note(struct store *store, int64_t after, struct error *err)
{
	int64_t last;

	if (!store_recorded_last(store, &last, err))
		return false;
	if (last == after)
		return true;
	return statement_run_ints(store, sql[BACKFILL_EXTEND], INTS(after, last), err) &&
	       (changed_rows(store) > 0 || statement_run_ints(store, sql[BACKFILL_INSERT], INTS(after, last), err));
}

static bool add_recordings(struct recordings_list *list, int64_t after, int64_t until, struct error *err)
{
	if (after >= until)
		return true;
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	list->items[list->count++] = (struct recordings){after, until};
	return true;
}

static bool read_horizon(struct store *store, int64_t after, bool wanted, int64_t now, int64_t *out, struct error *err)
{
	struct statement *without = statement_use(store, sql[WITHOUT_DETAILS]);
	int64_t first;

	bind_ints(without, INTS(after, (now - DETAILS_WAIT_S) * RECORDED_PER_SECOND, wanted));
	if (!statement_number(without, &first, err) || !store_recorded_last(store, out, err))
		return false;
	if (first)
		*out = first - 1;
	return true;
}

/* What lies between backfills, of what is behind AFTER and up to HORIZON. */
static bool leave_out_backfills(struct store *store, int64_t after, int64_t horizon, struct recordings_list *list,
                                struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[BACKFILL_LIST]);
	bool row = true;

	bind_int(rows, 1, after);
	while (statement_step(rows, &row, err) && row) {
		int64_t until = column_int(rows, 0) < horizon ? column_int(rows, 0) : horizon;

		if (!add_recordings(list, after, until, err))
			return false;
		after = column_int(rows, 1);
	}
	return !row && add_recordings(list, after, horizon, err);
}

bool store_news(struct store *store, int64_t after, bool wanted, int64_t now, struct recordings_list *out, int64_t *horizon,
                struct error *err)
{
	AUTO(recordings_list_clear) struct recordings_list list = {0};

	if (!read_horizon(store, after, wanted, now, horizon, err) ||
	    !(wanted ? add_recordings(&list, after, *horizon, err) : leave_out_backfills(store, after, *horizon, &list, err)))
		return false;
	*out = list;
	list = (struct recordings_list){0};
	return true;
}

/* ---- making messages ---- */

static bool insert(struct store *store, int64_t alert_id, bool is_test, const char *videos, int64_t count, int64_t now,
                   int64_t *id, struct error *err)
{
	char random[2 * MESSAGE_ID_BYTES + 1];
	char message_id[MESSAGE_ID_SIZE];

	if (!crypto_random_hex(MESSAGE_ID_BYTES, random, err))
		return false;
	snprintf(message_id, sizeof(message_id), "msg_%s", random);
	struct statement *add = statement_use(store, sql[DELIVERY_INSERT]);
	bind_int(add, 1, alert_id);
	bind_text(add, 2, message_id);
	bind_int(add, 3, is_test);
	bind_text(add, 4, videos);
	bind_int(add, 5, count);
	bind_int(add, 6, now);
	return statement_number(add, id, err);
}

static bool told(struct store *store, const struct alert *alert, int64_t cursor, int64_t next_at, const char *videos,
                 int64_t count, int64_t now, struct error *err)
{
	int64_t ignored;

	return statement_run_ints(store, sql[ALERT_TOLD], INTS(alert->id, cursor, next_at), err) &&
	       (count == 0 || insert(store, alert->id, false, videos, count, now, &ignored, err));
}

bool store_alert_told(struct store *store, const struct alert *alert, int64_t cursor, int64_t next_at, const char *videos,
                      int64_t count, int64_t now, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, told(store, alert, cursor, next_at, videos, count, now, err), err);
}

bool store_delivery_add_test(struct store *store, int64_t alert_id, const char *videos, int64_t count, int64_t now, int64_t *id,
                             struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, insert(store, alert_id, true, videos, count, now, id, err), err);
}

/* ---- reading ---- */

static bool read_row(struct statement *row, struct delivery *out, struct error *err)
{
	AUTO(delivery_clear)
	struct delivery delivery = {.id = column_int(row, COL_ID),
	                            .alert_id = column_int(row, COL_ALERT),
	                            .is_test = column_int(row, COL_IS_TEST) != 0,
	                            .count = column_int(row, COL_COUNT),
	                            .made_at = column_int(row, COL_MADE_AT),
	                            .state = (enum delivery_state)column_int(row, COL_STATE),
	                            .tries = column_int(row, COL_TRIES),
	                            .next_at = column_int(row, COL_NEXT_AT),
	                            .tried_at = column_int(row, COL_TRIED_AT),
	                            .status = column_int(row, COL_STATUS)};

	snprintf(delivery.message_id, sizeof(delivery.message_id), "%s", column_text(row, COL_MESSAGE_ID));
	if (!column_copy(row, COL_VIDEOS, &delivery.videos, err) || !column_copy(row, COL_ERROR, &delivery.error, err))
		return false;
	*out = delivery;
	delivery = (struct delivery){0};
	return true;
}

static bool add_row(struct delivery_list *list, struct statement *row, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	return read_row(row, &list->items[list->count], err) && ++list->count;
}

static bool read_list(struct statement *rows, struct delivery_list *out, struct error *err)
{
	AUTO(delivery_list_clear) struct delivery_list list = {0};
	bool row = true;

	while (row)
		if (!statement_step(rows, &row, err) || (row && !add_row(&list, rows, err)))
			return false;
	*out = list;
	list = (struct delivery_list){0};
	return true;
}

bool store_deliveries_due(struct store *store, int64_t now, int64_t limit, struct delivery_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[DELIVERY_DUE]);

	bind_ints(rows, INTS(now, limit));
	return read_list(rows, out, err);
}

bool store_deliveries_count_waiting(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[DELIVERY_COUNT_WAITING]), out, err);
}

bool store_deliveries_list(struct store *store, int64_t alert_id, int64_t before, int64_t limit, struct delivery_list *out,
                           struct error *err)
{
	AUTO(statement_done) struct statement *rows = statement_use(store, sql[DELIVERY_LIST]);

	bind_ints(rows, INTS(alert_id, before ? before : INT64_MAX, limit));
	return read_list(rows, out, err);
}

bool store_delivery_get(struct store *store, int64_t alert_id, int64_t id, struct delivery *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[DELIVERY_GET]);

	bind_ints(get, INTS(alert_id, id));
	return statement_row(get, "delivery", err) && read_row(get, out, err);
}

/* ---- what came of tries ---- */

static bool note_alert(struct store *store, const struct delivery *delivery, enum alert_state state, struct error *err)
{
	struct statement *note = statement_use(store, sql[ALERT_TRIED]);
	bool failed = delivery->state == DELIVERY_WAITING || delivery->state == DELIVERY_FAILED;

	bind_int(note, 1, delivery->alert_id);
	bind_text(note, 2, failed ? delivery->error : NULL);
	bind_int(note, 3, state);
	bind_int(note, 4, delivery->tried_at);
	bind_int(note, 5, delivery->state == DELIVERY_DELIVERED);
	return statement_run(note, err);
}

static bool tried(struct store *store, const struct delivery *delivery, enum alert_state state, struct error *err)
{
	struct statement *update = statement_use(store, sql[DELIVERY_TRIED]);

	bind_int(update, 1, delivery->id);
	bind_int(update, 2, delivery->state);
	bind_int(update, 3, delivery->tries);
	bind_int(update, 4, delivery->next_at);
	bind_int(update, 5, delivery->tried_at);
	bind_int(update, 6, delivery->status);
	bind_text(update, 7, delivery->error);
	return statement_run(update, err) && (delivery->is_test || note_alert(store, delivery, state, err));
}

bool store_delivery_tried(struct store *store, const struct delivery *delivery, enum alert_state state, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, tried(store, delivery, state, err), err);
}

static bool retry(struct store *store, int64_t alert_id, int64_t id, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[DELIVERY_RETRY], INTS(alert_id, id, now), err) &&
	       (changed_rows(store) > 0 || error_set(err, ERR_NOT_FOUND, "no such delivery"));
}

bool store_delivery_retry(struct store *store, int64_t alert_id, int64_t id, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, retry(store, alert_id, id, now, err), err);
}

static bool prune(struct store *store, int64_t before, struct error *err)
{
	return statement_run_ints(store, sql[DELIVERY_PRUNE], INTS(before), err) &&
	       statement_run_ints(store, sql[BACKFILL_PRUNE], INTS(INT64_MAX), err);
}

bool store_deliveries_prune(struct store *store, int64_t before, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, prune(store, before, err), err);
}
