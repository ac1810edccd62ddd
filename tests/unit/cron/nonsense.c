/* A week of five queries (on PostgreSQL two days, since each of a hundred thousand saves takes many times as long there): two are answered as they should be,
 * three with nonsense of every kind. One query's nonsense is no other's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "model/quota_day.h"
#include "tests/sim/world/rng.h"
#include "tests/support/database.h"
#include "tests/support/stage.h"
#include "tests/support/store_fixture.h"

#define KEY "key-a-of-project-one-00"

enum {
	START = 1795341600,
	DAYS = 7,
	DAYS_ON_POSTGRES = 2,
	GOOD = 2,
	QUERIES = 5,
	PAGE = 50,
	STEP_S = 2400,
	TIMEOUT_S = 30,
	SHOWN_MAX = 60000
};

static const char *const texts[QUERIES] = {"good+one", "good+two", "odd+one", "odd+two", "odd+three"};

struct nonsense {
	struct rng rng;
	struct fake_clock *time;
	int64_t searches[QUERIES]; /* of today */
	int64_t units;
	int64_t next; /* number of the next invented video */
	char (*shown)[VIDEO_ID_SIZE];
	size_t shown_count;
	bool endless; /* good answers always offer a next page */
};

/* ---- what is asked ---- */

static int64_t time_of(const char *url, const char *name)
{
	const char *at = strstr(url, name);
	char text[TIMESTAMP_SIZE] = "";
	int64_t time = 0;

	assert_non_null(at);
	at += strlen(name);
	for (size_t i = 0; i + 1 < sizeof(text) && *at && *at != '&'; i++) {
		bool colon = strncmp(at, "%3A", 3) == 0;

		text[i] = colon ? ':' : *at;
		at += colon ? 3 : 1;
	}
	assert_true(timestamp_parse(text, &time));
	return time;
}

static int query_of(const char *url)
{
	for (int i = 0; i < QUERIES; i++) {
		char parameter[32];
		char encoded[40] = "";

		snprintf(parameter, sizeof(parameter), "q=%s&", texts[i]);
		snprintf(encoded, sizeof(encoded), "q=%.*s%%20%s&", (int)strcspn(texts[i], "+"), texts[i],
		         strchr(texts[i], '+') + 1);
		if (strstr(url, parameter) || strstr(url, encoded))
			return i;
	}
	fail_msg("no query of ours: %s", url);
	return -1;
}

/* ---- good answers ---- */

static void add_item(struct buf *body, bool first, const char *id, const char *title, int64_t time, bool search)
{
	char published[TIMESTAMP_SIZE];

	timestamp_format(time, published);
	buf_printf(body, search ? "%s{\"id\":{\"videoId\":\"%s\"}" : "%s{\"id\":\"%s\"", first ? "" : ",", id);
	buf_printf(body, ",\"snippet\":{\"publishedAt\":\"%s\",\"title\":\"%s\",\"channelId\":\"UC1\"}}", published, title);
}

static void show(struct nonsense *n, const char *id)
{
	assert_in_range(n->shown_count, 0, SHOWN_MAX - 1);
	memcpy(n->shown[n->shown_count++], id, VIDEO_ID_SIZE);
}

static int64_t good_time(int64_t number)
{
	return START - 10 * SECONDS_PER_DAY + number * STEP_S;
}

static void good_id(int query, int64_t number, char out[VIDEO_ID_SIZE])
{
	char id[32];

	snprintf(id, sizeof(id), "good%d%05dA", query % 10, (int)(number % 100000));
	memcpy(out, id, VIDEO_ID_SIZE - 1);
	out[VIDEO_ID_SIZE - 1] = '\0';
}

static void answer_well(struct nonsense *n, int query, const char *url, struct buf *body)
{
	int64_t since = time_of(url, "publishedAfter=");
	int64_t until = time_of(url, "publishedBefore=");
	int64_t now = n->time->now + n->time->slept_ms / 1000;
	int count = 0;

	buf_add_text(body, "{\"kind\":\"youtube#searchListResponse\",\"items\":[");
	for (int64_t i = ((until < now ? until : now) - good_time(0)) / STEP_S; i >= 0 && good_time(i) >= since && count < PAGE;
	     i--) {
		char id[VIDEO_ID_SIZE];

		good_id(query, i, id);
		add_item(body, count++ == 0, id, "good", good_time(i), true);
	}
	buf_printf(body, "]%s}", count == PAGE || n->endless ? ",\"nextPageToken\":\"CDIQAA\"" : "");
}

/* ---- nonsense ---- */

