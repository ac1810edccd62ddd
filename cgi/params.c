#include "cgi/params.h"

#include <string.h>

#include "base/text.h"
#include "store/queries.h"

/* Far beyond any record, and safe to multiply. */
enum { PAGE_NUMBER_MAX = 1000000000 };

const char *const list_parameters[] = {"query", "tracked", "page_number", "page", "page_size", NULL};

static bool check_tracked(struct app *app, int64_t id, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	if (id == 0 || store_query_get(app->store, id, app_now(app), &query, err))
		return true;
	if (err->code == ERR_NOT_FOUND)
		return error_set(err, ERR_INVALID, "tracked=%lld: there is no tracked query with this id", (long long)id);
	return false;
}

static bool check_search_text(const char *text, struct error *err)
{
	size_t length = text ? text_length(text) : 0;

	return length <= SEARCH_LENGTH_MAX ||
	       error_set(err, ERR_INVALID, "query: %zu characters, at most %d are allowed", length, SEARCH_LENGTH_MAX);
}

bool params_read_list(struct app *app, const struct request *req, struct list_params *out, struct error *err)
{
	struct list_params params = {
	    .filter = {.words = fields_get(&req->query, "query")},
	    .page_number = 1,
	    .page_size = app->shared->config->page_size,
	    .default_page_size = app->shared->config->page_size,
	};

	if (fields_get(&req->query, "page") && fields_get(&req->query, "page_number"))
		return error_set(err, ERR_INVALID, "page and page_number mean the same: one is allowed");
	if (!check_search_text(params.filter.words, err) ||
	    !request_int(req, "page", 1, PAGE_NUMBER_MAX, &params.page_number, err) ||
	    !request_int(req, "page_number", 1, PAGE_NUMBER_MAX, &params.page_number, err) ||
	    !request_int(req, "page_size", 1, PAGE_SIZE_MAX, &params.page_size, err) ||
	    !request_int(req, "tracked", 1, INT64_MAX, &params.filter.query_id, err) ||
	    !check_tracked(app, params.filter.query_id, err))
		return false;
	*out = params;
	return true;
}

bool params_load_page(struct app *app, const struct list_params *params, struct video_page *out, struct error *err)
{
	return store_videos_page(app->store, &params->filter, params->page_number, params->page_size, out, err);
}

bool params_read_id(const struct request *req, const char *what, int64_t *out, struct error *err)
{
	const char *text = fields_get(&req->captures, "id");

	return (text && text_int(text, 1, INT64_MAX, out)) || error_set(err, ERR_NOT_FOUND, "there is no %s with this id", what);
}

bool params_body_only(const struct request *req, const char *const names[], struct error *err)
{
	return fields_allow_only(&req->body, names, "member", err);
}

bool params_read_state(const struct request *req, const char *active, enum presence *out, struct error *err)
{
	static const char *const members[] = {"state", NULL};
	const char *state = fields_get(&req->body, "state");

	if (!params_body_only(req, members, err))
		return false;
	if (state && strcmp(state, active) == 0)
		*out = PRESENCE_ACTIVE;
	else if (state && strcmp(state, "paused") == 0)
		*out = PRESENCE_PAUSED_BY_OWNER;
	else
		return error_set(err, ERR_INVALID, "state: '%s' or 'paused' is allowed", active);
	return true;
}
