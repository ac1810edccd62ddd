/*
 * Which query found which video. Of some videos a search gives the id only: these wait until videos.list is asked for the rest.
 * Errors as store.h says.
 */
#pragma once

#include <stdint.h>

#include "model/video.h"
#include "store/store.h"

/* Notes that the query found the video with key SEQ. *ADDED tells whether that is new: for FOUND_SEARCH also when another way had found
 * it, but no search. The query's rules may hide the match, and with it the video: then nothing has this key any more. */
MUST_USE bool store_match_save(struct store *store, int64_t query_id, int64_t seq, enum found_how how, int64_t now, bool *added,
                               struct error *err);

/* The same of a hidden video (VIDEO_HIDDEN), by its id. Errors: also ERR_NOT_FOUND when it is not hidden. */
MUST_USE bool store_match_save_hidden(struct store *store, int64_t query_id, const char *id, enum found_how how, int64_t now,
                                      bool *added, struct error *err);

/* Whether the query has found the video with this id, be it hidden. This and the next two count what is hidden: it was found. */
MUST_USE bool store_match_known(struct store *store, int64_t query_id, const char *id, bool *out, struct error *err);

/* When the first video that searches for the query gave from SINCE on was published; 0 when there is none. */
MUST_USE bool store_match_first_since(struct store *store, int64_t query_id, int64_t since, int64_t *out, struct error *err);

/* How many videos that searches for the query gave were published from SINCE to before UNTIL. */
MUST_USE bool store_match_count(struct store *store, int64_t query_id, int64_t since, int64_t until, int64_t *out,
                                struct error *err);

/* The query's videos published from SINCE to UNTIL that a search gave before should have been in an answer and were not: a few of them are
 * to be looked up soon (upkeep/refresh.h). *ANY tells whether there is one. */
MUST_USE bool store_match_doubt(struct store *store, int64_t query_id, int64_t since, int64_t until, int64_t now, bool *any,
                                struct error *err);

/* A search for the query gave the video ID without its content, or one that was gone before. A video that is in the database is
 * matched with the query at once, any other waits for videos.list; IS_BACKFILL: what that gives is no news (alerts/outbox.h). */
MUST_USE bool store_lookup_request(struct store *store, int64_t query_id, const char *id, bool is_backfill, int64_t now,
                                   struct error *err);