static const char *const values[] = {"null",
                                     "true",
                                     "-1",
                                     "1e999",
                                     "\"\"",
                                     "\"   \"",
                                     "\"\\ud800\\u0000\"",
                                     "[]",
                                     "{}",
                                     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                                     "99999999999999999999999999999999999999999999999999999999999999999999999999999999",
                                     "\"9999-12-31T23:59:59Z\"",
                                     "\"1970-01-01T00:00:00Z\"",
                                     "\"yesterday\"",
                                     "\"live\"",
                                     "\"UC\""};

static const char *any_value(struct nonsense *n)
{
	return values[rng_below(&n->rng, sizeof(values) / sizeof(values[0]))];
}

static void add_odd_item(struct nonsense *n, struct buf *body)
{
	switch (rng_below(&n->rng, 3)) {
	case 0:
		buf_add_text(body, any_value(n));
		break;
	case 1:
		buf_printf(body, "{\"id\":%s,\"snippet\":%s}", any_value(n), any_value(n));
		break;
	default:
		buf_printf(body,
		           "{\"id\":{\"videoId\":\"odd%07dA\"},\"snippet\":{\"title\":%s,\"publishedAt\":%s,\"channelId\":%s,"
		           "\"description\":%s,\"thumbnails\":%s,\"liveBroadcastContent\":%s}}",
		           (int)(n->next++ % 10000000), any_value(n), any_value(n), any_value(n), any_value(n), any_value(n),
		           any_value(n));
	}
}

/* Up to a page: new videos and known ones, in the window and out of it, in any order, and odd items; any token. */
static void answer_oddly(struct nonsense *n, const char *url, struct buf *body)
{
	int64_t since = time_of(url, "publishedAfter=");
	int64_t until = time_of(url, "publishedBefore=");
	bool outside = rng_below(&n->rng, 4) == 0;
	bool same = rng_below(&n->rng, 3) == 0; /* the videos of before once more */
	bool clean = rng_below(&n->rng, 2) == 0;
	size_t count = rng_below(&n->rng, 3) ? rng_below(&n->rng, PAGE + 1) : 0;
	int64_t first = same && n->next > (int64_t)count ? n->next - (int64_t)count : n->next;

	buf_add_text(body, "{\"kind\":\"youtube#searchListResponse\",\"items\":[");
	for (size_t i = 0; i < count; i++) {
		char id[24];
		int64_t time =
		    outside ? since - 365 * SECONDS_PER_DAY : rng_between(&n->rng, since, until > since ? until : since);

		if (!clean && rng_below(&n->rng, 3) == 0) {
			buf_add_text(body, i ? "," : "");
			add_odd_item(n, body);
			continue;
		}
		snprintf(id, sizeof(id), "new%07dA", (int)((first + (int64_t)i) % 10000000));
		add_item(body, i == 0, id, rng_below(&n->rng, 9) ? "new" : "", time, true);
		show(n, id);
	}
	n->next += (int64_t)count;
	buf_printf(body, "]%s}", rng_below(&n->rng, 2) ? ",\"nextPageToken\":\"CDIQAA\"" : "");
}

/* A channel's uploads: what search may have given, or not, and odd items. */
static void answer_uploads(struct nonsense *n, struct buf *body)
{
	int64_t count = rng_between(&n->rng, 0, PAGE);

	buf_printf(body, "{\"kind\":\"youtube#playlistItemListResponse\",\"etag\":%s,\"items\":[", any_value(n));
	for (int64_t i = 0; i < count; i++) {
		char published[TIMESTAMP_SIZE];

		buf_add_text(body, i ? "," : "");
		if (rng_below(&n->rng, 3) == 0) {
			add_odd_item(n, body);
			continue;
		}
		timestamp_format(n->time->now - rng_between(&n->rng, -SECONDS_PER_DAY, 60 * SECONDS_PER_DAY), published);
		buf_printf(body,
		           "{\"snippet\":{\"title\":\"good new\",\"channelId\":%s,\"resourceId\":{\"videoId\":\"up%08dA\"}},"
		           "\"contentDetails\":{\"videoPublishedAt\":\"%s\"}}",
		           rng_below(&n->rng, 2) ? "\"UC1\"" : any_value(n), (int)(n->next++ % 100000000), published);
	}
	buf_add_text(body, "]}");
}

/* Any status, any cut of an answer, another answer, none at all. False for the last. */
static bool answer_brokenly(struct nonsense *n, struct http_response *out, struct error *err)
{
	static const int statuses[] = {200, 200, 204, 301, 400, 403, 404, 500, 503};
	static const char *const bodies[] = {"",
	                                     "{}",
	                                     "null",
	                                     "<html>",
	                                     "{\"items\":{}}",
	                                     "{\"error\":7}",
	                                     "{\"error\":{\"errors\":[7]}}",
	                                     "{\"kind\":\"youtube#searchListResponse\",\"items\":[{\"id\":{\"vid",
	                                     "{\"kind\":\"youtube#channelListResponse\",\"items\":[]}"};

	if (rng_below(&n->rng, 6) == 0) {
		n->time->slept_ms += TIMEOUT_S * 1000;
		return error_set(err, ERR_UPSTREAM, "no answer: timeout was reached");
	}
	out->status = statuses[rng_below(&n->rng, sizeof(statuses) / sizeof(statuses[0]))];
	out->retry_after = rng_between(&n->rng, -1, 100);
	buf_add_text(&out->body, bodies[rng_below(&n->rng, sizeof(bodies) / sizeof(bodies[0]))]);
	return true;
}

