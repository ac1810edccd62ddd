#include "store/search/search_plan.h"

#include <string.h>

#include "base/unicode.h"
#include "base/text.h"
#include "store/internal.h"

enum {
	EXPANDED_MAX = 48,              /* words that a prefix stands for at first … */
	ADDED_MAX = 150,                /* … and in all; beyond, the index goes over all that begin so */
	CHEAP_VIDEOS = 5000,            /* as it does at once where they are in no more videos */
	EXPRESSION_BYTES_MAX = 1 << 20, /* of FTS5 */
	LIVE_VIDEOS = 200,              /* about so many are live or announced at a time */
	BY_INDEX = 500,                 /* and for each video that is looked up, as if it were so many words */
	PROBE = 10,                     /* looking a word up for a key costs so much more than going on to its next match */
};

enum plan_statement { PLAN_QUERY_OF_TEXT, PLAN_QUERY_VIDEOS, PLAN_CHANNEL };

static const char *const sql[] = {
    [PLAN_QUERY_OF_TEXT] = "SELECT id, origin = 2 FROM query WHERE folded = ?1 AND entry_state <> 3",
    [PLAN_QUERY_VIDEOS] = "SELECT videos FROM query WHERE id = ?1",
    [PLAN_CHANNEL] = "SELECT id, videos FROM channel WHERE youtube_id = ?1",
};

const struct statements list_plan_statements = STATEMENTS(sql);

void search_plan_clear(struct search_plan *plan)
{
	search_text_clear(&plan->search);
	word_list_clear(&plan->words);
	buf_clear(&plan->expression);
	buf_clear(&plan->phrases);
}

/* ---- what the filter refers to ---- */

bool search_query_videos(struct store *store, int64_t id, int64_t *out, struct error *err)
{
	struct statement *get = statement_use(store, sql[PLAN_QUERY_VIDEOS]);

	bind_int(get, 1, id);
	return statement_number(get, out, err);
}

static bool find_query_of_text(struct store *store, struct search_plan *plan, struct error *err)
{
	AUTO(text_free) char *folded = NULL;
	bool row = false;

	if (!unicode_fold_text(plan->filter->words, &folded, err))
		return false;
	AUTO(statement_done) struct statement *find = statement_use(store, sql[PLAN_QUERY_OF_TEXT]);
	bind_text(find, 1, folded);
	if (!statement_step(find, &row, err))
		return false;
	plan->same_query_id = row ? column_int(find, 0) : 0;
	plan->of_visitor = row && column_int(find, 1) != 0;
	return true;
}

static bool find_channel(struct store *store, struct search_plan *plan, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[PLAN_CHANNEL]);
	bool row = false;

	if (!plan->filter->channel_id)
		return true;
	bind_text(get, 1, plan->filter->channel_id);
	if (!statement_step(get, &row, err))
		return false;
	plan->nothing = !row;
	if (row) {
		plan->channel = column_int(get, 0);
		plan->channel_videos = column_int(get, 1);
	}
	return true;
}

/* The prefix that the text ends with, NULL when it ends with whole words. */
static const char *last_prefix(const struct search_plan *plan)
{
	const struct term *last = search_text_last_prefix(&plan->search);

	return last ? plan->search.tokens.data + last->last_at : NULL;
}

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n\v\f")] == '\0';
}

/* Reads the search text. What the query of the same text found matches too; in that query's own list, all do. */
static bool read_words(struct store *store, struct search_plan *plan, struct error *err)
{
	const char *words = plan->filter->words;

	if (is_blank(words))
		return true;
	if (!search_text_read(words, &plan->search, err) || !find_query_of_text(store, plan, err))
		return false;
	plan->has_words = !plan->query_id || plan->same_query_id != plan->query_id;
	if (!plan->has_words) {
		plan->same_query_id = 0;
	} else if (plan->search.count == 0 && !plan->query_id && !plan->of_visitor) {
		/* Nothing to search for: the query is left, with its denormalised counters. */
		plan->nothing = !plan->same_query_id;
		plan->query_id = plan->same_query_id;
		plan->same_query_id = 0;
		plan->has_words = false;
	} else if (plan->search.count == 0) {
		plan->nothing = !plan->same_query_id;
	}
	return true;
}

static struct key_range range_of(const struct video_filter *filter)
{
	return (struct key_range){.low = filter->published_after * SEQ_PER_SECOND,
	                          .high = filter->published_before ? filter->published_before * SEQ_PER_SECOND - 1 : INT64_MAX};
}

static struct key_range recorded_of(const struct video_filter *filter)
{
	return (struct key_range){.low = filter->recorded_after * RECORDED_PER_SECOND,
	                          .high =
	                              filter->recorded_before ? filter->recorded_before * RECORDED_PER_SECOND - 1 : INT64_MAX};
}

