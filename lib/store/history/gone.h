/* Videos that YouTube no longer has, by when that was found out. Those that were hidden before are in no list. Errors as store.h says. */
#pragma once

#include "model/video/gone.h"
#include "store/store.h"

/* Members that are 0 do not filter. */
struct gone_filter {
	int64_t query_id;         /* that had found them */
	int64_t since;            /* of gone_at, inclusive */
	int64_t until;            /* exclusive */
	int64_t published_after;  /* inclusive */
	int64_t published_before; /* exclusive */
};

/* Where a list goes on: behind the video ID, gone at AT. Nothing: where it begins. */
struct gone_place {
	int64_t at;
	char id[VIDEO_ID_SIZE];
};

/* Behind VIDEO. */
struct gone_place gone_place_of(const struct gone_video *video);

enum { GONE_LIST_MAX = 1000 };

MUST_USE bool store_gone_count(struct store *store, const struct gone_filter *filter, int64_t *out, struct error *err);

/* LIMIT of them (GONE_LIST_MAX at most), the last ones first: OFFSET after AFTER, which may be NULL. The caller's to clear. */
MUST_USE bool store_gone_list(struct store *store, const struct gone_filter *filter, const struct gone_place *after,
                              int64_t limit, int64_t offset, struct gone_list *out, struct error *err);
