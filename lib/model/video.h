/* One video as newsreel knows it: plain data, its own memory. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video/details.h"

struct writer; /* base/json_writer.h */

/* A video id has 11 characters of [A-Za-z0-9_-], a channel id 24 beginning with "UC"; a little room for what may come. */
enum { VIDEO_ID_SIZE = 12, CHANNEL_ID_LENGTH = 24, CHANNEL_ID_SIZE = 33 };

/* Longer texts are cut at a character's border: YouTube's limits are 100 characters and 5,000 bytes. */
enum { VIDEO_TITLE_MAX_BYTES = 1000, VIDEO_DESCRIPTION_MAX_BYTES = 20000, VIDEO_URL_MAX_BYTES = 2000 };

enum video_kind { VIDEO_NORMAL, VIDEO_LIVE, VIDEO_UPCOMING, VIDEO_WAS_LIVE, VIDEO_KIND_COUNT };

/* "video", "live", "upcoming", "was_live" */
const char *video_kind_name(enum video_kind kind);

/* How a video came to a query. */
enum found_how { FOUND_SEARCH, FOUND_CHANNEL, FOUND_PUSH, FOUND_IMPORT, FOUND_RSS, FOUND_HOW_COUNT };

/* "search", "channel", "push", "import", "rss" */
const char *found_how_name(enum found_how how);

/* How many videos came in each way, as the member "found": one number for each of the names. */
void found_write_counts(struct writer *w, const int64_t counts[FOUND_HOW_COUNT]);

/* A query that found a video. */
struct found {
	int64_t query_id;
	char *query; /* its text */
	enum found_how how;
	int64_t found_at;
};

/* What a video was before it changed. */
struct revision {
	int64_t replaced_at;
	char *title;
	char *description;
	char *thumbnail_url;
	int64_t views; /* VIDEO_UNKNOWN as in struct video */
	int64_t likes;
	int64_t comments;
};

/* The order in which videos, and matches of tracked queries, were recorded in this database: recorded = UTC seconds * RECORDED_PER_SECOND + n
 * grows with each and is never given twice. It stays while the video moves, goes and comes back. It is later than first_seen_at of an
 * imported video that another database had before. */
enum { RECORDED_PER_SECOND = 1 << 20 };

/* Why a video is in no list, as bits: it waits for a re-check, its owner's word on it or on its channel, the rules of all queries that found
 * it. */
enum hidden_reason { HIDDEN_OVERDUE = 1, HIDDEN_BY_OWNER = 2, HIDDEN_CHANNEL = 4, HIDDEN_RULES = 8 };

/* The names of REASONS as the members of an array NAME: "overdue", "hidden", "muted_channel", "query_rules". */
void hidden_write_reasons(struct writer *w, const char *name, unsigned reasons);

#define VIDEO_UNKNOWN INT64_C(-1) /* a number that YouTube did not tell */

struct video {
	int64_t seq; /* the store's key, published_at << 10 | n; 0 until stored */
	char id[VIDEO_ID_SIZE];
	char *title;                      /* UTF-8, decoded, never NULL in a stored video */
	char *description;                /* the same; "" when empty */
	bool description_cut;             /* it came from a search, which cuts descriptions */
	char channel_id[CHANNEL_ID_SIZE]; /* "" when unknown (imports) */
	char *channel_title;              /* "" or NULL when unknown */
	int64_t published_at;
	bool published_unknown; /* YouTube gave no time that a video can have: published_at is when it was recorded */
	int64_t first_seen_at;  /* when newsreel first stored it */
	int64_t recorded;       /* its place in the order of recording; 0 until stored, and of an unlisted one */
	int64_t last_seen_at;   /* when YouTube, or an import, last gave it */
	int64_t checked_at;     /* when videos.list last did, and with it the numbers; 0 = not yet */
	char *thumbnail_url;    /* the one to show; "" when there is none */
	char *thumbnails; /* JSON text written by newsreel: {"high": {"url": …, "width": 480, "height": 360}, …}; "{}" */
	enum video_kind kind;
	int64_t duration_s;   /* VIDEO_UNKNOWN until videos.list told it */
	int64_t views;        /* the same */
	int64_t likes;        /* VIDEO_UNKNOWN also when the owner hides it */
	int64_t comments;     /* the same */
	int64_t scheduled_at; /* announced start of a stream or premiere, also when it has begun; 0 = none */
	struct video_details details;
	unsigned hidden;     /* enum hidden_reason: only the owner sees it */
	bool unlisted;       /* only a visitor's request found it: it is in the list of that text, and has no page */
	struct found *found; /* the public queries that found it, by id; filled when read from the store */
	size_t found_count;
	struct revision *revisions; /* of the last thirty days, newest first; filled by store_video_get() alone */
	size_t revision_count;
};

void video_clear(struct video *video);

/* When the video was recorded in this database: UTC seconds. */
int64_t video_recorded_at(const struct video *video);

/* What a video with this TITLE, which may be NULL, is called where people read it: "(no title)" when nothing in it can be seen. Borrowed. */
const char *video_shown_title(const char *title);

/* Whether TEXT has the form of a video id. */
bool video_id_is_valid(const char *text);

/* Whether TEXT may be a channel's id; whether it is one as YouTube gives them: "UC" and 22 letters, digits, _ or -. */
bool channel_id_is_valid(const char *text);
bool channel_id_is_youtubes(const char *text);

/* Whether a video may have been published at TIME: since there is YouTube, and not after NOW, but for a clock that is a day late. */
bool video_time_is_possible(int64_t time, int64_t now);

/* When videos.list should be asked for the video again, sooner than at its refresh; 0 = not before that. An announced one around its
 * start, a live one until it ends, and any other a day after its FIRST look-up, when it has got most of its views. */
int64_t video_recheck_at(const struct video *video, bool first, int64_t now);

/* When its numbers are worth asking for again, after a look-up at NOW and by units that nothing else needs; 0 = not sooner than it is looked up
 * anyway. Numbers of new videos grow fastest at first: every hour then, after eight hours less and less often, for two days. */
int64_t video_recount_at(const struct video *video, int64_t now);

/* Several videos, all owned. */
struct video_list {
	struct video *items;
	size_t count;
};

void video_list_clear(struct video_list *list);

/* Puts the oldest first: the order in which the store writes fastest. */
void video_list_sort(struct video_list *list);

/* Appends an empty video and returns it (borrowed, until the next call), NULL without memory. */
struct video *video_list_add(struct video_list *list);

/* Where YouTube shows a video, and a channel. */
enum {
	WATCH_URL_SIZE = sizeof("https://www.youtube.com/watch?v=") + VIDEO_ID_SIZE,
	CHANNEL_URL_SIZE = sizeof("https://www.youtube.com/channel/") + CHANNEL_ID_SIZE
};
void video_watch_url(const char *id, char out[WATCH_URL_SIZE]);
void channel_url(const char *id, char out[CHANNEL_URL_SIZE]);
