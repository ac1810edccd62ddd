#include "cgi/pages/widgets/page_numbers.h"

#include "cgi/request/format.h"

enum { URL_BYTES = 8 * 1024, AROUND = 2 /* numbers on either side of the current one */ };

/* A list's page numbers being written. */
struct numbers {
	struct writer *w;
	const struct config *config;
	const char *path;
	const struct video_query *params;
};

/* The link to page NUMBER, 0 = there is none. */
static bool write_link(const struct numbers *n, const char *name, int64_t number, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);

	if (number)
		link_to_page(&url, n->config, n->path, n->params, number);
	if (!buf_ok(&url, err))
		return false;
	write_text(n->w, name, number ? buf_text(&url) : NULL);
	return true;
}

/* 0 stands for those that are left out. */
static bool write_number(const struct numbers *n, int64_t number, struct error *err)
{
	char words[FORMAT_SIZE];

	write_object(n->w, NULL);
	if (!write_link(n, "url", number, err))
		return false;
	format_count(number, words);
	write_text(n->w, "number", words);
	write_bool(n->w, "current", number == n->params->request.page_number);
	write_end(n->w);
	return true;
}

static bool write_numbers(const struct numbers *n, const struct paging *paging, struct error *err)
{
	int64_t current = n->params->request.page_number;
	int64_t last = paging->last ? paging->last : paging->next ? paging->next : current;
	int64_t from = current - AROUND > 1 ? current - AROUND : 1;
	int64_t to = current + AROUND < last ? current + AROUND : last;

	write_array(n->w, "numbers");
	if (from > 1 && !write_number(n, 1, err))
		return false;
	if (from > 2 && !write_number(n, 0, err))
		return false;
	for (int64_t number = from; number <= to; number++)
		if (!write_number(n, number, err))
			return false;
	if (to < last - 1 && !write_number(n, 0, err))
		return false;
	if (to < last && !write_number(n, last, err))
		return false;
	write_end(n->w);
	return true;
}

bool write_page_numbers(struct writer *w, const struct config *config, const char *path, const struct video_query *params,
                        const struct paging *paging, struct error *err)
{
	const struct numbers n = {.w = w, .config = config, .path = path, .params = params};

	if (!paging->next && !paging->previous) {
		write_null(w, "pages");
		return true;
	}
	write_object(w, "pages");
	if (!write_link(&n, "previous_url", paging->previous, err) || !write_numbers(&n, paging, err) ||
	    !write_link(&n, "next_url", paging->next, err))
		return false;
	write_end(w);
	return true;
}
