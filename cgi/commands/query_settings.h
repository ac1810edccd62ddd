/* What the owner says of a tracked query: settings as members of a PATCH or fields of a form. */
#pragma once

#include "cgi/commands/several.h"
#include "cgi/request/context.h"
#include "model/query.h"

/* Takes the settings that BODY has over into SETTINGS; others stay. null, or nothing in a form, takes one back. Errors: ERR_INVALID naming
 * the member and what is allowed. */
MUST_USE bool query_settings_read(const struct fields *body, struct query_settings *settings, struct error *err);

/* Changes a public query as the body of REQ says: its settings, `state`, `follow_channels`, and its text, `query` with
 * `coverage` ("anew", the default, or "keep"). All of it or nothing. Errors: ERR_INVALID, those of store_query_set_text(). */
MUST_USE bool query_patch(struct app *app, const struct request *req, int64_t id, struct error *err);

/* The same, without a look at what else the body has. */
MUST_USE bool query_set_settings(struct app *app, const struct request *req, int64_t id, struct error *err);

/* The same of several, which the member `ids` names; no texts. Errors: ERR_INVALID, those of several_do(). */
MUST_USE bool query_patch_several(struct app *app, const struct request *req, struct several *out, struct error *err);

/* Whether LINE, of an import, has no members but `query` and those of query_patch_several(). Errors: ERR_INVALID. */
MUST_USE bool query_settings_allow(const struct fields *line, struct error *err);

/* Tracks the text that the body of LINE has, with its settings; both or nothing. Errors: ERR_INVALID, those of store_query_add(). */
MUST_USE bool query_track_with_settings(struct app *app, const struct request *line, enum query_added *added, struct error *err);
