/*
 * What visitors' requests found. It lies apart from all other videos, so that no public answer has any of it: only the list of exactly
 * the text of the request does (video_search.h). It becomes public as soon as a query of the owner's, or an import, gives the video
 * too, or the owner tracks the text. Errors as store.h says.
 */
#pragma once

#include "model/video.h"
#include "store/store.h"

/* Whether the query is a visitor's request: a run has to ask, for the owner may have taken it over meanwhile. */
MUST_USE bool store_visitors_have(struct store *store, int64_t query_id, bool *out, struct error *err);

/* A visitor's request for TEXT, checked by query_check: it takes one of LIMIT slots. Each REQUESTER, a text that tells one from another,
 * may have a quarter of them. *TAKEN is false when none is free for REQUESTER, whether TEXT is tracked already or not: who asks does
 * not learn which. A request that is tracked lives on from NOW in any case. */
MUST_USE bool store_visitors_request(struct store *store, const char *text, const char *requester, int64_t limit, int64_t now,
                                     bool *taken, struct error *err);

/* Notes that a visitor's query found VIDEO: publicly known ones become a match of the query and are left as they are; others are
 * saved apart, unless they are in quarantine. *ADDED tells whether the query had not found it before. Errors: ERR_INVALID as
 * store_video_save(). */
MUST_USE bool store_visitors_save(struct store *store, int64_t query_id, const struct video *video, int64_t now, bool *added,
                                  struct error *err);

/* Makes the video ID, which only visitors' requests found, public: a tracked query has found it too. *PUBLISHED tells whether it was one. It may
 * be hidden from then on. */
MUST_USE bool store_visitors_publish(struct store *store, const char *id, int64_t now, bool *published, struct error *err);

/* Deletes what nobody may see any longer: finds and requesters of removed requests, and content last given before BEFORE. */
MUST_USE bool store_visitors_purge(struct store *store, int64_t before, struct error *err);

/* A number that grows with what visitors' requests found and with the requests themselves. With WORDS 0 unless they are the text of a
 * request that is tracked; with NULL, for the owner, in any case. */
MUST_USE bool store_visitors_generation(struct store *store, const char *words, int64_t *out, struct error *err);

/* A number that grows with everything that anybody but the owner may see. */
MUST_USE bool store_visible_state(struct store *store, int64_t *out, struct error *err);
