#include "cron/probe.h"

#include <string.h>

#include "base/timestamp.h"

enum {
	SETTLED_S = SECONDS_PER_DAY,        /* the day asked about ended so long ago: the index shows by then what it will */
	DAY_PAGES_MAX = 5,                  /* of a day that is read to its end */
	NEIGHBOURS_MIN = 10,                /* fewer tell nothing of an order */
	ORDERED_PERCENT = 80,               /* the least for a page that is in order, as everywhere in newsreel */
	USUAL_PERCENT = 90,                 /* the least of what else holds: the index has errors of its own */
	CHANNELS_MAX = 10,                  /* whose counts are compared with their lists */
	TRIGGER_S = 15 * 60,                /* a count that is later than this is no use as a trigger */
	COMPARABLE_S = 2 * SECONDS_PER_DAY, /* an upload that is missing for longer is missing for another reason */
	WORDS_MAX_BYTES = 512
};

enum finding { HOLDS, HOLDS_NOT, UNDECIDED };

struct probe {
	struct api_client *client;
	const char *query;
	int64_t since; /* the day asked about, both ends inclusive */
	int64_t until;
	bool asked;                /* for its first page: */
	bool answered;             /* here it is, */
	struct search_answer page; /* in YouTube's order, */
	struct error failure;      /* or why it is not */
	bool stopped;              /* no further call can be made */
};

static void probe_clear(struct probe *p)
{
	search_answer_clear(&p->page);
}

/* ---- calls ---- */

static bool search(struct probe *p, const char *text, int64_t since, int64_t until, const char *token, struct search_answer *out,
                   struct error *err)
{
	struct search_request request = {.text = text,
	                                 .published_after = since,
	                                 .published_before = until,
	                                 .page_token = token,
	                                 .safe_search = SAFE_SEARCH_NONE};
	enum call_result result = CALL_FAILED;
	int64_t at;

	p->stopped = !api_client_search(p->client, &request, out, &at, &result, err);
	return !p->stopped && result == CALL_OK;
}

/* The first page of the day, which several questions are about. */
static bool first_page(struct probe *p, struct error *err)
{
	if (!p->asked)
		p->answered = search(p, p->query, p->since, p->until, "", &p->page, &p->failure);
	p->asked = true;
	if (!p->answered)
		*err = p->failure;
	return p->answered;
}

/* ---- order, window ---- */

static enum finding judge(int64_t good, int64_t all, int64_t all_min, int percent)
{
	return all < all_min ? UNDECIDED : good * 100 >= all * percent ? HOLDS : HOLDS_NOT;
}

static bool ask_order(struct probe *p, enum finding *out, struct buf *words, struct error *err)
{
	const struct video_list *videos = &p->page.videos;
	int64_t descending = 0;

	if (!first_page(p, err))
		return false;
	for (size_t i = 1; i < videos->count; i++)
		descending += videos->items[i].published_at <= videos->items[i - 1].published_at;
	int64_t neighbours = videos->count ? (int64_t)videos->count - 1 : 0;
	buf_printf(words, "%lld of %lld neighbours on a page descend in time", (long long)descending, (long long)neighbours);
	*out = judge(descending, neighbours, NEIGHBOURS_MIN, ORDERED_PERCENT);
	return true;
}

static int64_t count_inside(const struct video_list *videos, int64_t since, int64_t until)
{
	int64_t count = 0;

	for (size_t i = 0; i < videos->count; i++)
		count += videos->items[i].published_at >= since && videos->items[i].published_at <= until;
	return count;
}

static bool ask_window(struct probe *p, enum finding *out, struct buf *words, struct error *err)
{
	if (!first_page(p, err))
		return false;
	int64_t inside = count_inside(&p->page.videos, p->since, p->until);
	int64_t all = (int64_t)p->page.videos.count;
	buf_printf(words, "%lld of %lld videos on a page are of the time that was asked for", (long long)inside, (long long)all);
	*out = judge(inside, all, 1, USUAL_PERCENT);
	return true;
}

