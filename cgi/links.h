/* URLs of our own: below NEWSREEL_PUBLIC_URL when it is set, else beginning with '/'. */
#pragma once

#include "base/buf.h"
#include "cgi/params.h"

/* The path of NEWSREEL_PUBLIC_URL, which all our paths begin with as others see them: "/newsreel", "" without one. Borrowed. */
const char *links_base_path(const struct config *config);

/* Appends the URL of PATH. */
void link_to(struct buf *out, const struct config *config, const char *path);

/* Appends the URL of page PAGE_NUMBER of the list at PATH ("/api/videos", "/") with the filters of PARAMS. */
void link_to_page(struct buf *out, const struct config *config, const char *path, const struct list_params *params,
                  int64_t page_number);

/* Page numbers around a page; 0 = there is none. Past the end, previous leads back to the last one. */
struct paging {
	int64_t previous;
	int64_t next;
	int64_t last; /* 0 also while the count is not exact */
};

struct paging paging_of(const struct list_params *params, const struct video_page *page);