bool key_range_is_whole(struct key_range range)
{
	return range.low == 0 && range.high == INT64_MAX;
}

/* ---- candidate plans ---- */

/* A scan, and about how many keys it has. */
struct candidate {
	struct scan scan;
	int64_t cost;
};

static void prefer(struct candidate *best, enum access_path path, int64_t cost)
{
	if (cost < best->cost)
		*best = (struct candidate){.scan.path = path, .cost = cost};
}

static bool prefer_query(struct store *store, struct candidate *best, enum access_path path, int64_t id, struct error *err)
{
	int64_t videos;

	if (!id)
		return true;
	if (!search_query_videos(store, id, &videos, err))
		return false;
	prefer(best, path, videos);
	return true;
}

static void prefer_kind(struct candidate *best, const struct video_filter *filter)
{
	bool passing = filter->kind == VIDEO_LIVE || filter->kind == VIDEO_UPCOMING;

	if (filter->one_kind && filter->kind != VIDEO_NORMAL)
		prefer(best, PATH_KIND, passing ? LIVE_VIDEOS : INT64_MAX - 1);
}

static bool filters_length(const struct video_filter *filter)
{
	return filter->min_duration_s || filter->max_duration_s;
}

/* What only the row itself tells. */
static bool filters_row(const struct video_filter *filter)
{
	return filter->excluded_channels || filter->language;
}

/* What PATH does not tell by itself. A scan of matches tells the channel too. */
static unsigned predicates_of(const struct search_plan *plan, enum access_path path, bool same)
{
	const struct video_filter *filter = plan->filter;
	bool usual = filter->one_kind && filter->kind == VIDEO_NORMAL;
	/* Reading the row itself costs several times as much as looking into a small index, and tells all of it. */
	bool row = (filters_length(filter) && !plan->length) || usual || filters_row(filter);
	bool whole_class = path == PATH_LENGTH && length_class_is(plan->length, filter->min_duration_s, filter->max_duration_s);
	bool length = plan->length && !whole_class;
	bool kind = filter->one_kind && !row && path != PATH_KIND;
	bool channel = plan->channel && !row && path != PATH_CHANNEL && path != PATH_MATCHES;
	bool of_query = path == PATH_QUERY || path == PATH_QUERY_RECORDED;
	bool in_range = key_range_is_whole(path_is_recorded(path) ? plan->range : plan->recorded);
	unsigned range = in_range ? 0 : path_is_recorded(path) ? PREDICATE_KEY : PREDICATE_RECORDED;

	return range | (plan->query_id && !of_query ? (unsigned)PREDICATE_QUERY : 0) |
	       (same && path != PATH_SAME_TEXT ? (unsigned)PREDICATE_SAME_TEXT : 0) | (row ? (unsigned)PREDICATE_ROW : 0) |
	       (kind ? (unsigned)PREDICATE_KIND : 0) | (channel ? (unsigned)PREDICATE_CHANNEL : 0) |
	       (length ? (unsigned)PREDICATE_LENGTH : 0);
}

/* The best scan that does not need words. With SAME only of what the query of the same text found. */
static bool plan_plain(struct store *store, const struct search_plan *plan, bool same, struct candidate *out, struct error *err)
{
	struct candidate best = {.scan.path = PATH_ALL, .cost = INT64_MAX};

	prefer_kind(&best, plan->filter);
	if (plan->length)
		prefer(&best, PATH_LENGTH, INT64_MAX - 1);
	if (plan->channel)
		prefer(&best, PATH_CHANNEL, plan->channel_videos);
	if (!prefer_query(store, &best, PATH_QUERY, plan->query_id, err) ||
	    !prefer_query(store, &best, PATH_SAME_TEXT, same ? plan->same_query_id : 0, err))
		return false;
	best.scan.predicates = predicates_of(plan, best.scan.path, same);
	*out = best;
	return true;
}

/* How many of the most frequent words it takes to have more than so many videos. */
static size_t words_needed(const struct word_list *words, int64_t videos)
{
	size_t count = 0;

	while (count < words->count && videos >= 0)
		videos -= words->items[count++].videos;
	return count;
}

/* Chooses the words that the last prefix stands for, and tells in how many videos all of its words are. */
static bool expand_prefix(struct store *store, struct search_plan *plan, bool some_do, struct estimate *videos, struct error *err)
{
	const char *prefix = last_prefix(plan);
	size_t total = 0;

	*videos = (struct estimate){0};
	if (!prefix)
		return true;
	if (!words_most_frequent(store, prefix, EXPANDED_MAX, &plan->words, &total, &videos->most, err))
		return false;
	videos->least = plan->words.count ? plan->words.items[0].videos : 0;
	/* A prefix alone needs no more words than have enough videos for a count and a page. */
	if (some_do && plan->search.count == 1 && !plan->channel && !plan->query_id)
		word_list_cut(&plan->words, words_needed(&plan->words, CHEAP_VIDEOS));
	plan->some_words = total > plan->words.count;
	plan->cheap_prefix = videos->most <= CHEAP_VIDEOS;
	if (plan->cheap_prefix || (plan->some_words && !some_do)) {
		word_list_clear(&plan->words);
		plan->some_words = false;
	}
	return true;
}

