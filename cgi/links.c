#include "cgi/links.h"

#include <string.h>

const char *links_base_path(const struct config *config)
{
	const char *host = strstr(config->public_url, "://");

	return host ? host + strlen("://") + strcspn(host + strlen("://"), "/") : "";
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

void link_to_page(struct buf *out, const struct config *config, const char *path, const struct list_params *params,
                  int64_t page_number)
{
	char separator = '?';

	link_to(out, config, path);
	if (params->filter.words && *params->filter.words) {
		buf_printf(out, "%cquery=", separator);
		add_encoded(out, params->filter.words);
		separator = '&';
	}
	if (params->filter.query_id) {
		buf_printf(out, "%ctracked=%lld", separator, (long long)params->filter.query_id);
		separator = '&';
	}
	if (page_number > 1) {
		buf_printf(out, "%cpage_number=%lld", separator, (long long)page_number);
		separator = '&';
	}
	if (params->page_size != params->default_page_size)
		buf_printf(out, "%cpage_size=%lld", separator, (long long)params->page_size);
}

struct paging paging_of(const struct list_params *params, const struct video_page *page)
{
	int64_t pages = (page->count + params->page_size - 1) / params->page_size;
	bool full = (int64_t)page->videos.count == params->page_size;
	bool more = page->count_is_exact ? params->page_number < pages : full;
	struct paging paging = {.last = page->count_is_exact ? pages : 0};

	if (more)
		paging.next = params->page_number + 1;
	if (params->page_number > 1)
		paging.previous = page->count_is_exact && params->page_number > pages + 1 ? pages : params->page_number - 1;
	return paging;
}
