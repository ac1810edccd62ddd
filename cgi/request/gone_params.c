#include "cgi/request/gone_params.h"

#include "cgi/request/links.h"
#include "http/params.h"

#define FILTERS "tracked", "since", "until"

const char *const gone_parameters[] = {FILTERS, "page_number", "page", "page_size", NULL};
const char *const gone_csv_parameters[] = {FILTERS, NULL};

bool gone_params_read(struct app *app, const struct request *req, struct gone_params *out, struct error *err)
{
	struct gone_params params = {.since = fields_get(&req->query, "since"), .until = fields_get(&req->query, "until")};
	struct gone_filter *filter = &params.filter;

	if (!video_query_read(app_lists(app), req, &params.pages, err) ||
	    !params_read_time(&req->query, "since", &filter->since, err) ||
	    !params_read_time(&req->query, "until", &filter->until, err))
		return false;
	if (filter->until && filter->until <= filter->since)
		return error_set_value(err, ERR_INVALID, "until", params.until, "must be later than since");
	filter->query_id = params.pages.request.filter.query_id;
	*out = params;
	return true;
}

void gone_params_write_path(const struct gone_params *params, const char *path, struct buf *out)
{
	char separator = '?';

	buf_add_text(out, path);
	if (params->since)
		link_add_parameter(out, &separator, "since", params->since);
	if (params->until)
		link_add_parameter(out, &separator, "until", params->until);
}