/* videos.list has all that it is asked for, or nothing that makes sense. */
static void answer_details(struct nonsense *n, const char *url, struct buf *body)
{
	const char *at = strstr(url, "&id=") + 4;
	bool first = true;

	buf_add_text(body, "{\"kind\":\"youtube#videoListResponse\",\"items\":[");
	for (; *at; at += strcspn(at, "%,"), at += *at == '%' ? 3 : *at == ',') {
		char id[VIDEO_ID_SIZE] = "";

		snprintf(id, sizeof(id), "%.*s", (int)strcspn(at, "%,"), at);
		if (strncmp(id, "odd", 3) == 0 && rng_below(&n->rng, 2)) {
			buf_printf(body, "%s{\"id\":\"%s\",\"snippet\":%s}", first ? "" : ",", id, any_value(n));
			first = false;
			continue;
		}
		int64_t time = strncmp(id, "good", 4) == 0 ? good_time(strtoll(id + 5, NULL, 10)) : n->time->now - 7200;
		add_item(body, first, id, "told", time, false);
		first = false;
	}
	buf_add_text(body, "]}");
}

static bool nonsense_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	struct nonsense *n = context;
	bool search = strstr(url, "/search?") != NULL;
	int query = search ? query_of(url) : -1;
	bool broken = (!search && rng_below(&n->rng, 5) == 0) || (query >= GOOD && rng_below(&n->rng, 3) == 0);
	int64_t dates[] = {0, 1, n->time->now - 40 * SECONDS_PER_DAY, n->time->now + 40 * SECONDS_PER_DAY};

	(void)key;
	n->time->slept_ms += rng_between(&n->rng, 100, 2000);
	if (search)
		n->searches[query]++;
	else
		n->units++;
	*out = (struct http_response){.status = 200, .body = BUF(HTTP_BODY_MAX), .retry_after = -1};
	if (broken && !answer_brokenly(n, out, err))
		return false;
	if (query >= GOOD)
		out->date = dates[rng_below(&n->rng, 4)];
	if (!broken && strstr(url, "/playlistItems?"))
		answer_uploads(n, &out->body);
	else if (!broken && !search)
		answer_details(n, url, &out->body);
	else if (!broken && query < GOOD)
		answer_well(n, query, url, &out->body);
	else if (!broken)
		answer_oddly(n, url, &out->body);
	return buf_ok(&out->body, err);
}

/* ---- what must hold ---- */

static void run_once(struct stage *stage)
{
	AUTO(run_clear) struct run run = {0};
	struct error err = {0};
	bool no_key;

	if (!cycle_run(&stage->cycle, &run, &no_key, &err))
		fail_msg("the run could not go on: %s", err.text);
	assert_true(stage->youtube->time.slept_ms <= stage->config.interval_s * 1000);
	stage->youtube->time.now += stage->config.interval_s;
	stage->youtube->time.slept_ms = 0;
}

/* Of the day that is over; FULL tells whether all of it was seen. */
static void assert_fair(struct nonsense *n, bool full)
{
	int64_t all = 0;

	for (int i = 0; i < QUERIES; i++)
		all += n->searches[i];
	assert_in_range(all, 0, 100);
	assert_in_range(n->units, 0, 10000);
	print_message("searches: %lld %lld, %lld %lld %lld\n", (long long)n->searches[0], (long long)n->searches[1],
	              (long long)n->searches[2], (long long)n->searches[3], (long long)n->searches[4]);
	for (int i = 0; full && i < GOOD; i++)
		assert_true(n->searches[i] + 1 >= all / (2 * QUERIES)); /* the one of now may be another's */
	memset(n->searches, 0, sizeof(n->searches));
	n->units = 0;
}

static void assert_recorded(struct stage *stage, const char *id)
{
	static const char sql[] =
	    "SELECT EXISTS (SELECT 1 FROM video WHERE id = ?1) OR EXISTS (SELECT 1 FROM quarantine WHERE id = ?1)"
	    " OR EXISTS (SELECT 1 FROM pending_lookup WHERE id = ?1)";

	if (!stage_number(stage, sql, id))
		fail_msg("%s was shown and is lost", id);
}

