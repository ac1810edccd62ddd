#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cgi/request/cache.h"
#include "store/runs.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

/* The ETag of an answer to URL. */
static void tag_of(struct flow *flow, const char *url, char tag[ETAG_SIZE])
{
	flow_set(flow, "HTTP_IF_NONE_MATCH", NULL);
	assert_int_equal(flow_get(flow, url), 200);
	flow_header(flow, "ETag", tag, ETAG_SIZE);
	assert_int_equal(strlen(tag), ETAG_SIZE - 1);
}

static void assert_tags(struct flow *flow, const char *a, const char *b, bool equal)
{
	char tag_a[ETAG_SIZE], tag_b[ETAG_SIZE];

	tag_of(flow, a, tag_a);
	tag_of(flow, b, tag_b);
	if (equal)
		assert_string_equal(tag_a, tag_b);
	else
		assert_string_not_equal(tag_a, tag_b);
}

/* Changes a title behind the back of the generation. */
static void change_title_silently(struct flow *flow)
{
	AUTO(store_close) struct store *store = flow_open(flow);

	fixture_run(store, "UPDATE video SET title = 'Changed'");
}

static void what_is_known_is_not_read_again(void **state)
{
	struct flow *flow = *state;
	char tag[ETAG_SIZE];

	flow_add_video(flow, "abcdefghijA", "Liftoff", FLOW_NOW, 0);
	tag_of(flow, "/api/videos", tag);
	change_title_silently(flow);
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/api/videos"), 304);
	assert_int_equal(flow->response.body.len, 0);
	assert_true(flow_header_has(flow, tag));
	assert_true(flow_header_has(flow, "Cache-Control: max-age=1, "));
	assert_int_equal(flow_request(flow, "HEAD", "/api/videos", NULL, NULL), 304);
	/* Had it been read, it would have been seen. */
	flow_set(flow, "HTTP_IF_NONE_MATCH", NULL);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "Changed"));
}

