#include <stdio.h>
#include <string.h>

#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "cgi/request/query_filter.h"
#include "cgi/commands/queries.h"
#include "cgi/commands/query_settings.h"

enum { PATH_BYTES = 128, URL_BYTES = 4096 };

/* ---- answers ---- */

static bool answer_query(struct app *app, struct store *store, int64_t id, int status, bool for_owner, struct response *res,
                         struct error *err)
{
	AUTO(query_clear) struct query query = {0};

	if (!store_query_get(store, id, app_now(app), &query, err))
		return false;
	struct writer w = response_json(res, status);
	query_write_json(&w, &query, for_owner);
	return true;
}

/* As its owner wrote it just now. */
static bool answer_changed(struct app *app, int64_t id, int status, struct response *res, struct error *err)
{
	AUTO(databases_unlock) struct databases_lock db = {0};

	return databases_lock(&app->shared->databases, &db, err) && answer_query(app, db.served, id, status, true, res, err);
}

const char *const query_list_parameters[] = {"text", "group", "state", "sort", "page_number", "page_size", NULL};

/* Only where pages were asked for. */
static bool write_paging(struct app *app, struct writer *w, const struct query_filter *filter, int64_t last, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(URL_BYTES);
	const struct video_query params = {.request = {.page_size = filter->page_size}};

	if (filter->page_size == 0)
		return true;
	query_filter_path(filter, "/api/queries", &path);
	if (!buf_ok(&path, err))
		return false;
	write_int(w, "page_number", filter->page_number);
	write_int(w, "page_size", filter->page_size);
	write_list_link(w, app, "next", buf_text(&path), &params, filter->page_number < last ? filter->page_number + 1 : 0);
	write_list_link(w, app, "previous", buf_text(&path), &params,
	                filter->page_number - 1 > last ? last : filter->page_number - 1);
	return true;
}

bool api_queries_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	struct query_filter filter = {.standing = STANDING_COUNT, .order = ORDER_ADDED, .page_number = 1};
	enum access access;
	size_t from, to;

	if (!auth_read(app, req, &access, err) || !query_filter_read(req, &filter, err) ||
	    !store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), &queries, err) ||
	    !query_filter_apply(&filter, &queries, err))
		return false;
	int64_t last = query_filter_page(&filter, &queries, &from, &to);
	if (!store_queries_read_gaps(app->store, queries.items + from, to - from, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "count", (int64_t)queries.count);
	if (!write_paging(app, &w, &filter, last, err))
		return false;
	write_array(&w, "results");
	for (size_t i = from; i < to; i++)
		query_write_json(&w, &queries.items[i], access == ACCESS_OWNER);
	write_end(&w);
	write_end(&w);
	return true;
}

bool api_query_get(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	enum access access;
	int64_t id;

	return auth_read(app, req, &access, err) && params_read_id(req, "query", &id, err) &&
	       answer_query(app, app->store, id, 200, access == ACCESS_OWNER, res, err);
}

/* ---- adding ---- */

/* A visitor's query has no URL of its own: it is in no public answer. */
static void answer_visitor(const char *text, struct response *res)
{
	struct writer w = response_json(res, 202);

	write_object(&w, NULL);
	write_text(&w, "query", text);
	write_text(&w, "detail", "polled as soon as quota allows, and tracked for seven days after the last request");
	write_end(&w);
}

bool api_query_add(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	char location[PATH_BYTES];
	enum access access;
	enum query_added added;
	const char *text;
	int64_t id;

	if (!query_read_access(app, req, &access, err) || !query_read_text(req, &text, err))
		return false;
	if (access == ACCESS_VISITOR) {
		if (!query_request(app, req, text, err))
			return false;
		answer_visitor(text, res);
		return true;
	}
	if (!query_track(app, text, &id, &added, err))
		return false;
	snprintf(location, sizeof(location), "/api/queries/%lld", (long long)id);
	response_header(res, "Location", location);
	return answer_changed(app, id, added == QUERY_KNOWN ? 200 : 201, res, err);
}

/* ---- changing and removing ---- */

bool api_query_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t id;

	return params_read_id(req, "query", &id, err) && query_patch(app, req, id, err) && answer_changed(app, id, 200, res, err);
}

bool api_query_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	int64_t wants_purge = 0;
	int64_t id;

	if (!params_read_id(req, "query", &id, err) || !request_int(req, "purge", 0, 1, &wants_purge, err) ||
	    !query_set_state(app, id, ENTRY_REMOVED, err))
		return false;
	res->status = 204;
	return !wants_purge || query_purge(app, id, err);
}

/* ---- several at once ---- */

static void answer_several(const struct several *several, struct response *res)
{
	struct writer w = response_json(res, 200);

	write_object(&w, NULL);
	write_int(&w, "changed", (int64_t)several->changed);
	write_array(&w, "failed");
	for (size_t i = 0; i < several->failed_count; i++) {
		write_object(&w, NULL);
		write_int(&w, "id", several->failed[i].id);
		write_text(&w, "detail", several->failed[i].why.text);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
}

bool api_queries_change(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(several_clear) struct several several = {0};

	if (!query_patch_several(app, req, &several, err))
		return false;
	answer_several(&several, res);
	return true;
}

static bool remove_one(struct app *app, const struct request *req, int64_t id, struct error *err)
{
	(void)req;
	return query_set_state(app, id, ENTRY_REMOVED, err);
}

bool api_queries_remove(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(several_clear) struct several several = {0};
	struct id_list ids = {.count = 0};

	if (!several_read_ids("ids", fields_get(&req->query, "ids"), &ids, err) ||
	    !several_do(app, req, &ids, remove_one, &several, err))
		return false;
	answer_several(&several, res);
	return true;
}