/* Whether TIME, of before the tracking, is in a gap of the query. */
static bool is_told(struct stage *stage, int query, int64_t time)
{
	char sql[160], text[24];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM coverage WHERE query = %d AND read_at = 0 AND since <= CAST(?1 AS BIGINT)"
	         " AND until > CAST(?1 AS BIGINT)",
	         query);
	snprintf(text, sizeof(text), "%lld", (long long)time);
	return time < START && stage_number(stage, sql, text) > 0;
}

static void live_for(int days, uint64_t seed)
{
	struct stage *stage = stage_make(&(struct world_options){.seed = seed}, START);
	struct nonsense n = {.rng = rng_from(seed), .time = &stage->youtube->time, .shown = calloc(SHOWN_MAX, sizeof(*n.shown))};
	int64_t day = quota_day_start(START);
	bool full = false;

	assert_non_null(n.shown);
	print_message("seed %llu\n", (unsigned long long)seed);
	stage_add_key(stage, KEY, "111", -1, -1);
	for (int i = 0; i < QUERIES; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%s", texts[i]);
		*strchr(text, '+') = ' ';
		stage_add_query(stage, text);
	}
	stage->cycle.youtube.transport = (struct transport){.get = nonsense_get, .context = &n};
	while (stage_now(stage) < START + days * SECONDS_PER_DAY) {
		if (quota_day_start(stage_now(stage)) != day) {
			assert_fair(&n, full);
			full = true;
			day = quota_day_start(stage_now(stage));
		}
		run_once(stage);
	}
	for (size_t i = 0; i < n.shown_count; i++)
		assert_recorded(stage, n.shown[i]);
	for (int query = 0; query < GOOD; query++)
		for (int64_t i = 0; good_time(i) < stage_now(stage) - SECONDS_PER_DAY / 4; i++) {
			char id[VIDEO_ID_SIZE];

			good_id(query, i, id);
			if (good_time(i) >= START - 7 * SECONDS_PER_DAY && !is_told(stage, query + 1, good_time(i)))
				assert_recorded(stage, id);
		}
	/* What was published before the tracking is closed last: it may be left. */
	assert_in_range(stage_number(stage, "SELECT max(missing_s) FROM query WHERE text LIKE ?1", "good%"), 0,
	                7 * SECONDS_PER_DAY);
	stage_assert_sound(stage);
	free(n.shown);
	stage_close(&stage);
}

static void a_token_without_end_leaves_no_gap(void **state)
{
	struct stage *stage = stage_make(&(struct world_options){.seed = 1}, START);
	struct nonsense n = {.rng = rng_from(1), .time = &stage->youtube->time, .endless = true};

	(void)state;
	log_set_level(LOG_ERROR);
	stage_add_key(stage, KEY, "111", -1, -1);
	stage_add_query(stage, "good one");
	stage->cycle.youtube.transport = (struct transport){.get = nonsense_get, .context = &n};
	while (stage_now(stage) < START + SECONDS_PER_DAY)
		run_once(stage);
	assert_int_equal(stage_number(stage, "SELECT count(*) FROM coverage WHERE read_at = 0", NULL), 0);
	stage_close(&stage);
}

/* The videos of the first query cannot be saved. */
static void what_cannot_be_saved_backs_off(void **state)
{
	struct stage *stage = stage_make(&(struct world_options){.seed = 1}, START);
	struct nonsense n = {.rng = rng_from(1), .time = &stage->youtube->time};

	(void)state;
	log_set_level(LOG_ERROR);
	fixture_refuse(stage->store, "good0%");
	stage_add_key(stage, KEY, "111", -1, -1);
	stage_add_query(stage, "good one");
	stage_add_query(stage, "good two");
	stage->cycle.youtube.transport = (struct transport){.get = nonsense_get, .context = &n};
	while (stage_now(stage) < START + SECONDS_PER_DAY / 4)
		run_once(stage);
	assert_in_range(n.searches[0], 3, 12);
	assert_in_range(n.searches[1], 12, 100);
	assert_int_equal(stage_number(stage, "SELECT count(*) FROM video WHERE id LIKE 'good0%'", NULL), 0);
	assert_true(stage_number(stage, "SELECT count(*) FROM video", NULL) > 100);
	assert_true(stage_number(stage, "SELECT failures FROM query WHERE text = 'good one' AND error IS NOT NULL", NULL) > 3);
	stage_close(&stage);
}

static void nonsense_harms_nobody(void **state)
{
	const char *seed = getenv("NONSENSE_SEED");

	(void)state;
	log_set_level(LOG_ERROR);
	live_for(test_database_is_postgres() ? DAYS_ON_POSTGRES : DAYS, seed ? strtoull(seed, NULL, 10) : 20261129);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nonsense_harms_nobody),
	                                   cmocka_unit_test(a_token_without_end_leaves_no_gap),
	                                   cmocka_unit_test(what_cannot_be_saved_backs_off)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
