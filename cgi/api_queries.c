#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/text.h"
#include "cgi/access.h"
#include "cgi/handlers.h"
#include "cgi/params.h"
#include "cgi/views.h"
#include "store/queries.h"

enum { PURGE_STEP = 200, PATH_BYTES = 128 };

/* ---- answers ---- */

static bool answer_query(struct app *app, struct store *store, int64_t id, int status, struct response *res, struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	if (!store_query_get(store, id, app_now(app), &query, err))
		return false;
	struct writer w = view_json(res, status);
	write_object(&w, NULL);
	view_query(&w, &query);
	write_end(&w);
	return true;
}

bool api_queries_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};

	(void)req;
	if (!store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err))
		return false;
	struct writer w = view_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", (int64_t)queries.count);
	write_array(&w, "results");
	for (size_t i = 0; i < queries.count; i++) {
		write_object(&w, NULL);
		view_query(&w, &queries.items[i]);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_query_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	return params_read_id(req, "query", &id, err) && answer_query(app, app->store, id, 200, res, err);
}

/* ---- adding ---- */

static bool read_text(const struct request *req, const char **text, struct error *err)
{
	static const char *const members[] = {"query", NULL};

	if (!params_body_only(req, members, err))
		return false;
	*text = fields_get(&req->body, "query");
	return *text || error_set(err, ERR_INVALID, "query: the search to track is missing");
}

static bool check_text(const char *text, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;

	return text_squeeze(text, &squeezed, err) && (config_check_query(squeezed, err) || error_wrap(err, "query"));
}

static bool may_add(const struct app *app, enum access access, struct error *err)
{
	return access == ACCESS_OWNER || app->shared->config->visitor_queries > 0 ||
	       error_set(err, ERR_FORBIDDEN, "this site records no searches of visitors");
}

/* In the demo the owner's query goes to the real record as well: it must not be lost when the demo ends. */
static bool add(struct app *app, const struct writing *writing, const char *text, enum access access, int64_t *id,
                enum query_added *added, struct error *err)
{
	int64_t limit = app->shared->config->visitor_queries;
	enum origin origin = access == ACCESS_OWNER ? ORIGIN_OWNER : ORIGIN_VISITOR;
	enum query_added ignored;

	if (writing->real != writing->shown && access == ACCESS_OWNER &&
	    !store_query_add(writing->real, text, origin, limit, app_now(app), id, &ignored, err))
		return false;
	return store_query_add(writing->shown, text, origin, limit, app_now(app), id, added, err);
}

/* A visitor's query has no address of its own: it is in no public answer. */
static void answer_visitor(const char *text, struct response *res)
{
	struct writer w = view_json(res, 202);

	write_object(&w, NULL);
	write_text(&w, "query", text);
	write_text(&w, "detail", "recorded as soon as a search is to spare, for seven days after somebody last asked for it");
	write_end(&w);
}

bool api_query_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	char location[PATH_BYTES];
	enum access access;
	enum query_added added;
	const char *text;
	int64_t id;

	if (!access_read(app, req, &access, err) || !read_text(req, &text, err) || !check_text(text, err) ||
	    !may_add(app, access, err) || !writing_begin(&app->shared->records, &writing, err) ||
	    !add(app, &writing, text, access, &id, &added, err))
		return false;
	if (access == ACCESS_VISITOR) {
		answer_visitor(text, res);
		return true;
	}
	snprintf(location, sizeof(location), "/api/queries/%lld", (long long)id);
	response_header(res, "Location", location);
	return answer_query(app, writing.shown, id, added == QUERY_KNOWN ? 200 : 201, res, err);
}

/* ---- changing ---- */

/* The id that the query has in the real record, 0 when it has none. In the demo the same text has two ids. */
static bool twin_of(struct app *app, const struct writing *writing, int64_t id, int64_t *twin, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(query_list_clear) struct query_list others = {0};

	*twin = 0;
	if (writing->real == writing->shown)
		return true;
	if (!store_query_get(writing->shown, id, app_now(app), &query, err) ||
	    !store_queries_list(writing->real, QUERIES_PUBLIC, app_now(app), &others, err))
		return false;
	for (size_t i = 0; i < others.count; i++)
		if (strcmp(others.items[i].text, query.text) == 0)
			*twin = others.items[i].id;
	return true;
}

static bool set_presence(struct app *app, const struct writing *writing, int64_t id, enum presence presence, struct error *err)
{
	int64_t twin;

	return twin_of(app, writing, id, &twin, err) && store_query_set_presence(writing->shown, id, presence, err) &&
	       (!twin || store_query_set_presence(writing->real, twin, presence, err));
}

bool api_query_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(writing_end) struct writing writing = {0};
	enum presence presence = PRESENCE_ACTIVE;
	int64_t id;

	return params_read_id(req, "query", &id, err) && params_read_state(req, "active", &presence, err) &&
	       writing_begin(&app->shared->records, &writing, err) && set_presence(app, &writing, id, presence, err) &&
	       answer_query(app, writing.shown, id, 200, res, err);
}

/* ---- removing ---- */

/* In steps, so that others may write in between. */
static bool purge(struct app *app, int64_t id, struct error *err)
{
	for (bool left = true; left;) {
		AUTO(writing_end) struct writing writing = {0};

		if (!writing_begin(&app->shared->records, &writing, err) ||
		    !store_query_purge(writing.shown, id, PURGE_STEP, &left, err))
			return false;
	}
	return true;
}

bool api_query_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t wants_purge = 0;
	int64_t id;

	if (!params_read_id(req, "query", &id, err) || !request_int(req, "purge", 0, 1, &wants_purge, err))
		return false;
	{
		AUTO(writing_end) struct writing writing = {0};

		if (!writing_begin(&app->shared->records, &writing, err) ||
		    !set_presence(app, &writing, id, PRESENCE_REMOVED, err))
			return false;
	}
	res->status = 204;
	return !wants_purge || purge(app, id, err);
}
