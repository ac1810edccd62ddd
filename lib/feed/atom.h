/*
 * Atom as YouTube writes it: feeds of channels, and what its hub pushes. A pure function of bytes, which may be anybody's: nothing in
 * them is fetched, no entity but XML's own is known, and a document type is refused. atom.c alone knows expat.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video.h"

/* A feed has 15 entries, a push one or a few. What is beyond these is left out. */
enum { FEED_ENTRIES_MAX = 64 };

struct feed_entry {
	char video_id[VIDEO_ID_SIZE];     /* valid in its form */
	char channel_id[CHANNEL_ID_SIZE]; /* "" when it names none, as tombstones do */
	int64_t published_at;             /* 0 when it does not say */
	bool gone;                        /* a tombstone (RFC 6721): the video is no longer there, or no longer public */
};

struct feed {
	struct feed_entry entries[FEED_ENTRIES_MAX];
	size_t count;
};

/* Reads LEN bytes of BODY. Entries without a good id are left out. Errors: ERR_UPSTREAM when it is no feed, is cut short, or nested
 * deeper than any; ERR_NO_MEMORY. */
MUST_USE bool feed_parse(const char *body, size_t len, struct feed *out, struct error *err);
