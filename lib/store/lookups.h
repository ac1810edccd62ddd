/* Videos of which a search told the id only: videos.list is asked for the rest. Errors as store.h says. */
#pragma once

#include "store/store.h"

/* So long after its going a video is asked for again: it may have been private for a while only. */
enum { BACK_DAYS = 7 };

/* A search for the query gave the video ID without its content, or one that was gone before. One that is in the record is
 * matched with the query at once, any other waits for videos.list. */
MUST_USE bool store_lookup_request(struct store *store, int64_t query_id, const char *id, int64_t now, struct error *err);

/* Inside lib/store: the video ID is in the record now, under SEQ: every query that waited for it found it. */
MUST_USE bool lookup_found(struct store *store, const char *id, int64_t seq, struct error *err);

/* Inside lib/store: videos.list did not have ID: asked again a day later, forgotten after the second time. */
MUST_USE bool lookup_missed(struct store *store, const char *id, int64_t now, struct error *err);
