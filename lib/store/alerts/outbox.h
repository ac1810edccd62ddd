/* Messages of alerts: from the matches that they tell to the log. Errors as store.h says. */
#pragma once

#include "base/text_list.h"
#include "model/alerts/alert.h"
#include "store/store.h"

/* ---- what is news ---- */

/* A stretch of the order of recording (model/video.h): behind AFTER, up to UNTIL. */
struct recordings {
	int64_t after, until;
};

struct recordings_list {
	struct recordings *items;
	size_t count;
};

void recordings_list_clear(struct recordings_list *list);

/* The last number of recording that was given. */
MUST_USE bool store_recorded_last(struct store *store, int64_t *out, struct error *err);

/* What was recorded since the number AFTER came by a first poll, an import or a gap that was closed. Within the transaction that recorded it. */
MUST_USE bool store_backfill_note(struct store *store, int64_t after, struct error *err);

/* The news behind the number AFTER: all up to what waits for its details, which is not told yet, for an hour at most (*HORIZON is the last
 * number that may be told); but for backfills, unless they are WANTED. In order; the caller's to clear. */
MUST_USE bool store_news(struct store *store, int64_t after, bool wanted, int64_t now, struct recordings_list *out,
                         int64_t *horizon, struct error *err);

/* ---- messages ---- */

/* In one transaction: everything up to the number CURSOR is told, by a message of the COUNT > 0 VIDEOS (their ids, each with a blank behind
 * it) or without one; nothing is told before NEXT_AT. */
MUST_USE bool store_alert_told(struct store *store, const struct alert *alert, int64_t cursor, int64_t next_at,
                               const char *videos, int64_t count, int64_t now, struct error *err);

/* Puts a test of the rule into the outbox, with the VIDEOS. *ID becomes its id. */
MUST_USE bool store_delivery_add_test(struct store *store, int64_t alert_id, const char *videos, int64_t count, int64_t now,
                                      int64_t *id, struct error *err);

/* Messages that are to be sent NOW, the longest waiting first, at most LIMIT: of active rules, and tests. The caller's to clear. */
MUST_USE bool store_deliveries_due(struct store *store, int64_t now, int64_t limit, struct delivery_list *out, struct error *err);

/* How many messages are in the outbox. */
MUST_USE bool store_deliveries_count_waiting(struct store *store, int64_t *out, struct error *err);

/* The log of a rule: messages before the id BEFORE (0 = all), newest first, at most LIMIT. */
MUST_USE bool store_deliveries_list(struct store *store, int64_t alert_id, int64_t before, int64_t limit,
                                    struct delivery_list *out, struct error *err);

/* One of them. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_delivery_get(struct store *store, int64_t alert_id, int64_t id, struct delivery *out, struct error *err);

/* A try is over: the message goes into the state that DELIVERY has, with tries, next_at, tried_at, status and error; and its rule into STATE.
 * A message that is no test makes or ends a failure of its rule. */
MUST_USE bool store_delivery_tried(struct store *store, const struct delivery *delivery, enum alert_state state,
                                   struct error *err);

/* Sends the message again, with its id. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_delivery_retry(struct store *store, int64_t alert_id, int64_t id, int64_t now, struct error *err);

/* Deletes what is in no outbox and was made before BEFORE, and the backfills that all rules are past. */
MUST_USE bool store_deliveries_prune(struct store *store, int64_t before, struct error *err);
