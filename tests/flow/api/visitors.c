/* What a visitor's request found shows in no public answer but those to its own text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cgi/routes.h"
#include "store/coverage.h"
#include "store/private/visitors.h"
#include "store/video_search.h"
#include "store/queries.h"
#include "store/videos.h"
#include "tests/support/flow.h"

enum { ANSWERS_MAX = 4096, URL_BYTES = 256, VARIANT_COUNT = 23 };

#define FIND "visitorsAAA"
#define TEXT "airship"

/* ---- every public answer ---- */

/* What may be asked of a route, its id included. */
static const char *const variants[VARIANT_COUNT] = {"",
                                                    "?page_size=1",
                                                    "?page_number=2",
                                                    "?query=zeppelin",
                                                    "?query=zep",
                                                    "?query=air",
                                                    "?query=airship+-x",
                                                    "?channel=UCofTheVisitors",
                                                    "?tracked=1",
                                                    "?kind=video",
                                                    "?min_duration=60",
                                                    "?max_duration=120",
                                                    "?within=day",
                                                    "?published_after=2026-11-22",
                                                    "?sort=oldest",
                                                    "?sort=views",
                                                    "?sort=title",
                                                    "?count=exact",
                                                    "?bucket=hour",
                                                    "?bucket=month",
                                                    "?query=zeppelin&sort=relevance",
                                                    "?query=zeppelin&count=exact",
                                                    "?done=added"};

static const char *const ids[] = {FIND, "publicAAAAA", "1", "2"};

/* The URL of a route with its ":id" filled in. */
static void make_url(const char *pattern, const char *id, const char *variant, char url[URL_BYTES])
{
	const char *place = strstr(pattern, ":id");

	if (place)
		snprintf(url, URL_BYTES, "%.*s%s%s%s", (int)(place - pattern), pattern, id, place + strlen(":id"), variant);
	else
		snprintf(url, URL_BYTES, "%s%s", pattern, variant);
}

/* The status, the headers and the body; metrics without the count of requests, which this test makes. */
static char *answer_to(struct flow *flow, const char *url)
{
	AUTO(buf_clear) struct buf all = BUF(RESPONSE_BODY_MAX * 2);
	char *text = NULL;
	struct error err;
	int status = flow_get(flow, url);

	buf_printf(&all, "%d %s\n%s\n", status, url, buf_text(&flow->response.headers));
	for (const char *line = flow_body(flow); *line;) {
		size_t len = strcspn(line, "\n");

		len += line[len] == '\n';
		if (strncmp(line, "newsreel_http_", strlen("newsreel_http_")) != 0)
			buf_add(&all, line, len);
		line += len;
	}
	assert_true(buf_take(&all, &text, &err));
	return text;
}

/* Every answer to GET without a token; the caller's to free, one by one. */
static size_t read_all(struct flow *flow, char *answers[ANSWERS_MAX])
{
	size_t count = 0;
	char url[URL_BYTES];

	for (size_t r = 0; r < routes_count; r++) {
		const struct endpoint *e = routes_at(r);
		size_t id_count = strstr(e->pattern, ":id") ? sizeof(ids) / sizeof(ids[0]) : 1;

		for (size_t i = 0; e->method == METHOD_GET && i < id_count; i++) {
			for (size_t v = 0; v < VARIANT_COUNT; v++) {
				make_url(e->pattern, ids[i], variants[v], url);
				assert_true(count < ANSWERS_MAX);
				answers[count++] = answer_to(flow, url);
			}
		}
	}
	return count;
}

/* ---- what happens ---- */

/* A poll of the visitor's query: a page with one video, its second look, and all that is noted of it. */
static void poll(struct flow *flow)
{
	struct store *store = flow_open(flow);
	AUTO(query_clear) struct query query = {0};
	AUTO(coverage_clear) struct coverage coverage = {0};
	AUTO(video_clear)
	struct video video = {.id = FIND,
	                      .channel_id = "UCofTheVisitors",
	                      .published_at = FLOW_NOW - 30,
	                      .duration_s = 90,
	                      .views = 7,
	                      .likes = 1,
	                      .comments = 1};
	struct interval read = {.since = FLOW_NOW - 86400, .until = FLOW_NOW, .read_at = FLOW_NOW};
	enum video_saved saved;
	struct error err;
	bool added;

	assert_true(text_copy("Graf Zeppelin", &video.title, &err) && text_copy("Visitors' channel", &video.channel_title, &err));
	assert_true(store_query_find(store, TEXT, FLOW_NOW, &query, &err));
	const struct poll poll = {.query_id = query.id, .at = FLOW_NOW};
	assert_true(store_visitors_save(store, query.id, &video, FLOW_NOW, &added, &err) && added);
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, query.id, &coverage, FLOW_NOW, &err));
	assert_true(store_query_polled(store, &poll, &err));
	assert_true(store_query_set_next_poll(store, query.id, FLOW_NOW + 600, &err));
	store_close(&store);
}

