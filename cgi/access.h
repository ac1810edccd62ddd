/* Who is asking. */
#pragma once

#include "cgi/app.h"

enum access { ACCESS_VISITOR, ACCESS_OWNER };

/* ACCESS_OWNER with the token, ACCESS_VISITOR without any. Errors: ERR_UNAUTHORIZED with a wrong one. */
MUST_USE bool access_read(const struct app *app, const struct request *req, enum access *out, struct error *err);

/* Errors: ERR_UNAUTHORIZED unless it is the owner. */
MUST_USE bool access_need_owner(const struct app *app, const struct request *req, struct error *err);
