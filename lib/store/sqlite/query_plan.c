#include "store/sqlite/query_plan.h"

#include <string.h>

#include "base/case_fold.h"
#include "base/text.h"
#include "store/internal.h"

enum {
	FEW_WORDS = 24,            /* looked for at first, or fewer */
	MORE_WORDS = 150,          /* then */
	MANY_WORDS = 400,          /* beyond, the index looks for all words that begin so itself */
	WORD_COST = 100,           /* looking a word up costs as much as so many videos that the index goes over */
	CHEAP_VIDEOS = 5000,       /* so many it goes over in no time */
	MATCH_BYTES_MAX = 1 << 20, /* of a full-text expression */
	LIVE_VIDEOS = 200,         /* about so many are live or announced at a time */
	PROBE = 10,                /* looking a word up for a key costs so much more than going on to its next match */
};

enum plan_statement { PLAN_QUERY_OF_TEXT, PLAN_QUERY_VIDEOS, PLAN_CHANNEL };

static const char *const sql[] = {
    [PLAN_QUERY_OF_TEXT] = "SELECT id FROM query WHERE folded = ?1 AND entry_state <> 3",
    [PLAN_QUERY_VIDEOS] = "SELECT videos FROM query WHERE id = ?1",
    [PLAN_CHANNEL] = "SELECT id, videos, id < " BY_CHANNEL_CHANNELS
		     " AND coalesce((SELECT max(seq) FROM video WHERE channel = c.id) < " BY_CHANNEL_SEQS ", 1)"
		     " FROM channel c WHERE youtube_id = ?1",
};

const struct statements list_plan_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum plan_statement which)
{
	return db_use(store, NOUN_LIST_PLAN, (int)which);
}

void list_clear(struct list *list)
{
	search_text_clear(&list->search);
	word_list_clear(&list->words);
	buf_clear(&list->match);
}

/* ---- what the filter refers to ---- */

/* The first column of the row that STATEMENT gives, 0 when there is none. */
static bool read_number(struct store *store, sqlite3_stmt *statement, int64_t *out, struct error *err)
{
	bool row = false;
	bool done = db_step(store, statement, &row, err);

	if (done)
		*out = row ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_reset(statement);
	return done;
}

bool list_query_videos(struct store *store, int64_t id, int64_t *out, struct error *err)
{
	sqlite3_stmt *get = use(store, PLAN_QUERY_VIDEOS);

	db_bind_int(get, 1, id);
	return read_number(store, get, out, err);
}

static bool find_query_of_text(struct store *store, const char *words, int64_t *id, struct error *err)
{
	AUTO(text_free) char *folded = NULL;

	if (!case_fold(words, &folded, err))
		return false;
	sqlite3_stmt *find = use(store, PLAN_QUERY_OF_TEXT);
	db_bind_text(find, 1, folded);
	return read_number(store, find, id, err);
}

static bool find_channel(struct store *store, const char *youtube_id, struct list *list, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, PLAN_CHANNEL);
	bool row = false;

	db_bind_text(get, 1, youtube_id);
	if (!db_step(store, get, &row, err))
		return false;
	list->nothing = !row;
	if (!row)
		return true;
	list->channel = sqlite3_column_int64(get, 0);
	list->channel_videos = sqlite3_column_int64(get, 1);
	list->channel_has_index = sqlite3_column_int(get, 2) != 0;
	return true;
}

/* Of the most frequent words those that have videos enough for a count and a page; each costs a look into every part of the index. */
static void drop_words_to_spare(struct word_list *words)
{
	int64_t videos = 0;
	size_t needed = 0;

	while (needed < words->count && videos <= CHEAP_VIDEOS)
		videos += words->items[needed++].videos;
	word_list_cut(words, needed);
}

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n\v\f")] == '\0';
}

/* Reads the search text. What the query of the same text found matches too; in that query's own list, all do. */
static bool read_words(struct store *store, struct list *list, struct error *err)
{
	const char *words = list->filter->words;

	if (is_blank(words))
		return true;
	if (!search_text_read(store, words, &list->search, err) || !find_query_of_text(store, words, &list->same_query_id, err))
		return false;
	const char *beginning = search_text_beginning(&list->search);
	if (beginning && !words_most_frequent(store, beginning, FEW_WORDS, &list->words, &list->words_in_all, err))
		return false;
	drop_words_to_spare(&list->words);
	list->has_words = !list->query_id || list->same_query_id != list->query_id;
	if (!list->has_words) {
		list->same_query_id = 0;
	} else if (list->search.count == 0 && !list->query_id) {
		/* Nothing to search for: the query is left, with its kept counts. */
		list->nothing = !list->same_query_id;
		list->query_id = list->same_query_id;
		list->same_query_id = 0;
		list->has_words = false;
	} else if (list->search.count == 0) {
		list->nothing = !list->same_query_id;
	}
	return true;
}

