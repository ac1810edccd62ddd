#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/request/gone_params.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "store/history/attrition.h"
#include "store/queries.h"

enum { PATH_BYTES = 1024, ATTRITION_PATH_SIZE = 64 };

const char *const attrition_parameters[] = {"page_number", "page", "page_size", NULL};

/* Opens the answer with what all lists by page number begin with, and its results. */
static void begin_list(struct writer *w, struct app *app, const char *path, const struct video_query *pages, int64_t count)
{
	const struct video_request *page = &pages->request;

	write_object(w, NULL);
	write_int(w, "count", count);
	write_int(w, "page_number", page->page_number);
	write_int(w, "page_size", page->page_size);
	write_list_link(w, app, "next", path, pages, page->page_number * page->page_size < count ? page->page_number + 1 : 0);
	write_list_link(w, app, "previous", path, pages, page->page_number - 1);
}

static int64_t skipped(const struct video_query *pages)
{
	return (pages->request.page_number - 1) * pages->request.page_size;
}

bool api_gone_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(gone_list_clear) struct gone_list list = {0};
	AUTO(buf_clear) struct buf path = BUF(PATH_BYTES);
	struct gone_params params;
	int64_t count;

	if (!gone_params_read(app, req, &params, err) || !store_gone_count(app->store, &params.filter, &count, err) ||
	    !store_gone_list(app->store, &params.filter, NULL, params.pages.request.page_size, skipped(&params.pages), &list,
	                     err))
		return false;
	struct writer w = response_json(res, 200);
	gone_params_write_path(&params, "/api/gone", &path);
	begin_list(&w, app, buf_text(&path), &params.pages, count);
	write_array(&w, "results");
	for (size_t i = 0; i < list.count; i++)
		gone_write_json(&w, &list.items[i]);
	write_end(&w);
	write_end(&w);
	return buf_ok(&path, err);
}

bool api_attrition_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(attrition_list_clear) struct attrition_list list = {0};
	struct attrition all;
	struct video_query pages;
	char path[ATTRITION_PATH_SIZE];
	int64_t id, count;

	if (!params_read_id(req, "query", &id, err) || !video_query_read(app_lists(app), req, &pages, err) ||
	    !store_query_get(app->store, id, app_now(app), &query, err) || !store_attrition_sum(app->store, id, &all, err) ||
	    !store_attrition_days(app->store, id, &count, err) ||
	    !store_attrition_list(app->store, id, pages.request.page_size, skipped(&pages), &list, err))
		return false;
	struct writer w = response_json(res, 200);
	snprintf(path, sizeof(path), "/api/queries/%lld/attrition", (long long)id);
	begin_list(&w, app, path, &pages, count);
	attrition_write_json(&w, "all", &all);
	write_array(&w, "results");
	for (size_t i = 0; i < list.count; i++)
		attrition_write_json(&w, NULL, &list.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}
