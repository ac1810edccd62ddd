/* Who is asking: by the token in a header, or by the session of a signed-in browser. */
#pragma once

#include "cgi/request/context.h"
#include "http/session.h"
#include "store/video_search.h"

enum access { ACCESS_VISITOR, ACCESS_OWNER };

/* Finds out whether REQ has the right token, and whether it comes from a browser in a session that was not signed out; to be called
 * before all others. Counts wrong tokens, and notes now and then that the session is used. Without a database nobody is in a
 * session. Errors: as store.h. */
MUST_USE bool auth_find(struct app *app, struct request *req, struct error *err);

/* ACCESS_OWNER with the token or in a session, ACCESS_VISITOR with neither. Errors: ERR_UNAUTHORIZED with a wrong token,
 * ERR_TOO_OFTEN after many from the same address;
 * ERR_FORBIDDEN when a browser in a session would change something and the request lacks the session's CSRF token, or comes from
 * another site's page. */
MUST_USE bool auth_read(const struct app *app, const struct request *req, enum access *out, struct error *err);

/* The same for what monitoring reads: its token is as good as the owner's. */
MUST_USE bool auth_read_metrics(const struct app *app, const struct request *req, enum access *out, struct error *err);

/* Errors: as auth_read(), and ERR_UNAUTHORIZED unless it is the owner. */
MUST_USE bool auth_need_owner(const struct app *app, const struct request *req, struct error *err);

/* Whether the owner asks, for what is only shown: false with a wrong token. */
bool auth_is_owner(const struct app *app, const struct request *req);

/* Whether a page of ours sent the request, as far as the browser tells. Errors: ERR_FORBIDDEN. */
MUST_USE bool auth_check_origin(const struct app *app, const struct request *req, struct error *err);

/* Whether REQ may have the list that LIST asks for: what is hidden is the owner's. Errors: as auth_need_owner(). */
MUST_USE bool auth_may_list(const struct app *app, const struct request *req, const struct video_request *list,
                            struct error *err);
