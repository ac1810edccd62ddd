#include "cgi/request/links.h"

#include <string.h>

#include "base/encoding.h"

const char *links_base_path(const struct config *config)
{
	const char *host = strstr(config->public_url, "://");

	return host ? host + strlen("://") + strcspn(host + strlen("://"), "/") : "";
}

void link_site(struct buf *out, const struct config *config, const struct request *req)
{
	if (!*config->public_url)
		buf_printf(out, "%s://%s", req->scheme, *req->host ? req->host : config->listen);
}

void link_to(struct buf *out, const struct config *config, const char *path)
{
	buf_add_text(out, config->public_url);
	buf_add_text(out, path);
}

void link_add_parameter(struct buf *out, char *separator, const char *name, const char *value)
{
	buf_add_char(out, *separator);
	buf_add_text(out, name);
	buf_add_char(out, '=');
	percent_encode_readable(out, value);
	*separator = '&';
}

/* ---- the parameters of a list ---- */

static void take_sort(const struct video_query *params, take_parameter *take, void *context)
{
	enum video_sort sort = params->forward ? SORT_RECORDED : params->request.sort;

	if (sort != params->default_sort)
		parameters_take_text(take, context, "sort", video_sort_name(sort));
}

static void take_size(const struct video_query *params, take_parameter *take, void *context)
{
	parameters_take_number(take, context, "page_size", params->request.page_size, params->default_page_size);
	if (params->request.counting == COUNT_EXACTLY)
		parameters_take_text(take, context, "count", "exact");
	parameters_take_text(take, context, "include", params->include);
}

void links_each_parameter(const struct video_query *params, take_parameter *take, void *context)
{
	parameters_of_filter(params, take, context);
	take_sort(params, take, context);
	take_size(params, take, context);
}

/* ---- links of a list ---- */

/* A URL that parameters are added to. */
struct link {
	struct buf *out;
	char separator;
};

static void add_to_link(void *context, const char *name, const char *value)
{
	struct link *link = context;

	link_add_parameter(link->out, &link->separator, name, value);
}

void link_add_filter(struct buf *out, char *separator, const struct video_query *params)
{
	struct link link = {out, *separator};

	parameters_of_filter(params, add_to_link, &link);
	*separator = link.separator;
}

void link_to_page(struct buf *out, const struct config *config, const char *path, const struct video_query *params,
                  int64_t page_number)
{
	struct link link = {out, strchr(path, '?') ? '&' : '?'};

	link_to(out, config, path);
	parameters_of_filter(params, add_to_link, &link);
	take_sort(params, add_to_link, &link);
	parameters_take_number(add_to_link, &link, "page_number", page_number, 1);
	take_size(params, add_to_link, &link);
}

void link_after(struct buf *out, const struct config *config, const char *path, const struct video_query *params, int64_t seq)
{
	struct link link = {out, '?'};
	char cursor[CURSOR_SIZE];

	if (params->forward)
		cursor_write_forward(seq, cursor);
	else
		cursor_write(params->request.sort, seq, cursor);
	link_to(out, config, path);
	parameters_of_filter(params, add_to_link, &link);
	take_sort(params, add_to_link, &link);
	parameters_take_text(add_to_link, &link, params->forward ? "after" : "cursor", cursor);
	take_size(params, add_to_link, &link);
}

struct paging paging_of(const struct video_query *params, const struct video_page *page)
{
	int64_t size = params->request.page_size;
	int64_t number = params->request.page_number;
	int64_t ranked = page->ranked_within && page->ranked_within < page->count ? page->ranked_within : page->count;
	int64_t pages = (ranked + size - 1) / size;

	if (params->request.with_hidden) /* it goes on by cursor */
		return (struct paging){0};
	struct paging paging = {.last = page->count_is_exact ? pages : 0, .next = page->more ? number + 1 : 0};

	if (number > 1)
		paging.previous = page->count_is_exact && number > pages + 1 ? (pages ? pages : 1) : number - 1;
	return paging;
}