static void seed(struct flow *flow)
{
	flow_set(flow, "REQUEST_ID", "0123456789abcdef");
	flow_add_video(flow, "publicAAAAA", "In public", FLOW_NOW - 60, flow_add_query(flow, "rocket launch"));
}

/* ---- tests ---- */

static void no_public_answer_changes(void **state)
{
	static char *before[ANSWERS_MAX], *after[ANSWERS_MAX];
	struct flow *flow = *state;

	seed(flow);
	size_t count = read_all(flow, before);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=" TEXT, NULL), 202);
	poll(flow);
	assert_int_equal(read_all(flow, after), count);
	assert_true(count > 400);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(after[i], before[i]);
		free(before[i]);
		free(after[i]);
	}
}

static const char *const lists[] = {"/api/videos",        "/api/videos.ndjson", "/api/videos.csv",
                                    "/feeds/videos.atom", "/feeds/videos.json", "/"};

static void assert_lists(struct flow *flow, const char *query, bool have_it)
{
	char url[URL_BYTES];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		snprintf(url, sizeof(url), "%s%s", lists[i], query);
		assert_int_equal(flow_get(flow, url), 200);
		if (flow_body_has(flow, FIND) != have_it)
			fail_msg("%s", url);
	}
}

static void its_text_shows_what_it_found(void **state)
{
	struct flow *flow = *state;
	char before[64], after[64];

	seed(flow);
	assert_int_equal(flow_get(flow, "/api/videos?query=" TEXT), 200);
	flow_header(flow, "ETag", before, sizeof(before));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=" TEXT, NULL), 202);
	poll(flow);
	for (enum video_sort sort = 0; sort < SORT_COUNT; sort++) {
		char query[URL_BYTES];

		snprintf(query, sizeof(query), "?query=AirShip&sort=%s", video_sort_name(sort));
		assert_lists(flow, query, true);
	}
	assert_lists(flow, "", false);
	/* The page does not lead to one that nobody may see. */
	assert_false(flow_body_has(flow, "/video/" FIND));
	assert_int_equal(flow_get(flow, "/video/" FIND), 404);
	/* Who has an older answer gets the new one. */
	flow_set(flow, "HTTP_IF_NONE_MATCH", before);
	assert_int_equal(flow_get(flow, "/api/videos?query=" TEXT), 200);
	flow_header(flow, "ETag", after, sizeof(after));
	assert_string_not_equal(after, before);
	flow_set(flow, "HTTP_IF_NONE_MATCH", after);
	assert_int_equal(flow_get(flow, "/api/videos?query=" TEXT), 304);
}

static void what_the_owner_tracks_is_public(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=" TEXT, NULL), 202);
	poll(flow);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=" TEXT, FLOW_TOKEN), 201);
	assert_lists(flow, "", true);
	assert_lists(flow, "?query=zeppelin", true);
	assert_int_equal(flow_get(flow, "/video/" FIND), 200);
	assert_int_equal(flow_get(flow, "/api/channels"), 200);
	assert_true(flow_body_has(flow, "UCofTheVisitors"));
}

static void nothing_is_left_of_what_the_owner_drops(void **state)
{
	struct flow *flow = *state;
	AUTO(query_clear) struct query query = {0};
	struct flow_browser browser;
	char url[URL_BYTES];
	struct store *store = flow_open(flow);
	struct error err;

	seed(flow);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=" TEXT, NULL), 202);
	poll(flow);
	assert_true(store_query_find(store, TEXT, FLOW_NOW, &query, &err));
	store_close(&store);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, TEXT));
	snprintf(url, sizeof(url), "/queries/%lld", (long long)query.id);
	assert_int_equal(flow_submit(flow, &browser, url, "action=drop"), 303);
	assert_lists(flow, "?query=" TEXT, false);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, TEXT));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(no_public_answer_changes),
	    CASE(its_text_shows_what_it_found),
	    CASE(what_the_owner_tracks_is_public),
	    CASE(nothing_is_left_of_what_the_owner_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
