/* Page numbers below a list: ‹ 1 … 4 5 [6] 7 8 … 61 ›, for html/_pages.html. */
#pragma once

#include "cgi/request/links.h"
#include "base/json_writer.h"

/* The member `pages` {previous_url, numbers [{url, number, current}], next_url} of the list at PATH, which stands at the page that
 * PARAMS asks for; null when there is one page only. */
MUST_USE bool write_page_numbers(struct writer *w, const struct config *config, const char *path,
                                 const struct video_query *params, const struct paging *paging, struct error *err);
