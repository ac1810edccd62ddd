/* Lists of videos: any filter, any order, a page at a time. Errors as store.h says. */
#pragma once

#include <stdint.h>

#include "model/video.h"
#include "store/store.h"

/* Which videos. Members that are 0 or NULL do not filter; all others must hold. Texts are borrowed. */
struct video_filter {
	const char *words;             /* search text, see search/search_text.h; "" and blanks filter nothing either */
	int64_t query_id;              /* tracked query that found them */
	const char *channel_id;        /* YouTube's id of their channel */
	const char *excluded_channels; /* YouTube's ids of others than theirs, with commas between */
	int64_t published_after;       /* UTC seconds, inclusive */
	int64_t published_before;      /* UTC seconds, exclusive */
	int64_t recorded_after;        /* the same two, of recording: of the match with query_id, else of the video */
	int64_t recorded_before;
	bool one_kind; /* only those of KIND */
	enum video_kind kind;
	int64_t min_duration_s; /* inclusive both; a video whose duration is unknown is in neither */
	int64_t max_duration_s;
	const char *language; /* a tag of BCP 47, for what has it in texts or sound: "en" is also "en-GB", in any case */
};

/* The order. Ties go newest first. Views, rising, title and relevance rank the newest RANKED_MAX matches, not all. Recording is that of the match
 * with query_id, else of the video. */
enum video_sort {
	SORT_NEWEST,
	SORT_OLDEST,
	SORT_VIEWS,     /* most first, unknown ones last */
	SORT_RISING,    /* most views per hour in the last day first (model/video/statistics.h), unknown ones last */
	SORT_TITLE,     /* case folded, by code points */
	SORT_RELEVANCE, /* words in the title before those in the channel's, and those before the description's; needs words */
	SORT_RECORDED,  /* last recorded first */
	SORT_RECORDED_OLDEST, /* first recorded first */
	SORT_COUNT
};

enum { RANKED_MAX = 10000, VIDEO_PAGE_MAX = 1000 };

/* A scan looks at so many rows at most: of those that the filter lets through, or at those that it may. */
enum { SCANNED_MAX = 100000 };

/* "newest" … */
const char *video_sort_name(enum video_sort sort);

/* Whether the order ranks: such a list is read by page numbers alone. */
bool video_sort_ranks(enum video_sort sort);

/* Whether it is the order of recording, either way. */
bool video_sort_is_recorded(enum video_sort sort);

/* How much may be done to tell how many videos a filter lets through. */
enum count_effort {
	COUNT_CHEAPLY, /* exact where there is a counter, else exact up to 1,000 and "at least 1,000" beyond */
	COUNT_EXACTLY, /* as far as a scan may go; all, where counters or an index alone tell */
	COUNT_NOT      /* not asked for: count is 0, count_is_exact false */
};

/* A page of a list. */
struct video_request {
	struct video_filter filter;
	enum video_sort sort;
	int64_t rising_since; /* with SORT_RISING: a day ago, UTC seconds */
	int64_t
	    after; /* begin after the video with this key, in the order of SORT (none that ranks); 0 = by number. In the order of
	                * recording it is the number `recorded` (model/video.h). */
	int64_t until;       /* in the order of recording: none with a higher number; 0 = all */
	bool with_hidden;    /* also what is hidden (hidden/hidden_list.h) */
	bool public_only;    /* without what only visitors' requests found */
	bool whole;          /* in the order of recording: not just RANKED_MAX of the matches, rather an error */
	int64_t page_number; /* from 1; not looked at when AFTER is set */
	int64_t page_size;   /* 1 to VIDEO_PAGE_MAX */
	enum count_effort counting;
	bool with_times; /* the page is to have times, for a chart */
};

struct video_page {
	struct video_list videos; /* in order, with the public queries that found each */
	int64_t count;            /* of all videos that the filter lets through */
	bool count_is_exact;      /* otherwise there are at least so many */
	bool more;                /* another page follows */
	int64_t ranked_within;    /* RANKED_MAX when only so many of the matches, the newest, were ranked; else 0 */
	int64_t scanned_within; /* when the scan was cut: only so many rows were looked at, from where the list begins; else 0 */
	int64_t next_after;     /* for the request that goes on from here (its AFTER); 0 = the list ends, or is a ranked one */
	int64_t
	    last_recorded; /* in the order of recording, and with times: no public video of the query's, or of all, has a higher number; else 0 */
	int64_t *times; /* when the newest matches were published, newest first, from the same scan; NULL = not known */
	size_t times_count;
	bool times_are_all;
};

void video_page_clear(struct video_page *page);

/* The page REQUEST asks for; past the end an empty one. Newest and oldest are never sorted; denormalised counters lead to a page however
 * deep, where the filter has them. In the order of recording up to RANKED_MAX matches of words, channel, kind or length are sorted; of
 * more, which are soon met, the index of that order is scanned. Errors: ERR_INVALID when a page lies deeper than a filter without counters can be skipped through
 * (100,000 videos), or when REQUEST contradicts itself; in the order of recording also when
 * the list is to be whole and the last word is a prefix of too many words: else RANKED_MAX of the matches, the newest, are sorted. */
MUST_USE bool store_videos_page(struct store *store, const struct video_request *request, struct video_page *out,
                                struct error *err);

/* Keys of videos, in the order of a list. */
struct video_keys {
	int64_t *items;
	size_t count;
	int64_t ranked_within, scanned_within; /* as in struct video_page */
};

void video_keys_clear(struct video_keys *keys);

/* The keys of a whole ranked list: of the newest RANKED_MAX matches, in the order of REQUEST's sort (none of newest, oldest); page and
 * count are not looked at. */
MUST_USE bool store_videos_rank(struct store *store, const struct video_request *request, struct video_keys *out,
                                struct error *err);

/* The videos with COUNT keys of a list (VIDEO_PAGE_MAX at most), in their order, also those that only visitors' requests found: the list
 * had them. Those that are gone, or have got another key since, are left out. */
MUST_USE bool store_videos_by_keys(struct store *store, const int64_t *keys, size_t count, struct video_list *out,
                                   struct error *err);