static int64_t count_tokens(const struct search_text *search)
{
	int64_t tokens = 0;

	for (size_t i = 0; i < search->count; i++) {
		const char *at = search->tokens.data + search->terms[i].at;

		tokens++;
		for (size_t byte = 0; byte < search->terms[i].len; byte++)
			tokens += at[byte] == ' ';
	}
	return tokens;
}

/* A scan of the full-text index, unless another one has so few keys that it pays to look each of them up there. */
static bool plan_matches(struct store *store, struct search_plan *plan, unsigned flags, struct error *err)
{
	struct candidate plain;
	struct estimate of_prefix;

	plan->first = (struct scan){PATH_MATCHES, predicates_of(plan, PATH_MATCHES, false)};
	plan->tokens = count_tokens(&plan->search);
	if (!expand_prefix(store, plan, flags & PLAN_SOME_WORDS, &of_prefix, err))
		return false;
	if (!plan_plain(store, plan, false, &plain, err) || !search_estimate(store, &plan->search, of_prefix, &plan->told, err))
		return false;
	plan->matches = plan->told.most;
	if (plan->channel && plan->channel_videos < plan->matches)
		plan->matches = plan->channel_videos;
	if (!search_limit_matches(store, plan, err))
		return false;
	/* For a prefix without words the index would go over all of them again for each key. */
	if ((flags & PLAN_BY_RELEVANCE) || (last_prefix(plan) && !plan->words.count))
		return true;
	if (plain.cost < plan->matches / (PROBE * (1 + (int64_t)plan->words.count))) {
		plan->first = (struct scan){plain.scan.path, plain.scan.predicates | PREDICATE_MATCH};
		plan->window = 0;
	}
	return true;
}

/* ---- the words of a prefix ---- */

bool search_plan_take_all_words(struct store *store, struct search_plan *plan, struct error *err)
{
	word_list_clear(&plan->words);
	plan->some_words = false;
	return search_write_expression(store, plan, err);
}

bool search_plan_add_words(struct store *store, struct search_plan *plan, int64_t since, bool *changed, struct error *err)
{
	size_t before = plan->words.count;
	bool complete;

	if (!words_add_since(store, last_prefix(plan), since, ADDED_MAX, &plan->words, &complete, err))
		return false;
	*changed = !complete || plan->words.count > before;
	if (!complete)
		return search_plan_take_all_words(store, plan, err);
	return !*changed || search_write_expression(store, plan, err);
}

/* ---- the plan ---- */

static unsigned predicates_of_visitors(const struct search_plan *plan)
{
	bool row = plan->filter->one_kind || filters_length(plan->filter) || plan->channel || filters_row(plan->filter);

	return (row ? (unsigned)PREDICATE_ROW : 0) | (key_range_is_whole(plan->recorded) ? 0 : (unsigned)PREDICATE_RECORDED);
}

/* The statistics of words tell of a list that nothing else filters. SAME is the scan of what the query of the same text found. */
static void tell_count(struct search_plan *plan, const struct candidate *same)
{
	bool by_words = plan->first.path == PATH_MATCHES && search_plan_all_pass(plan) && !plan->channel &&
	                key_range_is_whole(plan->range) && !plan->of_visitor;

	if (!by_words)
		plan->told = estimate_of_any();
	else if (same) /* either may be a part of the other */
		plan->told = (struct estimate){same->cost > plan->told.least ? same->cost : plan->told.least,
		                               plan->told.most + same->cost};
}

static bool plan_scans(struct store *store, struct search_plan *plan, unsigned flags, struct error *err)
{
	struct candidate plain;
	bool matches = plan->has_words && plan->search.count;

	if (plan->of_visitor && !plan->query_id && !(flags & PLAN_PUBLIC_ONLY))
		plan->third = (struct scan){PATH_VISITORS, predicates_of_visitors(plan)};
	if (matches && (!plan_matches(store, plan, flags, err) || !search_write_expression(store, plan, err)))
		return false;
	if ((!matches || plan->same_query_id) && !plan_plain(store, plan, plan->same_query_id != 0, &plain, err))
		return false;
	if (!matches)
		plan->first = plain.scan;
	else if (plan->same_query_id)
		plan->second = plain.scan;
	tell_count(plan, plan->second.path ? &plain : NULL);
	return true;
}

