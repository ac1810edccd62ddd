/* What the feeds of videos share: which videos, and the links between their pages (RFC 5005). */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/links.h"

enum { FEED_URL_BYTES = 8 * 1024 };

struct feed {
	struct app *app;
	const struct request *req;
	const char *path; /* of the feed: "/feeds/videos.atom" */
	struct video_query params;
	struct video_page page;
	char *title;
	int64_t *changed_at; /* of each video of the page, when its texts or its picture last changed; 0 = not that we know of */
	int64_t updated_at;  /* when the newest video came to be known, was published, or changed; 0 without any */
};

/* Reads the same parameters as /api/videos, by default in the order of recording, and the page they ask for. AUTO(feed_clear)
 * struct feed feed = {0}; Errors: as video_query_read() and store_videos_page(). */
MUST_USE bool feed_load(struct app *app, const struct request *req, const char *path, struct feed *out, struct error *err);
void feed_clear(struct feed *feed);

/* The pages around this one. */
enum feed_page { FEED_SELF, FEED_FIRST, FEED_PREVIOUS, FEED_NEXT, FEED_LAST };

/* Writes the absolute URL of a page of this feed into the empty buffer OUT; nothing when there is no such page. */
void feed_url(const struct feed *feed, enum feed_page which, struct buf *out);

/* The absolute URL of PATH, with the filters of the feed: its page for people. */
void feed_url_of(const struct feed *feed, const char *path, struct buf *out);

/* Writes `authors`, an array with the channel of VIDEO as {name, url}. False when it is not known, and nothing is written. */
bool feed_write_authors(struct writer *w, const struct video *video);
