#include "cgi/request/auth.h"
#include "cgi/handlers.h"
#include "store/status.h"

/* What `newsreel-fetch --status --json` prints; what concerns keys and quota is for the owner. */
bool api_status(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(status_clear) struct status status = {0};
	const struct config *config = app->shared->config;
	struct quota_defaults quota = config_quota_defaults(config);
	enum access access;

	if (!auth_read(app, req, &access, err) ||
	    !store_status_read(app->store, &quota, config->interval_s, app_now(app), &status, err))
		return false;
	struct writer w = response_json(res, 200);
	status_write_json(&w, &status, access == ACCESS_OWNER);
	return true;
}
