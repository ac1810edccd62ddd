/*
 * What API and pages read and change of keys. In the demo all of it is in the live database: with a key there, the demo ends. No
 * error's text shows a key.
 */
#pragma once

#include "cgi/request/context.h"
#include "store/keys.h"

enum { KEY_LABEL_MAX = 100 }; /* characters */

/* All keys, and one. The caller's to clear. Errors: as store.h; ERR_NOT_FOUND. */
MUST_USE bool key_list(struct app *app, struct key_list *out, struct error *err);
MUST_USE bool key_get(struct app *app, int64_t id, struct key *out, struct error *err);

/* The members `key` and `label` of the body, checked; borrowed. LABEL becomes NULL when there is none. Errors: ERR_INVALID naming
 * the invalid field; ERR_UNPROCESSABLE for what cannot be a key. */
MUST_USE bool key_read_new(const struct request *req, const char **key, const char **label, struct error *err);

/* Adds a key of the owner's. Errors: ERR_CONFLICT when it is known, ERR_FORBIDDEN when our role in the database may not. */
MUST_USE bool key_add(struct app *app, const char *key, const char *label, int64_t *id, struct error *err);

/* The members `label`, `searches_per_day` and `units_per_day` of the body: what is missing stays as it is; a limit that is null,
 * or empty in a form, becomes the default. Borrowed. Errors: ERR_INVALID naming the invalid field. */
MUST_USE bool key_read_settings(const struct request *req, struct key_change *out, struct error *err);

/* Errors: ERR_NOT_FOUND. */
MUST_USE bool key_change(struct app *app, int64_t id, const struct key_change *change, struct error *err);
MUST_USE bool key_remove(struct app *app, int64_t id, struct error *err);
