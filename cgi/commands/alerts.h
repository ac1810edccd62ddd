/* What API and pages do to alert rules. In the demo they are the demo's. */
#pragma once

#include "cgi/request/auth.h"
#include "model/alerts/alert.h"

/* Reads the body into a rule: label, filter (the parameters of a list: a text, or an object of them), destination (an object of kind, url …),
 * schedule, at, timezone, backfill. What is missing stays as it is in BEFORE, or, where that is NULL, is the default; so do empty secrets.
 * Another secret of a webhook leaves the old one in use for a day; a webhook without one gets a new one, *MADE_SECRET. OUT is the caller's to
 * clear. Errors: ERR_INVALID naming the invalid member and what is allowed; no secret is in its text. */
MUST_USE bool alert_read(struct app *app, const struct request *req, const struct alert *before, struct alert *out,
                         bool *made_secret, struct error *err);

/* Errors: those of store/alerts. */
MUST_USE bool alert_add(struct app *app, const struct alert *alert, int64_t *id, struct error *err);
MUST_USE bool alert_change(struct app *app, const struct alert *alert, struct error *err);
MUST_USE bool alert_set_state(struct app *app, int64_t id, enum alert_state state, struct error *err);
MUST_USE bool alert_remove(struct app *app, int64_t id, struct error *err);

/* Rules and messages as they were written just now. */
MUST_USE bool alert_get(struct app *app, int64_t id, struct alert *out, struct error *err);
MUST_USE bool alert_delivery_get(struct app *app, int64_t id, int64_t delivery_id, struct delivery *out, struct error *err);

/* Has the next run send a test: with the video that the filter last let through, if there is one. Errors: also ERR_UNPROCESSABLE for a saved
 * filter. */
MUST_USE bool alert_test(struct app *app, int64_t id, int64_t *delivery_id, struct error *err);

/* Has the next run send a message again, with its id. */
MUST_USE bool alert_retry(struct app *app, int64_t id, int64_t delivery_id, struct error *err);

/* Ends the e-mails with this token of a link: their rule is paused. Errors: ERR_NOT_FOUND. */
MUST_USE bool alert_unsubscribe(struct app *app, const char *token, struct error *err);
