/*
 * What has changed for readers, for who keeps a copy of the public videos. Each video has one number, of the order of recording
 * (model/video.h), which moves forward with every change: so there is one row a video however often it changes, several changes are told
 * as the last one, and nothing has to be pruned. Of what readers no longer see the id is kept, for CHANGES_KEPT_DAYS. Content that was
 * re-checked and is the same is no change. Errors as store.h says.
 */
#pragma once

#include <stdint.h>

#include "model/video.h"
#include "store/store.h"

enum { CHANGES_KEPT_DAYS = 90 };

/* What may change of a video; the numbers are stored. */
enum change_field {
	CHANGED_SIGHT, /* it is back: readers see it again */
	CHANGED_TITLE,
	CHANGED_DESCRIPTION,
	CHANGED_PUBLISHED_AT, /* or whether that is known */
	CHANGED_FIRST_SEEN_AT,
	CHANGED_CHANNEL, /* or its title */
	CHANGED_THUMBNAILS,
	CHANGED_KIND,
	CHANGED_DURATION,
	CHANGED_STATISTICS,
	CHANGED_QUERIES, /* which found it, or the text of one */
	CHANGED_TAGS,
	CHANGED_DETAILS, /* category, languages, definition, caption, licence */
	CHANGED_STREAM,  /* when it is scheduled, has begun, has ended */
	CHANGE_FIELD_COUNT
};

enum change_kind {
	CHANGE_ADDED,
	CHANGE_UPDATED,
	CHANGE_HIDDEN, /* its re-check is overdue, or the owner hid it */
	CHANGE_BACK,
	CHANGE_GONE, /* YouTube no longer has it, or the owner deleted it */
	CHANGE_KIND_COUNT
};

/* "added" … */
const char *change_kind_name(enum change_kind kind);

struct change {
	enum change_kind kind;
	int64_t number; /* its place in the order */
	char id[VIDEO_ID_SIZE];
	unsigned fields; /* CHANGE_UPDATED: bits 1 << enum change_field, of all that changed behind the place of the request */
	size_t video;    /* index of the video in the page; of those that readers see */
};

/* When it was noticed: UTC seconds, within a run. */
int64_t change_at(const struct change *change);

/* A place in the order of changes. BEGAN is 0 for one that follows a copy made otherwise. Who begins with nothing reads all videos in the
 * order of their last change: BEGAN is where the order ended when they did, and until there all are added. */
struct change_place {
	int64_t after;
	int64_t began;
};

enum { CHANGES_PAGE_MAX = 100 };

struct change_page {
	struct change changes[CHANGES_PAGE_MAX];
	size_t count;
	struct video_list videos; /* as they are now, with the public queries that found each */
	struct change_place next; /* behind the page */
	bool more;
	int64_t latest; /* where the order ends */
};

void change_page_clear(struct change_page *page);

/* The first LIMIT (CHANGES_PAGE_MAX at most) changes behind PLACE, which NULL stands for the beginning. Errors: ERR_GONE when PLACE is too
 * old, or lies ahead of this database. */
MUST_USE bool store_changes_page(struct store *store, const struct change_place *place, size_t limit, struct change_page *out,
                                 struct error *err);

/* When something was last recorded, looked up, polled for or found gone: UTC seconds, 0 for an empty database. */
MUST_USE bool store_changed_at(struct store *store, int64_t *out, struct error *err);

/* Marks videos of renamed channels, and of queries that have come or gone, in short transactions, BUDGET of them at most; and forgets what
 * was removed CHANGES_KEPT_DAYS before NOW. *LEFT tells whether videos still wait. */
MUST_USE bool store_changes_upkeep(struct store *store, int64_t budget, int64_t now, bool *left, struct error *err);