/* ---- pool ---- */

static bool add_ids(const struct search_answer *answer, struct text_list *ids, struct error *err)
{
	for (size_t i = 0; i < answer->videos.count; i++)
		if (!text_list_add(ids, answer->videos.items[i].id, err))
			return false;
	for (size_t i = 0; i < answer->bare.count; i++)
		if (!text_list_add(ids, answer->bare.items[i], err))
			return false;
	return true;
}

/* Reads the day, at most DAY_PAGES_MAX pages, by YouTube's page tokens. */
static bool read_day(struct probe *p, struct text_list *ids, bool *ended, struct error *err)
{
	char token[PAGE_TOKEN_SIZE];

	if (!first_page(p, err) || !add_ids(&p->page, ids, err))
		return false;
	memcpy(token, p->page.next_page_token, sizeof(token));
	for (int pages = 1; *token && pages < DAY_PAGES_MAX; pages++) {
		AUTO(search_answer_clear) struct search_answer page = {0};

		if (!search(p, p->query, p->since, p->until, token, &page, err) || !add_ids(&page, ids, err))
			return false;
		memcpy(token, page.items ? page.next_page_token : "", page.items ? sizeof(token) : 1);
	}
	*ended = !*token;
	return true;
}

/* Counts the videos of a part of the day, and those of them that the whole day's IDS lack. */
static bool read_half(struct probe *p, int64_t since, int64_t until, const struct text_list *ids, int64_t *brought,
                      int64_t *lacking, struct error *err)
{
	AUTO(search_answer_clear) struct search_answer page = {0};

	if (!search(p, p->query, since, until, "", &page, err))
		return false;
	*brought += count_inside(&page.videos, since, until);
	for (size_t i = 0; i < page.videos.count; i++)
		*lacking += page.videos.items[i].published_at >= since && page.videos.items[i].published_at <= until &&
		            !text_list_has(ids, page.videos.items[i].id);
	return true;
}

static bool ask_pool(struct probe *p, enum finding *out, struct buf *words, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	int64_t middle = p->since + (p->until - p->since) / 2;
	int64_t brought = 0, lacking = 0;
	bool ended;

	if (!read_day(p, &ids, &ended, err))
		return false;
	if (!ended) {
		buf_printf(words, "%d pages do not reach the end of a day: a query that brings less would tell", DAY_PAGES_MAX);
		*out = UNDECIDED;
		return true;
	}
	if (!read_half(p, middle + 1, p->until, &ids, &brought, &lacking, err) ||
	    !read_half(p, p->since, middle, &ids, &brought, &lacking, err))
		return false;
	buf_printf(words, "a day read to its end brings %zu videos; its halves bring %lld, of which the whole lacks %lld",
	           ids.count, (long long)brought, (long long)lacking);
	*out = judge(brought - lacking, brought, 1, USUAL_PERCENT);
	return true;
}

/* ---- union ---- */

/* The words of TEXT that mean nothing but themselves to YouTube. */
static bool plain_words(const char *text, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	if (!text_list_split(text, ' ', &parts, err))
		return false;
	for (size_t i = 0; i < parts.count; i++)
		if (parts.items[i][0] != '-' && !strpbrk(parts.items[i], "|\"") && !text_list_has(out, parts.items[i]) &&
		    !text_list_add(out, parts.items[i], err))
			return false;
	return true;
}

/* How far down PAGE reaches in a window that begins at SINCE. */
static int64_t lower_end(const struct search_answer *page, int64_t since)
{
	int64_t oldest = INT64_MAX;

	if (!page->next_page_token[0])
		return since;
	for (size_t i = 0; i < page->videos.count; i++)
		if (page->videos.items[i].published_at >= since && page->videos.items[i].published_at < oldest)
			oldest = page->videos.items[i].published_at;
	return oldest == INT64_MAX ? since : oldest;
}

