/* What the videos of a list are: how many of them have which channel, language or length, or were published when; in all, or apart for each
 * channel, language or kind. Errors as store.h says. */
#pragma once

#include "store/video_search.h"

/* So many values of a trait are told, those of most videos. */
enum { BREAKDOWN_MAX = 10 };

/* What tells videos apart. TRAIT_HOUR is that of publication. A video may have been found by several queries. */
enum video_trait {
	TRAIT_NONE,
	TRAIT_CHANNEL,
	TRAIT_LANGUAGE,
	TRAIT_KIND,
	TRAIT_LENGTH,
	TRAIT_HOUR,
	TRAIT_QUERY,
	VIDEO_TRAIT_COUNT
};

/* Lengths in seconds, both included; max_s 0 = no limit. The first are possible Shorts. */
struct length_span {
	int64_t min_s, max_s;
};

enum { LENGTH_SPAN_COUNT = 4 };
extern const struct length_span length_spans[LENGTH_SPAN_COUNT];

/* A value that videos have of a trait, and how many of them. */
struct breakdown_part {
	char *id;    /* YouTube's of a channel, or the code of a language; NULL = unknown, or another trait */
	char *title; /* of the channel, else NULL */
	int64_t
	    number; /* enum video_kind, a place in length_spans (-1 = unknown), the hour's first second, the id of a query; else 0 */
	int64_t videos;
};

struct breakdown_group {
	struct breakdown_part value;  /* that all of its videos have; of TRAIT_NONE nothing but their number */
	struct breakdown_part *parts; /* most videos first, BREAKDOWN_MAX at most; of lengths and hours all, from the lowest */
	size_t count;
	int64_t values; /* that there are of the trait among its videos */
};

struct breakdown {
	struct breakdown_group *groups; /* most videos first, BREAKDOWN_MAX at most; none without videos */
	size_t count;
	int64_t videos;         /* that were counted, in these groups and others */
	int64_t values;         /* that there are of the groups' trait */
	int64_t counted_within; /* MOST, when only so many were counted; else 0 */
	int64_t scanned_within; /* as in struct volume (stats.h) */
};

void breakdown_clear(struct breakdown *breakdown);

/* Takes the newest MOST (COUNTED_MAX of stats.h at most) matches of FILTER apart: into groups by GROUP (TRAIT_NONE, TRAIT_CHANNEL, TRAIT_LANGUAGE or
 * TRAIT_KIND), and each of these by PARTS (TRAIT_CHANNEL, TRAIT_LANGUAGE, TRAIT_LENGTH or TRAIT_HOUR), which is another one. What only visitors'
 * requests found is left out. */
MUST_USE bool store_breakdown(struct store *store, const struct video_filter *filter, int64_t most, enum video_trait group,
                              enum video_trait parts, struct breakdown *out, struct error *err);

/* The same, into a group for each of COUNT QUERIES (ids, BREAKDOWN_MAX at most) that found any of these matches. A video is in the group of each that
 * found it, and OUT->videos counts it in each. */
MUST_USE bool store_breakdown_by_query(struct store *store, const struct video_filter *filter, int64_t most,
                                       const int64_t *queries, size_t count, enum video_trait parts, struct breakdown *out,
                                       struct error *err);
