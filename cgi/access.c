#include "cgi/access.h"

#include <string.h>
#include <strings.h>

#include "base/secret.h"

static const char scheme[] = "Bearer ";

bool access_read(const struct app *app, const struct request *req, enum access *out, struct error *err)
{
	const char *authorization = req->authorization ? req->authorization : "";

	*out = ACCESS_VISITOR;
	if (!*authorization)
		return true;
	if (strncasecmp(authorization, scheme, strlen(scheme)) != 0 ||
	    !secret_equal(authorization + strlen(scheme), app->shared->admin_token))
		return error_set(err, ERR_UNAUTHORIZED, "this is not the token");
	*out = ACCESS_OWNER;
	return true;
}

bool access_need_owner(const struct app *app, const struct request *req, struct error *err)
{
	enum access access;

	return access_read(app, req, &access, err) &&
	       (access == ACCESS_OWNER || error_set(err, ERR_UNAUTHORIZED, "this needs the token: Authorization: Bearer TOKEN"));
}
