#include "cgi/pages/widgets/page_numbers.h"

#include "cgi/pages/widgets/parts.h"
#include "cgi/request/link_writer.h"

enum { AROUND = 2 /* numbers on either side of the current one */ };

/* A list's page numbers being written. */
struct numbers {
	struct writer *w;
	const struct app *app;
	const char *path;
	const struct video_query *params;
};

/* 0 is the gap between numbers. */
static void write_number(const struct numbers *n, int64_t number)
{
	write_object(n->w, NULL);
	write_list_link(n->w, n->app, "url", n->path, n->params, number);
	page_write_number(n->w, "number", number);
	write_bool(n->w, "current", number == n->params->request.page_number);
	write_end(n->w);
}

static void write_numbers(const struct numbers *n, const struct paging *paging)
{
	int64_t current = n->params->request.page_number;
	int64_t last = paging->last ? paging->last : paging->next ? paging->next : current;
	int64_t from = current - AROUND > 1 ? current - AROUND : 1;
	int64_t to = current + AROUND < last ? current + AROUND : last;

	write_array(n->w, "numbers");
	if (from > 1)
		write_number(n, 1);
	if (from > 2)
		write_number(n, 0);
	for (int64_t number = from; number <= to; number++)
		write_number(n, number);
	if (to < last - 1)
		write_number(n, 0);
	if (to < last)
		write_number(n, last);
	write_end(n->w);
}

void write_page_numbers(struct writer *w, const struct app *app, const char *path, const struct video_query *params,
                        const struct paging *paging)
{
	const struct numbers n = {.w = w, .app = app, .path = path, .params = params};

	if (!paging->next && !paging->previous) {
		write_null(w, "pages");
		return;
	}
	write_object(w, "pages");
	write_list_link(w, app, "previous_url", path, params, paging->previous);
	write_numbers(&n, paging);
	write_list_link(w, app, "next_url", path, params, paging->next);
	write_end(w);
}