static struct key_range range_of(const struct video_filter *filter)
{
	return (struct key_range){.low = filter->published_after * SEQ_PER_SECOND,
	                          .high = filter->published_before ? filter->published_before * SEQ_PER_SECOND - 1 : INT64_MAX};
}

bool key_range_is_whole(struct key_range range)
{
	return range.low == 0 && range.high == INT64_MAX;
}

/* ---- walks ---- */

/* A walk, and along how many keys it goes, about. */
struct way {
	struct walk walk;
	int64_t cost;
};

static void prefer(struct way *way, enum drive drive, int64_t cost)
{
	if (cost < way->cost)
		*way = (struct way){.walk.drive = drive, .cost = cost};
}

static bool prefer_query(struct store *store, struct way *way, enum drive drive, int64_t id, struct error *err)
{
	int64_t videos;

	if (!id)
		return true;
	if (!list_query_videos(store, id, &videos, err))
		return false;
	prefer(way, drive, videos);
	return true;
}

static void prefer_kind(struct way *way, const struct video_filter *filter)
{
	bool passing = filter->kind == VIDEO_LIVE || filter->kind == VIDEO_UPCOMING;

	if (filter->one_kind && filter->kind != VIDEO_NORMAL)
		prefer(way, DRIVE_KIND, passing ? LIVE_VIDEOS : INT64_MAX - 1);
}

/* What DRIVE does not tell by itself. */
static unsigned checks_of(const struct list *list, enum drive drive, bool same)
{
	const struct video_filter *filter = list->filter;
	bool usual = filter->one_kind && filter->kind == VIDEO_NORMAL;
	/* A look at the row itself costs several times as much as one at a small index, and tells all of it. */
	bool row = filter->min_duration_s || filter->max_duration_s || usual;
	bool kind = filter->one_kind && !row && drive != DRIVE_KIND;
	bool channel = list->channel && !row && drive != DRIVE_CHANNEL && drive != DRIVE_CHANNEL_WORDS;

	return (list->query_id && drive != DRIVE_QUERY ? (unsigned)CHECK_QUERY : 0) |
	       (same && drive != DRIVE_SAME ? (unsigned)CHECK_SAME : 0) | (row ? (unsigned)CHECK_ROW : 0) |
	       (kind ? (unsigned)CHECK_KIND : 0) | (channel ? (unsigned)CHECK_CHANNEL : 0);
}

/* The shortest way that does not need words. With SAME only along what the query of the same text found. */
static bool plan_plain(struct store *store, const struct list *list, bool same, struct way *out, struct error *err)
{
	struct way way = {.walk.drive = DRIVE_ALL, .cost = INT64_MAX};

	prefer_kind(&way, list->filter);
	if (list->channel)
		prefer(&way, DRIVE_CHANNEL, list->channel_videos);
	if (!prefer_query(store, &way, DRIVE_QUERY, list->query_id, err) ||
	    !prefer_query(store, &way, DRIVE_SAME, same ? list->same_query_id : 0, err))
		return false;
	way.walk.checks = checks_of(list, way.walk.drive, same);
	*out = way;
	return true;
}

/* Along a full-text index. */
static struct walk words_walk(const struct list *list)
{
	enum drive drive = list->channel_has_index ? DRIVE_CHANNEL_WORDS : DRIVE_WORDS;

	return (struct walk){drive, checks_of(list, drive, false)};
}

/* Without other filters a kept count of a part of the list is one that the list has at least. */
static bool find_least(struct store *store, struct list *list, struct error *err)
{
	int64_t same = 0;

	if (list->checks_row || list->channel || list->query_id || !key_range_is_whole(list->range))
		return true;
	if (list->same_query_id && !list_query_videos(store, list->same_query_id, &same, err))
		return false;
	list->least = search_text_least(&list->search, &list->words, list->matches);
	if (list->least < same)
		list->least = same;
	return true;
}

/* Along a full-text index, unless another side is so much shorter that it pays to look each of its videos up there. */
static bool plan_words(struct store *store, struct list *list, struct error *err)
{
	struct way plain;
	int64_t cost;

	list->first = words_walk(list);
	if (list->search.count == 0)
		return true;
	if (!plan_plain(store, list, false, &plain, err) ||
	    !search_text_estimate(store, &list->search, &list->words, &list->matches, err))
		return false;
	cost = list->matches;
	if (list->channel && list->channel_videos < list->matches)
		list->matches = list->channel_videos;
	if (list->channel_has_index)
		cost = list->matches;
	if (plain.cost < cost / (PROBE * (1 + (int64_t)list->words.count)))
		list->first = (struct walk){plain.walk.drive, plain.walk.checks | CHECK_WORDS};
	return find_least(store, list, err);
}

