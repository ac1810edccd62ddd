#include "cgi/links.h"

#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"

enum { NUMBER_SIZE = 24 };

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

/* Percent-encodes a value for a query string. */
static void add_encoded(struct buf *out, const char *text)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text; text++) {
		if (strchr(unreserved, *text))
			buf_add_char(out, *text);
		else if (*text == ' ')
			buf_add_char(out, '+');
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
	}
}

void link_add_parameter(struct buf *out, char *separator, const char *name, const char *value)
{
	buf_add_char(out, *separator);
	buf_add_text(out, name);
	buf_add_char(out, '=');
	add_encoded(out, value);
	*separator = '&';
}

static void add_text(struct buf *out, char *separator, const char *name, const char *value)
{
	if (value && *value)
		link_add_parameter(out, separator, name, value);
}

static void add_number(struct buf *out, char *separator, const char *name, int64_t value, int64_t otherwise)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	if (value != otherwise)
		link_add_parameter(out, separator, name, text);
}

static void add_time(struct buf *out, char *separator, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	if (!time)
		return;
	timestamp_format(time, text);
	/* A colon may stand in a query string as it is (RFC 3986 section 3.4), and reads better so. */
	buf_printf(out, "%c%s=%s", *separator, name, text);
	*separator = '&';
}

void link_add_filter(struct buf *out, char *separator, const struct list_params *params)
{
	const struct video_filter *filter = &params->request.filter;

	add_text(out, separator, "query", filter->words);
	add_number(out, separator, "tracked", filter->query_id, 0);
	add_text(out, separator, "channel", filter->channel_id);
	add_text(out, separator, "within", params->within);
	if (!params->within)
		add_time(out, separator, "published_after", filter->published_after);
	add_time(out, separator, "published_before", filter->published_before);
	add_text(out, separator, "kind", filter->one_kind ? video_kind_name(filter->kind) : NULL);
	add_number(out, separator, "min_duration", filter->min_duration_s, 0);
	add_number(out, separator, "max_duration", filter->max_duration_s, 0);
}

static void add_list(struct buf *out, const struct config *config, const char *path, const struct list_params *params,
                     char *separator)
{
	const struct video_request *request = &params->request;

	link_to(out, config, path);
	link_add_filter(out, separator, params);
	if (request->sort != SORT_NEWEST)
		add_text(out, separator, "sort", video_sort_name(request->sort));
}

static void add_page_size(struct buf *out, const struct list_params *params, char *separator)
{
	add_number(out, separator, "page_size", params->request.page_size, params->default_page_size);
	if (params->request.counting == COUNT_EXACTLY)
		add_text(out, separator, "count", "exact");
}

void link_to_page(struct buf *out, const struct config *config, const char *path, const struct list_params *params,
                  int64_t page_number)
{
	char separator = '?';

	add_list(out, config, path, params, &separator);
	add_number(out, &separator, "page_number", page_number, 1);
	add_page_size(out, params, &separator);
}

void link_behind(struct buf *out, const struct config *config, const char *path, const struct list_params *params, int64_t seq)
{
	char separator = '?';
	char cursor[CURSOR_SIZE];

	cursor_write(params->request.sort, seq, cursor);
	add_list(out, config, path, params, &separator);
	add_text(out, &separator, "cursor", cursor);
	add_page_size(out, params, &separator);
}

struct paging paging_of(const struct list_params *params, const struct video_page *page)
{
	int64_t size = params->request.page_size;
	int64_t number = params->request.page_number;
	int64_t listed = page->ranked_within && page->ranked_within < page->count ? page->ranked_within : page->count;
	int64_t pages = (listed + size - 1) / size;
	struct paging paging = {.last = page->count_is_exact ? pages : 0, .next = page->more ? number + 1 : 0};

	if (number > 1)
		paging.previous = page->count_is_exact && number > pages + 1 ? (pages ? pages : 1) : number - 1;
	return paging;
}
