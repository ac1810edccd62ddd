/* Page numbers below a list: ‹ 1 … 4 5 [6] 7 8 … 61 ›, for html/_pages.html. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "cgi/request/links.h"

/* The member `pages` {previous_url, numbers [{url, number, current}], next_url} of the list at PATH, whose current page is the one
 * that PARAMS asks for; null when there is one page only. */
void write_page_numbers(struct writer *w, const struct app *app, const char *path, const struct video_query *params,
                        const struct paging *paging);
