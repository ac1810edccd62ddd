/* Signing in and out: the sessions of the owner's browsers. Errors as store.h says. */
#pragma once

#include "cgi/request/context.h"
#include "http/session.h"

/* Begins a session of the browser that sends REQ; VALUE becomes that of its cookie. In the demo it is one of the live database too, to
 * which the same browser comes once there is a key. */
MUST_USE bool session_sign_in(struct app *app, const struct request *req, char value[SESSION_VALUE_SIZE], struct error *err);

/* Ends the session of REQ, if it is in one; or, with EVERYWHERE, those of all browsers. */
MUST_USE bool session_sign_out(struct app *app, const struct request *req, bool everywhere, struct error *err);