/* Compares where the first word fills at most a page: what a union has more does not count. */
static bool compare_union(struct probe *p, const char *word, const char *other, enum finding *out, struct buf *words,
                          struct error *err)
{
	AUTO(search_answer_clear) struct search_answer alone = {0};
	AUTO(search_answer_clear) struct search_answer both = {0};
	AUTO(buf_clear) struct buf text = BUF(WORDS_MAX_BYTES);

	buf_printf(&text, "%s|%s", word, other);
	if (!buf_ok(&text, err) || !search(p, word, p->since, p->until, "", &alone, err))
		return false;
	int64_t since = lower_end(&alone, p->since);
	if (!search(p, buf_text(&text), since, p->until, "", &both, err))
		return false;
	int64_t one = count_inside(&alone.videos, since, p->until);
	int64_t two = count_inside(&both.videos, since, p->until);
	buf_printf(words, "the first word alone brings %lld videos, the first two with | between them %lld of the same time",
	           (long long)one, (long long)two);
	*out = judge(two, one, 1, USUAL_PERCENT);
	return true;
}

static bool ask_union(struct probe *p, enum finding *out, struct buf *words, struct error *err)
{
	AUTO(text_list_clear) struct text_list plain = {0};

	if (!plain_words(p->query, &plain, err))
		return false;
	if (plain.count >= 2)
		return compare_union(p, plain.items[0], plain.items[1], out, words, err);
	buf_add_text(words, "a query of two words would tell");
	*out = UNDECIDED;
	return true;
}

/* ---- videoCount ---- */

/* How the counts of channels compare with their lists of uploads. Ages in seconds. */
struct count_lag {
	int64_t current;  /* channels that count all uploads, */
	int64_t youngest; /* the youngest of which is so old */
	int64_t behind;   /* channels that lack some, */
	int64_t oldest;   /* the oldest of which is so old */
};

/* The first CHANNELS_MAX channels of the page. */
static bool add_channels(const struct video_list *videos, struct text_list *ids, struct error *err)
{
	for (size_t i = 0; i < videos->count && ids->count < CHANNELS_MAX; i++)
		if (videos->items[i].channel_id[0] && !text_list_has(ids, videos->items[i].channel_id) &&
		    !text_list_add(ids, videos->items[i].channel_id, err))
			return false;
	return true;
}

/* A list may also hold what was deleted: the whole of a short one shows how much, a longer one without any on its page hardly has any. */
static bool is_exact(const struct uploads_answer *uploads)
{
	return uploads->items >= uploads->total || uploads->items == (int64_t)uploads->videos.count;
}

/* How many uploads the count lacks. */
static int64_t count_lacking(const struct channel_size *channel, const struct uploads_answer *uploads)
{
	bool whole = uploads->items >= uploads->total;

	return (whole ? (int64_t)uploads->videos.count : uploads->total) - channel->videos;
}

static void compare_count(const struct channel_size *channel, const struct uploads_answer *uploads, int64_t now,
                          struct count_lag *lag)
{
	int64_t count = (int64_t)uploads->videos.count;
	int64_t lacking = count_lacking(channel, uploads);

	if (channel->videos < 0 || uploads->total < 0 || count == 0 || lacking < 0 || lacking > count)
		return;
	int64_t age = now - uploads->videos.items[lacking ? lacking - 1 : 0].published_at;
	if (lacking == 0)
		lag->youngest = lag->current++ == 0 || age < lag->youngest ? age : lag->youngest;
	else if (is_exact(uploads) && age <= COMPARABLE_S)
		lag->oldest = lag->behind++ == 0 || age > lag->oldest ? age : lag->oldest;
}

/* Reads the uploads of each channel; one that fails is left out, and is what failed if no other tells anything. */
static bool compare_counts(struct probe *p, const struct channels_answer *channels, struct count_lag *lag, struct error *err)
{
	enum call_result result = CALL_OK;

	for (size_t i = 0; i < channels->count && i < CHANNELS_MAX; i++) {
		AUTO(uploads_answer_clear) struct uploads_answer uploads = {0};
		struct uploads_request request = {.channel_id = channels->items[i].id};

		p->stopped = !api_client_uploads(p->client, &request, &uploads, &result, err);
		if (p->stopped)
			return false;
		if (result == CALL_OK)
			compare_count(&channels->items[i], &uploads, clock_now(&p->client->clock), lag);
	}
	return result == CALL_OK || lag->current || lag->behind;
}

