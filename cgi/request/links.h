/* URLs of our own: below NEWSREEL_PUBLIC_URL when it is set, else beginning with '/'. */
#pragma once

#include "base/buf.h"
#include "config/config.h"
#include "listing/parameters.h"

/* The path of NEWSREEL_PUBLIC_URL, which all our paths begin with as others see them: "/newsreel", "" without one. Borrowed. */
const char *links_base_path(const struct config *config);

/* Appends what makes the links below absolute: nothing below NEWSREEL_PUBLIC_URL, else the scheme and the host asked for (the
 * address of NEWSREEL_LISTEN, if that is not known). */
void link_site(struct buf *out, const struct config *config, const struct request *req);

/* Appends the URL of PATH. */
void link_to(struct buf *out, const struct config *config, const char *path);

/* Appends the URL of page PAGE_NUMBER of the list at PATH ("/api/videos", "/") with filters, order, page size and count of
 * PARAMS; PATH may have parameters of its own. */
void link_to_page(struct buf *out, const struct config *config, const char *path, const struct video_query *params,
                  int64_t page_number);

/* The same list, continued after the video with key SEQ. */
void link_after(struct buf *out, const struct config *config, const char *path, const struct video_query *params, int64_t seq);

/* Appends one more parameter to a URL: "?name=value" with SEPARATOR '?', which becomes '&'. VALUE is encoded here. */
void link_add_parameter(struct buf *out, char *separator, const char *name, const char *value);

/* Tells TAKE the parameters that filter (listing/parameters.h), order, page size and count: all that stays from page to page. */
void links_each_parameter(const struct video_query *params, take_parameter *take, void *context);

/* Appends the parameters that filter. */
void link_add_filter(struct buf *out, char *separator, const struct video_query *params);

/* Page numbers around a page; 0 = there is none. Past the end, previous leads back to the last one. */
struct paging {
	int64_t previous;
	int64_t next;
	int64_t last; /* 0 also while the count is not exact */
};

/* For a page that was asked for by number. */
struct paging paging_of(const struct video_query *params, const struct video_page *page);