static bool plan_walks(struct store *store, struct list *list, bool relevance, struct error *err)
{
	struct way plain;

	if (!list->has_words || list->search.count == 0) {
		if (!plan_plain(store, list, list->same_query_id != 0, &plain, err))
			return false;
		list->first = plain.walk;
		return true;
	}
	if (relevance)
		list->first = words_walk(list);
	else if (!plan_words(store, list, err))
		return false;
	if (!list->same_query_id)
		return true;
	if (!plan_plain(store, list, true, &plain, err))
		return false;
	list->second = plain.walk;
	return true;
}

bool list_plan(struct store *store, const struct video_filter *filter, bool relevance, struct list *out, struct error *err)
{
	*out = (struct list){.filter = filter,
	                     .range = range_of(filter),
	                     .query_id = filter->query_id,
	                     .checks_row = filter->one_kind || filter->min_duration_s || filter->max_duration_s,
	                     .match = BUF(MATCH_BYTES_MAX)};
	if (filter->channel_id && !find_channel(store, filter->channel_id, out, err))
		return false;
	return out->nothing || (read_words(store, out, err) && (out->nothing || plan_walks(store, out, relevance, err)));
}

bool list_has_days(const struct list *list)
{
	return !list->has_words && !list->checks_row && !list->channel;
}

/* ---- the expression ---- */

static bool needs_match(const struct list *list)
{
	return drive_is_words(list->first.drive) || (list->first.checks & CHECK_WORDS);
}

static bool write_match(struct list *list, struct error *err)
{
	buf_reset(&list->match);
	return search_text_write(&list->search, &list->words, &list->match, err);
}

bool list_take_all_words(struct store *store, struct list *list, struct error *err)
{
	const char *beginning = search_text_beginning(&list->search);
	bool complete = false;

	if (list->words_in_all <= MANY_WORDS && !words_add_since(store, beginning, 0, MANY_WORDS, &list->words, &complete, err))
		return false;
	if (!complete)
		word_list_clear(&list->words);
	list->all_words = true;
	return write_match(list, err);
}

/* The index itself goes over all videos of all words that begin so. Where those are many, some of the words do. */
static bool is_cheap_for_the_index(const struct list *list)
{
	int64_t videos = 0;

	for (size_t i = 0; i < list->words.count; i++)
		videos += list->words.items[i].videos;
	return videos <= CHEAP_VIDEOS && videos <= (int64_t)list->words_in_all * WORD_COST;
}

bool list_take_words(struct store *store, struct list *list, bool some, struct error *err)
{
	if (is_cheap_for_the_index(list)) {
		word_list_clear(&list->words);
		list->words_in_all = 0;
	}
	list->all_words = !needs_match(list) || list->words_in_all <= list->words.count;
	if (!needs_match(list))
		return true;
	if (!list->all_words && !some)
		return list_take_all_words(store, list, err);
	return write_match(list, err);
}

bool list_add_words(struct store *store, struct list *list, int64_t since, bool *changed, struct error *err)
{
	size_t before = list->words.count;
	bool complete;

	if (!words_add_since(store, search_text_beginning(&list->search), since, MORE_WORDS, &list->words, &complete, err))
		return false;
	*changed = !complete || list->words.count > before;
	if (!complete)
		return list_take_all_words(store, list, err);
	return !*changed || write_match(list, err);
}

/* ---- binding ---- */

static void bind(sqlite3_stmt *statement, const struct list *list)
{
	const struct video_filter *filter = list->filter;

	if (list->query_id)
		db_bind_int(statement, LIST_QUERY, list->query_id);
	if (list->match.len)
		db_bind_text(statement, LIST_WORDS, buf_text(&list->match));
	if (list->same_query_id)
		db_bind_int(statement, LIST_SAME_QUERY, list->same_query_id);
	if (list->channel)
		db_bind_int(statement, LIST_CHANNEL, list->channel);
	if (filter->one_kind)
		db_bind_int(statement, LIST_KIND, (int64_t)filter->kind);
	if (filter->min_duration_s)
		db_bind_int(statement, LIST_MIN_DURATION, filter->min_duration_s);
	if (filter->max_duration_s)
		db_bind_int(statement, LIST_MAX_DURATION, filter->max_duration_s);
}

bool list_use(struct store *store, const struct list *list, enum list_use use_as, struct key_range range, int64_t limit,
              int64_t offset, sqlite3_stmt **out, struct error *err)
{
	bool weighed = use_as != LIST_BY_RELEVANCE || drive_is_words(list->first.drive);
	struct list_shape shape = {.use = weighed ? use_as : LIST_NEWEST,
	                           .first = list->first,
	                           .second = list->second,
	                           .bounded = !key_range_is_whole(range)};

	if (!list_sql_use(store, &shape, out, err))
		return false;
	db_bind_int(*out, LIST_LOW, range.low);
	db_bind_int(*out, LIST_HIGH, range.high);
	db_bind_int(*out, LIST_LIMIT, limit);
	db_bind_int(*out, LIST_OFFSET, offset);
	bind(*out, list);
	return true;
}