static enum finding judge_lag(const struct count_lag *lag)
{
	if (lag->behind)
		return lag->oldest > TRIGGER_S ? HOLDS_NOT : UNDECIDED;
	return lag->current && lag->youngest <= TRIGGER_S ? HOLDS : UNDECIDED;
}

static bool ask_count(struct probe *p, enum finding *out, struct buf *words, struct error *err)
{
	AUTO(text_list_clear) struct text_list ids = {0};
	AUTO(channels_answer_clear) struct channels_answer channels = {0};
	struct count_lag lag = {0};
	enum call_result result = CALL_OK;

	if (!first_page(p, err) || !add_channels(&p->page.videos, &ids, err))
		return false;
	p->stopped = ids.count && !api_client_channels(p->client, &ids, &channels, &result, err);
	if (p->stopped || result != CALL_OK || !compare_counts(p, &channels, &lag, err))
		return false;
	buf_printf(words, "%lld of %zu channels count all of their uploads", (long long)lag.current, ids.count);
	if (lag.current)
		buf_printf(words, ", the newest of %lld min ago: a lag of at most that", (long long)lag.youngest / 60);
	if (lag.behind)
		buf_printf(words, "; %lld lack some, the oldest of %lld min ago: a lag of at least that", (long long)lag.behind,
		           (long long)lag.oldest / 60);
	*out = judge_lag(&lag);
	return true;
}

/* ---- the questions ---- */

struct question {
	const char *name;
	/* False: it failed, or P->stopped. */
	bool (*ask)(struct probe *p, enum finding *out, struct buf *words, struct error *err);
	const char *otherwise; /* what follows when it does not hold */
};

static const struct question questions[] = {
    {"order", ask_order, "a page without order covers nothing, and its window is halved"},
    {"window", ask_window, "videos of other times prove nothing, and coverage takes longer"},
    {"pool", ask_pool, "wide windows leave videos out: windows are kept about as wide as a page"},
    {"union", ask_union, "track no query with |, and leave NEWSREEL_SCOUTS off"},
    {"videoCount", ask_count, "a channel's videoCount comes too late to tell of new uploads: its list is read instead"},
};

static void print_line(FILE *to, const char *name, const char *finding, const char *words)
{
	fprintf(to, "%-10s  %-13s  %s\n", name, finding, words);
}

static bool put_question(struct probe *p, const struct question *question, FILE *to, int64_t *failed, struct error *err)
{
	static const char *const names[] = {[HOLDS] = "holds", [HOLDS_NOT] = "does not hold", [UNDECIDED] = "not decided"};
	AUTO(buf_clear) struct buf words = BUF(WORDS_MAX_BYTES);
	enum finding finding = UNDECIDED;

	if (!question->ask(p, &finding, &words, err)) {
		if (p->stopped || err->code == ERR_NO_MEMORY)
			return false;
		(*failed)++;
		print_line(to, question->name, "failed", err->text);
		return true;
	}
	if (finding == HOLDS_NOT)
		buf_printf(&words, ": %s", question->otherwise);
	print_line(to, question->name, names[finding], buf_text(&words));
	return buf_ok(&words, err);
}

bool probe_run(struct api_client *client, const char *query, FILE *to, int64_t *failed, struct error *err)
{
	int64_t now = clock_now(&client->clock);
	AUTO(probe_clear)
	struct probe p = {.client = client, .query = query, .since = now - SETTLED_S - SECONDS_PER_DAY, .until = now - SETTLED_S};

	client->deadline = now; /* no second try */
	*failed = 0;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (!put_question(&p, &questions[i], to, failed, err))
			return false;
	return true;
}
