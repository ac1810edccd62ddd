/* Alert rules. Errors as store.h says. */
#pragma once

#include "model/alerts/alert.h"
#include "store/store.h"

/* Adds the rule, which tells what is recorded from now on. *ID becomes its id. Errors: ERR_TOO_MANY above ALERTS_MAX. */
MUST_USE bool store_alert_add(struct store *store, const struct alert *alert, int64_t now, int64_t *id, struct error *err);

/* All rules, by id; those that something is to be done for NOW: active ones whose time has come, with something recorded since, or a
 * digest, and with no message in the outbox. The caller's to clear. */
MUST_USE bool store_alerts_list(struct store *store, struct alert_list *out, struct error *err);
MUST_USE bool store_alerts_due(struct store *store, int64_t now, struct alert_list *out, struct error *err);

/* One rule, by its id or the token of its e-mails. The caller's to clear. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_alert_get(struct store *store, int64_t id, struct alert *out, struct error *err);
MUST_USE bool store_alert_find(struct store *store, const char *unsubscribe, struct alert *out, struct error *err);

/* Stores label, filter, destination, schedule and backfill of the rule, and when its next digest is to be worked out. What was a saved filter
 * tells what is recorded from now on. With another destination the messages in the outbox are due NOW. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_alert_change(struct store *store, const struct alert *alert, int64_t now, struct error *err);

/* Pauses or resumes the rule. One that its owner paused goes on with what is recorded from NOW on; one that failed goes on where it
 * stopped, with the message that could not be delivered first. What is in the outbox of a resumed rule is due NOW. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_alert_set_state(struct store *store, int64_t id, enum alert_state state, int64_t now, struct error *err);

/* Deletes the rule with its messages. Errors: ERR_NOT_FOUND. */
MUST_USE bool store_alert_remove(struct store *store, int64_t id, struct error *err);

/* What is wrong with the rule, NULL = nothing: it is kept, and tried again. */
MUST_USE bool store_alert_note(struct store *store, int64_t id, const char *error, struct error *err);

/* How many rules do not work: ended, set aside, with a filter that cannot be read, or failing for an hour at NOW. */
MUST_USE bool store_alerts_count_failing(struct store *store, int64_t now, int64_t *out, struct error *err);