bool search_plan_make(struct store *store, const struct video_filter *filter, unsigned flags, struct search_plan *out,
                      struct error *err)
{
	*out = (struct search_plan){.filter = filter,
	                            .range = range_of(filter),
	                            .recorded = recorded_of(filter),
	                            .query_id = filter->query_id,
	                            .length = filters_length(filter)
	                                          ? length_class_of(filter->min_duration_s, filter->max_duration_s)
	                                          : LENGTH_ANY,
	                            .checks_row = filter->one_kind || filters_length(filter) || filter->recorded_after ||
	                                          filter->recorded_before || filters_row(filter),
	                            .expression = BUF(EXPRESSION_BYTES_MAX),
	                            .phrases = BUF(EXPRESSION_BYTES_MAX)};
	if (!find_channel(store, out, err) || (!out->nothing && !read_words(store, out, err)))
		return false;
	return out->nothing || plan_scans(store, out, flags, err);
}

bool search_plan_by_recorded(struct store *store, struct search_plan *plan, bool *possible, struct error *err)
{
	bool words = plan->has_words && plan->search.count;
	bool same = plan->has_words && plan->same_query_id;
	enum access_path path = plan->query_id ? PATH_QUERY_RECORDED : PATH_RECORDED;

	bool by_index = words && last_prefix(plan) && !plan->words.count;

	*possible = !by_index || plan->cheap_prefix;
	if (!*possible)
		return true;
	plan->tokens += by_index ? BY_INDEX : (int64_t)plan->words.count;
	plan->first = (struct scan){path, predicates_of(plan, path, same) | (words ? (unsigned)PREDICATE_MATCH : 0)};
	plan->second = plan->third = (struct scan){0};
	plan->window = 0;
	return !words || search_write_expression(store, plan, err);
}

bool search_plan_all_pass(const struct search_plan *plan)
{
	return !plan->first.predicates && !plan->second.predicates && !plan->third.predicates;
}

bool search_plan_has_days(const struct search_plan *plan)
{
	return !plan->has_words && !plan->checks_row && !plan->channel;
}

/* ---- the statement ---- */

struct statement_shape search_plan_shape(const struct search_plan *plan, enum list_result result, struct key_range range)
{
	bool weighted = result != LIST_WEIGHTED || plan->first.path == PATH_MATCHES;

	return (struct statement_shape){.result = weighted ? result : LIST_NEWEST,
	                                .first = plan->first,
	                                .second = plan->second,
	                                .third = plan->third,
	                                .of_query = plan->query_id != 0,
	                                .excludes_channels = plan->filter->excluded_channels != NULL,
	                                .of_language = plan->filter->language != NULL,
	                                .length = plan->length,
	                                .bounded = !path_is_recorded(plan->first.path) && !key_range_is_whole(range)};
}

/* The parameter after AT is the upper end. */
static void bind_range(struct statement *statement, enum statement_parameter at, struct key_range range)
{
	bind_int(statement, (int)at, range.low);
	bind_int(statement, (int)at + 1, range.high);
}

static void bind_filter(const struct search_plan *plan, struct statement *statement)
{
	const struct video_filter *filter = plan->filter;

	if (plan->channel)
		bind_int(statement, PARAMETER_CHANNEL, plan->channel);
	if (filter->one_kind)
		bind_int(statement, PARAMETER_KIND, (int64_t)filter->kind);
	if (filter->min_duration_s)
		bind_int(statement, PARAMETER_MIN_DURATION, filter->min_duration_s);
	if (filter->max_duration_s)
		bind_int(statement, PARAMETER_MAX_DURATION, filter->max_duration_s);
	if (filter->excluded_channels)
		bind_text(statement, PARAMETER_EXCLUDED, filter->excluded_channels);
	if (filter->language)
		bind_text(statement, PARAMETER_LANGUAGE, filter->language);
}

void search_plan_bind(const struct search_plan *plan, struct key_range range, int64_t limit, struct statement *statement)
{
	bool recorded = path_is_recorded(plan->first.path);

	bind_range(statement, PARAMETER_LOW, recorded ? plan->range : range);
	if (recorded || !key_range_is_whole(plan->recorded))
		bind_range(statement, PARAMETER_RECORDED_LOW, recorded ? range : plan->recorded);
	if (limit)
		bind_int(statement, PARAMETER_LIMIT, limit);
	if (plan->query_id)
		bind_int(statement, PARAMETER_QUERY, plan->query_id);
	if (plan->expression.len)
		bind_text(statement, PARAMETER_EXPRESSION, buf_text(&plan->expression));
	if (plan->phrases.len)
		bind_text(statement, PARAMETER_PHRASES, buf_text(&plan->phrases));
	if (plan->same_query_id)
		bind_int(statement, PARAMETER_SAME_QUERY, plan->same_query_id);
	bind_filter(plan, statement);
}
