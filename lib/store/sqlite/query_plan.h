/*
 * Inside lib/store only: how a list of videos is best walked. A filter becomes one walk or a union of two (predicates.h); of several
 * ways the one along the shortest side is taken, which kept counts and the table of words tell.
 */
#pragma once

#include "store/sqlite/predicates.h"
#include "store/search_text.h"
#include "store/video_search.h"

/* Keys, inclusive both. */
struct key_range {
	int64_t low, high;
};

/* Whether it is that of all keys. */
bool key_range_is_whole(struct key_range range);

/* A filter, ready to be walked. */
struct list {
	const struct video_filter *filter;
	struct key_range range;
	struct walk first, second;
	int64_t query_id;       /* tracked query, 0 = any */
	int64_t same_query_id;  /* the public query whose text the words are, 0 = none */
	int64_t channel;        /* our id, 0 = any */
	int64_t channel_videos; /* kept count */
	bool channel_has_index; /* all of its videos are in the index by channel */
	bool nothing;           /* no video can match */
	int64_t matches;        /* of the search text, about and at most */
	int64_t least;          /* so many videos are in the list, or more: what kept counts tell without a walk */
	bool has_words;         /* search text decides: no count is kept */
	bool checks_row;        /* kind or duration decide: neither */
	struct search_text search;
	struct word_list words; /* that the text's last word stands for, as a beginning */
	size_t words_in_all;
	bool all_words;   /* no other word begins so, or the index itself looks for all of them */
	struct buf match; /* the full-text expression */
};

void list_clear(struct list *list);

/* Plans the list of FILTER (borrowed). With RELEVANCE it goes along the full-text index if there are words. OUT is to be cleared in
 * every case. */
MUST_USE bool list_plan(struct store *store, const struct video_filter *filter, bool relevance, struct list *out,
                        struct error *err);

/* Before it is read: decides which words the last one stands for. With SOME the most frequent ones may do at first; LIST->all_words
 * tells. */
MUST_USE bool list_take_words(struct store *store, struct list *list, bool some, struct error *err);

/* Adds those that may be in videos with keys of SINCE and above. *CHANGED tells whether there are any. */
MUST_USE bool list_add_words(struct store *store, struct list *list, int64_t since, bool *changed, struct error *err);

/* Takes all of them. */
MUST_USE bool list_take_all_words(struct store *store, struct list *list, struct error *err);

/* The statement for USE with all it needs bound, ready to be stepped. */
MUST_USE bool list_use(struct store *store, const struct list *list, enum list_use use, struct key_range range, int64_t limit,
                       int64_t offset, sqlite3_stmt **out, struct error *err);

/* Whether videos are counted by day for exactly this list, but for its range. */
bool list_has_days(const struct list *list);

/* The kept count of a query's videos. */
MUST_USE bool list_query_videos(struct store *store, int64_t id, int64_t *out, struct error *err);
