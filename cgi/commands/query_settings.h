/* What the owner says of a tracked query: settings as members of a PATCH or fields of a form. */
#pragma once

#include "cgi/request/context.h"
#include "model/query.h"

/* Takes the settings that BODY has over into SETTINGS; others stay. null, or nothing in a form, takes one back. Errors: ERR_INVALID naming
 * the member and what is allowed. */
MUST_USE bool query_settings_read(const struct fields *body, struct query_settings *settings, struct error *err);

/* Changes a public query as the body of REQ says: its settings, `state`, `follow_channels`. All of it or nothing. Errors:
 * ERR_NOT_FOUND, ERR_INVALID. */
MUST_USE bool query_patch(struct app *app, const struct request *req, int64_t id, struct error *err);
