/* The document that describes the API (cgi/api/openapi.json, built in): served as it is, and the source of the page that shows it. */
#pragma once

#include "base/json.h"
#include "cgi/request/context.h"

/* The document with this version and the base of our links. The caller's to release with json_free(). Errors: ERR_INTERNAL,
 * ERR_NO_MEMORY. */
MUST_USE bool openapi_load(const struct app *app, cJSON **out, struct error *err);

/* The member NAME of an object, or what its $ref points to inside DOCUMENT. NULL when there is none. Borrowed. */
const cJSON *openapi_get(const cJSON *document, const cJSON *parent, const char *name);

/* VALUE itself, or what its $ref points to. */
const cJSON *openapi_resolve(const cJSON *document, const cJSON *value);
