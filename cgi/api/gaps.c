#include <stdio.h>

#include "cgi/handlers.h"
#include "cgi/request/link_writer.h"
#include "http/params.h"
#include "store/coverage.h"
#include "store/queries.h"

enum { PATH_SIZE = 64 };

const char *const gaps_parameters[] = {"page_number", "page", "page_size", NULL};

bool api_gaps_list(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_clear) struct query query = {0};
	AUTO(coverage_clear) struct coverage gaps = {0};
	struct video_query params;
	const struct video_request *request = &params.request;
	char path[PATH_SIZE];
	int64_t id;

	if (!params_read_id(req, "query", &id, err) || !video_query_read(app_lists(app), req, &params, err) ||
	    !store_query_get(app->store, id, app_now(app), &query, err))
		return false;
	int64_t skipped = (request->page_number - 1) * request->page_size;
	if (!store_gaps_list(app->store, id, request->page_size, skipped, &gaps, err))
		return false;
	struct writer w = response_json(res, 200);
	snprintf(path, sizeof(path), "/api/queries/%lld/gaps", (long long)id);
	write_object(&w, NULL);
	write_int(&w, "count", query.gaps_count);
	write_int(&w, "page_number", request->page_number);
	write_int(&w, "page_size", request->page_size);
	write_list_link(&w, app, "next", path, &params,
	                skipped + request->page_size < query.gaps_count ? request->page_number + 1 : 0);
	write_list_link(&w, app, "previous", path, &params, request->page_number - 1);
	write_array(&w, "results");
	for (size_t i = 0; i < gaps.count; i++)
		gap_write_json(&w, &gaps.items[i]);
	write_end(&w);
	write_end(&w);
	return true;
}