static void another_video_is_another_answer(void **state)
{
	struct flow *flow = *state;
	char tag[ETAG_SIZE];

	tag_of(flow, "/api/videos", tag);
	flow_add_video(flow, "abcdefghijA", "Liftoff", FLOW_NOW, 0);
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

static void lists_of_tags_and_strong_ones_are_understood(void **state)
{
	struct flow *flow = *state;
	char tag[ETAG_SIZE];
	char list[3 * ETAG_SIZE];

	tag_of(flow, "/api/videos", tag);
	snprintf(list, sizeof(list), "\"other\", W/\"more\", %s", tag + 2);
	flow_set(flow, "HTTP_IF_NONE_MATCH", list);
	assert_int_equal(flow_get(flow, "/api/videos"), 304);
	flow_set(flow, "HTTP_IF_NONE_MATCH", "\"other\",,W/");
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	flow_set(flow, "HTTP_IF_NONE_MATCH", "");
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

static void spellings_of_one_request_share_a_tag(void **state)
{
	struct flow *flow = *state;

	assert_tags(flow, "/api/videos?query=a+b&page_size=5", "/api/videos/?page_size=5&query=%61%20b", true);
	assert_tags(flow, "/api/videos?query=a", "/api/videos?query=b", false);
	assert_tags(flow, "/api/videos?query=a", "/api/videos?query=a&page_size=5", false);
	assert_tags(flow, "/api/videos", "/api/queries", false);
}

static void the_host_counts_where_links_depend_on_it(void **state)
{
	struct flow *flow = *state;
	char here[ETAG_SIZE], there[ETAG_SIZE];
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	tag_of(flow, "/api/videos", here);
	flow_set(flow, "HTTP_HOST", "evil.example");
	tag_of(flow, "/api/videos", there);
	assert_string_not_equal(here, there);
	flow->config.public_url = public_url;
	tag_of(flow, "/api/videos", there);
	flow_set(flow, "HTTP_HOST", "other.example");
	tag_of(flow, "/api/videos", here);
	assert_string_equal(here, there);
	flow->config.public_url = configured;
}

static void the_owner_demo_and_build_have_answers_of_their_own(void **state)
{
	struct flow *flow = *state;
	char tag[ETAG_SIZE];

	tag_of(flow, "/api/videos", tag);
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_request(flow, "GET", "/api/videos", NULL, FLOW_TOKEN), 200);
	assert_true(flow_header_has(flow, "Cache-Control: private, no-cache\r\n"));
	assert_true(flow_header_has(flow, "Vary: Authorization, Cookie\r\n"));
	assert_int_equal(flow_request(flow, "GET", "/api/videos", NULL, "wrong"), 304); /* reading needs none */
	flow->shared.demo = true;
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	flow->shared.demo = false;
	flow->shared.build = "another";
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
}

static void run_a_tick(struct flow *flow)
{
	struct store *store = flow_open(flow);
	struct run run = {.finished_at = FLOW_NOW};
	struct error err;

	assert_true(store_run_begin(store, FLOW_NOW, &run.id, &err) && store_run_finish(store, &run, &err));
	store_close(&store);
}

static void what_tells_the_time_follows_it(void **state)
{
	struct flow *flow = *state;
	char list[ETAG_SIZE], page[ETAG_SIZE];

	tag_of(flow, "/api/videos", list);
	tag_of(flow, "/", page);
	flow->time.now += 60;
	flow_set(flow, "HTTP_IF_NONE_MATCH", list);
	assert_int_equal(flow_get(flow, "/api/videos"), 304);
	flow_set(flow, "HTTP_IF_NONE_MATCH", page);
	assert_int_equal(flow_get(flow, "/"), 200);
	tag_of(flow, "/", page);
	run_a_tick(flow);
	flow_set(flow, "HTTP_IF_NONE_MATCH", page);
	assert_int_equal(flow_get(flow, "/"), 200);
}

static void errors_and_secrets_are_kept_by_nobody(void **state)
{
	struct flow *flow = *state;
	char tag[ETAG_SIZE];
	static const char *const urls[] = {"/api/videos?page=0", "/api/nothing", "/nothing", "/api/api_key", "/ping", "/healthz"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		flow_request(flow, "GET", urls[i], NULL, FLOW_TOKEN);
		assert_true(flow_header_has(flow, "Cache-Control: no-store\r\n"));
		flow_header(flow, "ETag", tag, sizeof(tag));
		assert_string_equal(tag, "");
	}
}

static void the_build_is_named_by_sources_and_configuration(void **state)
{
	struct flow *flow = *state;
	char before[CRYPTO_HEX_SIZE], after[CRYPTO_HEX_SIZE];
	struct error err;

	assert_true(cache_build_id(&flow->config, before, &err));
	assert_true(cache_build_id(&flow->config, after, &err));
	assert_string_equal(before, after);
	flow->config.page_size++;
	assert_true(cache_build_id(&flow->config, after, &err));
	assert_string_not_equal(before, after);
}

/* Another machine with the same content: its own folder, and LISTEN as its address. */
static struct flow *open_other(const char *listen)
{
	void *state = NULL;
	struct error err;

	assert_int_equal(flow_set_up(&state), 0);
	struct flow *flow = state;
	assert_true(text_replace(&flow->config.listen, listen, &err));
	return flow;
}

static void begin_as_built(struct flow *flow, char build[CRYPTO_HEX_SIZE])
{
	struct error err;

	assert_true(cache_build_id(&flow->config, build, &err));
	flow->shared.build = build;
	flow_add_query(flow, "rocket launch");
	flow_add_video(flow, "abcdefghijA", "Liftoff", FLOW_NOW, 1);
}

static void machines_with_the_same_content_give_the_same_tags(void **state)
{
	static const char *const urls[] = {"/api/videos",        "/api/videos?within=day", "/api/queries", "/",
	                                   "/feeds/videos.atom", "/api/videos.csv",        "/api/docs",    "/about"};
	struct flow *here = *state, *there = open_other("192.0.2.7:9090");
	char build_here[CRYPTO_HEX_SIZE], build_there[CRYPTO_HEX_SIZE];
	char tag_here[ETAG_SIZE], tag_there[ETAG_SIZE];
	void *other = there;

	begin_as_built(here, build_here);
	begin_as_built(there, build_there);
	assert_string_not_equal(here->folder, there->folder);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		tag_of(here, urls[i], tag_here);
		tag_of(there, urls[i], tag_there);
		assert_string_equal(tag_here, tag_there);
	}
	/* Without a host, links are made of the address. */
	flow_set(here, "HTTP_HOST", NULL);
	flow_set(there, "HTTP_HOST", NULL);
	tag_of(here, "/feeds/videos.atom", tag_here);
	tag_of(there, "/feeds/videos.atom", tag_there);
	assert_string_not_equal(tag_here, tag_there);
	flow_tear_down(&other);
}

/* What is no route, and what cannot be read, are problems to programs and pages to people. */
static void errors_without_a_route_are_for_who_asks_there(void **state)
{
	static const char *const programs[] = {"/api/nothing",     "/api",        "/feeds/nothing",
	                                       "/metrics/nothing", "/ping?a=%zz", "/healthz?a=%zz"};
	static const char *const people[] = {"/nothing", "/apixyz"};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		assert_in_range(flow_get(flow, programs[i]), 400, 404);
		assert_true(flow_header_has(flow, "Content-Type: application/problem+json\r\n"));
		assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	}
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		assert_in_range(flow_get(flow, people[i]), 400, 404);
		assert_true(flow_header_has(flow, "Content-Type: text/html; charset=utf-8\r\n"));
		assert_false(flow_header_has(flow, "Access-Control"));
	}
	assert_int_equal(flow_request(flow, "POST", "/api/nothing", "a=b", NULL), 404);
	assert_false(flow_header_has(flow, "Access-Control"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_is_known_is_not_read_again),
	    CASE(another_video_is_another_answer),
	    CASE(lists_of_tags_and_strong_ones_are_understood),
	    CASE(spellings_of_one_request_share_a_tag),
	    CASE(the_host_counts_where_links_depend_on_it),
	    CASE(the_owner_demo_and_build_have_answers_of_their_own),
	    CASE(what_tells_the_time_follows_it),
	    CASE(errors_and_secrets_are_kept_by_nobody),
	    CASE(the_build_is_named_by_sources_and_configuration),
	    CASE(machines_with_the_same_content_give_the_same_tags),
	    CASE(errors_without_a_route_are_for_who_asks_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
