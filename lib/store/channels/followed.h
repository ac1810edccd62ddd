/*
 * Channels whose uploads lists are read: followed for tracked queries of which two videos or more are theirs, or the source of one.
 * Visitors' requests follow none. Errors as store.h says.
 */
#pragma once

#include "model/followed_channel.h"
#include "model/query.h"
#include "model/youtube_url.h"
#include "search/title_match.h"
#include "store/store.h"

/* ---- channels ---- */

/* Those that an active query follows, by id. */
MUST_USE bool store_followed_list(struct store *store, struct followed_list *out, struct error *err);

/* How many these are. */
MUST_USE bool store_followed_count(struct store *store, int64_t *out, struct error *err);

/* The query found the video with key SEQ: if that is the second of its channel, or a later one, and the query follows channels, this one
 * is followed from now on. */
MUST_USE bool store_follow(struct store *store, int64_t query_id, int64_t seq, int64_t now, struct error *err);

/* A step of the same for matches from before: an earlier version's, and those that a query made while it followed no channels. It follows
 * the channels of two or more that have one of the last FOLLOWED_SILENT_DAYS. Each step is a short transaction. *MORE tells whether there was
 * something to do: then there may be another. */
MUST_USE bool store_follow_known(struct store *store, int64_t now, bool *more, struct error *err);

/* Writes the numbers of CHANNEL, after a reading or a failure. */
MUST_USE bool store_followed_write(struct store *store, const struct followed_channel *channel, struct error *err);

/* The channel with this id is no longer followed, until a query finds a video of it anew. */
MUST_USE bool store_followed_end(struct store *store, int64_t channel, struct error *err);

/* ---- queries ---- */

/* An active query of the owner's that takes videos from channels. */
struct follower {
	int64_t id;
	char channel_id[CHANNEL_ID_SIZE]; /* its source, all of whose uploads are its own; "" = videos whose title matches */
	int64_t since;                    /* these only: from where it is covered, or from its START_DAYS before it was made */
	struct title_words words;
};

struct follower_list {
	struct follower *items;
	size_t count;
};

void follower_list_clear(struct follower_list *list);

/* All of them, by id. */
MUST_USE bool store_followers_list(struct store *store, int64_t start_days, struct follower_list *out, struct error *err);

/* ---- sources ---- */

/* A query whose source is a channel, of which only the name is known. */
struct source {
	int64_t query_id;
	char name[CHANNEL_NAME_SIZE]; /* "@handle", or its id */
};

/* The next active one that may be asked for at NOW; OUT->query_id 0 when there is none. */
MUST_USE bool store_source_next(struct store *store, int64_t now, struct source *out, struct error *err);

/* The source of the query is the channel CHANNEL_ID of this TITLE ("" = unknown): it is followed from now on. */
MUST_USE bool store_source_set(struct store *store, int64_t query_id, const char *channel_id, const char *title, int64_t now,
                               struct error *err);

/* It is not known which channel the query's source is; the next time to ask is NEXT_AT. FAILURE says why. */
MUST_USE bool store_source_failed(struct store *store, int64_t query_id, const char *failure, int64_t now, int64_t next_at,
                                  struct error *err);

/* The list of the channel with this id was read at NOW, or could not be (FAILURE, else NULL): noted in the queries whose source it is. */
MUST_USE bool store_source_note(struct store *store, int64_t channel, int64_t now, const char *failure, struct error *err);
