/*
 * All videos of a filter, in short reads by key: the database may grow meanwhile, and the memory does not. Of a ranked list the keys are read
 * at once, so that what changes meanwhile moves nothing.
 */
#pragma once

#include "listing/video_query.h"

struct video_reader {
	struct store *store;
	struct video_request request; /* its texts are the reader's */
	char *words;
	char *channel_id;
	char *excluded_channels;
	char *language;
	struct video_keys ranked; /* the keys of a ranked list; how many of them were read */
	size_t done;
	bool forward;   /* what is new behind a cursor */
	int64_t latest; /* in the order of recording: where it ended at the first read; what came since is for the next export */
	bool more;      /* false: all has been read */
};

/* Begins to read the list that PARAMS asks for. STORE is borrowed. OUT is to be cleared in every case. Errors: as store.h. */
MUST_USE bool video_reader_open(struct store *store, const struct video_query *params, struct video_reader *out,
                                struct error *err);
void video_reader_clear(struct video_reader *reader);

/* One read: the next videos, the caller's to clear. There may be none while there are more: a read may look at many of which none is let
 * through, and of a step of ranked ones all may have been deleted meanwhile. */
MUST_USE bool video_reader_next(struct video_reader *reader, struct video_list *out, struct error *err);
