#include "cgi/request/auth.h"
#include "cgi/handlers.h"
#include "store/queries.h"

/* What `newsreel-fetch --status --json` prints; what concerns keys and quota is for the owner. */
bool api_status(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(status_clear) struct status status = {0};
	enum access access;

	if (!auth_read(app, req, &access, err) || !app_status(app, &status, err) ||
	    !store_queries_read_gaps(app->store, status.queries.items, status.queries.count, err))
		return false;
	struct writer w = response_json(res, 200);
	status_write_json(&w, &status, access == ACCESS_OWNER);
	return true;
}
