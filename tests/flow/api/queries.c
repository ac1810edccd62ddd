#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/queries.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

static void the_owner_adds_lists_and_removes(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=solar++eclipse", FLOW_TOKEN), 201);
	assert_true(flow_header_has(flow, "Location: /api/queries/1\r\n"));
	assert_true(flow_body_has(flow, "\"query\":\"solar eclipse\""));
	assert_true(flow_body_has(flow, "\"origin\":\"owner\""));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "{\"query\": \"SOLAR eclipse\"}", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/api/queries"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":1,"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 404);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1", NULL, FLOW_TOKEN), 404);
	/* The same text again is the same query. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=Solar+Eclipse", FLOW_TOKEN), 201);
	assert_true(flow_header_has(flow, "Location: /api/queries/1\r\n"));
}

static void the_owner_pauses_and_resumes(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "solar eclipse");
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "state=paused", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"state\":\"paused\""));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"state\":\"active\"}", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"state\":\"active\""));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "state=asleep", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "state=paused", NULL), 401);
}

static void removing_keeps_the_videos_and_purging_does_not(void **state)
{
	struct flow *flow = *state;
	int64_t one = flow_add_query(flow, "one");
	int64_t two = flow_add_query(flow, "two");

	flow_add_video(flow, "abcdefghijA", "only one", FLOW_NOW, one);
	flow_add_video(flow, "abcdefghijE", "both", FLOW_NOW - 1, one);
	flow_add_video(flow, "abcdefghijE", "both", FLOW_NOW - 1, two);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"count\":2,"));
	assert_false(flow_body_has(flow, "\"query\":\"one\""));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=one", FLOW_TOKEN), 201);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1?purge=1", NULL, FLOW_TOKEN), 204);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"count\":1,"));
	assert_true(flow_body_has(flow, "\"title\":\"both\""));
	struct store *store = flow_open(flow);
	struct error err;
	assert_true(store_check(store, &err));
	store_close(&store);
}

static void bad_input_is_named(void **state)
{
	struct flow *flow = *state;
	char longer[300] = "query=";

	memset(longer + strlen(longer), 'x', 201);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", longer, FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "201 characters"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=+", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a%01b", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "text=a", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "'text'"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "{\"query\": [1]}", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "query: "));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "{\"query\": ", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "not JSON"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=%E2%80%8B%C2%AD", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "none of its characters can be seen"));
}

static void an_address_gets_advice(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=https://www.youtube.com/c/NASA", FLOW_TOKEN), 422);
	assert_true(flow_body_has(flow, "/problems/unprocessable"));
	assert_true(flow_body_has(flow, "enter its @handle alone"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=youtu.be/dQw4w9WgXcQ", NULL), 422);
	assert_true(flow_body_has(flow, "words of the video's title"));
}

static void a_channel_is_tracked_by_its_owner(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=https://www.youtube.com/@NASA/videos", FLOW_TOKEN),
	                 201);
	assert_true(flow_body_has(flow, "\"query\":\"@NASA\",\"source\":\"channel\""));
	assert_true(flow_body_has(flow, "\"covered_since\":null"));
	/* The same channel is the same query. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=@nasa", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"id\":1,"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=UC0123456789012345678901", FLOW_TOKEN), 201);
	assert_true(flow_body_has(flow, "\"source\":\"channel\""));
	assert_int_equal(flow_get(flow, "/api/videos?tracked=1"), 200);
	assert_true(flow_body_has(flow, "\"count\":0,"));
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=@ESA", NULL), 422);
	assert_true(flow_body_has(flow, "only the owner"));
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_true(flow_body_has(flow, "\"followed_channels\":0"));
	/* It takes no searches, and nothing of it is a gap. */
	assert_true(flow_body_has(flow, "\"gaps_count\":0"));
}

static void channels_are_followed_unless_the_owner_says_so(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "solar eclipse");
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"source\":\"search\""));
	assert_true(flow_body_has(flow, "\"follow_channels\":true"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"follow_channels\":false}", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"follow_channels\":false"));
	assert_true(flow_body_has(flow, "\"state\":\"active\""));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "follow_channels=true&state=paused", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"follow_channels\":true"));
	assert_true(flow_body_has(flow, "\"state\":\"paused\""));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "follow_channels=perhaps", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "follow_channels: true or false is allowed"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{}", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "nothing to change"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "follow_channels=true", NULL), 401);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/9", "follow_channels=true", FLOW_TOKEN), 404);
}

static void the_owner_says_how_long_videos_are_kept(void **state)
{
	struct flow *flow = *state;

	flow_add_query(flow, "solar eclipse");
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"keep_days\":null"));
	assert_true(flow_body_has(flow, "\"kept_since\":null"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"keep_days\":30}", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"keep_days\":30"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "keep_days=0", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"keep_days\":0"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"keep_days\":-1}", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "keep_days=36501", FLOW_TOKEN), 400);
	assert_true(flow_body_has(flow, "1 to 36500 days are allowed, or 0: for ever"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/1", "{\"keep_days\":null}", FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "\"keep_days\":null"));
}

static void visitors_get_slots_that_nobody_sees(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 202);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 202);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=dogs", NULL), 202);
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=birds", NULL), 429);
	assert_true(flow_header_has(flow, "Retry-After: "));
	assert_int_equal(flow_get(flow, "/api/queries"), 200);
	assert_true(flow_body_has(flow, "\"count\":0,"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 404);
	/* The owner makes one of them public. */
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", FLOW_TOKEN), 201);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	flow->config.visitor_queries = 0;
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=birds", NULL), 403);
}

static int request_from(struct flow *flow, const char *address, const char *body)
{
	flow_set(flow, "REMOTE_ADDR", address);
	return flow_request(flow, "POST", "/api/queries", body, NULL);
}

static void one_address_gets_a_quarter_of_the_slots(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(request_from(flow, "192.0.2.1", "query=one"), 202);
	assert_int_equal(request_from(flow, "::ffff:192.0.2.1", "query=two"), 202);
	assert_int_equal(request_from(flow, "192.0.2.1", "query=three"), 429);
	assert_int_equal(request_from(flow, "192.0.2.2", "query=three"), 202);
	/* Of IPv6 it is one network of 64 bits. */
	assert_int_equal(request_from(flow, "2001:db8:0:1::1", "query=four"), 202);
	assert_int_equal(request_from(flow, "2001:db8:0:1:ffff::2", "query=five"), 202);
	assert_int_equal(request_from(flow, "2001:db8:0:1::3", "query=six"), 429);
	assert_int_equal(request_from(flow, "2001:db8:0:2::1", "query=six"), 202);
	/* Of the address a keyed hash is kept. */
	AUTO(store_close) struct store *store = flow_open(flow);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM query WHERE length(requester) = 64"), 6);
}

/* The answer to a request, without the text that it repeats. */
static int answer_without_text(struct flow *flow, const char *text, char out[2048])
{
	char body[64];

	snprintf(body, sizeof(body), "query=%s", text);
	int status = request_from(flow, "192.0.2.200", body);
	snprintf(out, 2048, "%s%s", buf_text(&flow->response.headers), flow_body(flow));
	for (char *found; (found = strstr(out, text));)
		memset(found, '*', strlen(text));
	return status;
}

static void without_a_free_slot_nobody_learns_what_is_tracked(void **state)
{
	struct flow *flow = *state;
	char address[32], body[32], known[2048], unknown[2048];

	flow_set(flow, "REQUEST_ID", "0123456789abcdef");
	for (int i = 0; i < 8; i++) {
		snprintf(address, sizeof(address), "192.0.2.%d", i);
		snprintf(body, sizeof(body), "query=known%d", i);
		assert_int_equal(request_from(flow, address, body), 202);
	}
	flow->time.now += 60;
	assert_int_equal(answer_without_text(flow, "known3", known), 429);
	assert_int_equal(answer_without_text(flow, "other3", unknown), 429);
	assert_string_equal(known, unknown);
	/* But it lives on. */
	AUTO(query_list_clear) struct query_list requests = {0};
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;
	assert_true(store_queries_list(store, QUERIES_VISITORS, FLOW_NOW, &requests, &err));
	assert_int_equal(requests.count, 8);
	assert_string_equal(requests.items[0].text, "known3");
	assert_int_equal(requests.items[0].posted_at, FLOW_NOW + 60);
}

static void a_page_of_another_site_makes_no_request(void **state)
{
	struct flow *flow = *state;

	flow_set(flow, "HTTP_ORIGIN", "https://evil.example");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 403);
	flow_set(flow, "HTTP_ORIGIN", "null");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 403);
	flow_set(flow, "HTTP_ORIGIN", NULL);
	flow_set(flow, "HTTP_SEC_FETCH_SITE", "cross-site");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 403);
	flow_set(flow, "HTTP_SEC_FETCH_SITE", "same-origin");
	flow_set(flow, "HTTP_ORIGIN", "http://127.0.0.1:8080");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", NULL), 202);
	/* The token is proof enough. */
	flow_set(flow, "HTTP_ORIGIN", "https://evil.example");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=dogs", FLOW_TOKEN), 201);
}

static void a_wrong_token_is_no_visitor(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", "wrong"), 401);
	assert_true(flow_header_has(flow, "WWW-Authenticate: Bearer"));
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1", NULL, NULL), 401);
}

static void queries_of_the_demo_are_kept_for_the_real_record(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=cats", FLOW_TOKEN), 201);
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(store_close) struct store *real = NULL;
	struct error err;
	assert_true(store_open(flow->live_path, STORE_READ, &real, &err));
	assert_true(store_queries_list(real, QUERIES_PUBLIC, FLOW_NOW, &queries, &err));
	assert_int_equal(queries.count, 1);
	assert_string_equal(queries.items[0].text, "cats");
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries/1", NULL, FLOW_TOKEN), 204);
	query_list_clear(&queries);
	assert_true(store_queries_list(real, QUERIES_PUBLIC, FLOW_NOW, &queries, &err));
	assert_int_equal(queries.count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_owner_adds_lists_and_removes),
	    CASE(the_owner_pauses_and_resumes),
	    CASE(removing_keeps_the_videos_and_purging_does_not),
	    CASE(bad_input_is_named),
	    CASE(an_address_gets_advice),
	    CASE(a_channel_is_tracked_by_its_owner),
	    CASE(channels_are_followed_unless_the_owner_says_so),
	    CASE(the_owner_says_how_long_videos_are_kept),
	    CASE(visitors_get_slots_that_nobody_sees),
	    CASE(one_address_gets_a_quarter_of_the_slots),
	    CASE(without_a_free_slot_nobody_learns_what_is_tracked),
	    CASE(a_page_of_another_site_makes_no_request),
	    CASE(a_wrong_token_is_no_visitor),
	    cmocka_unit_test_setup_teardown(queries_of_the_demo_are_kept_for_the_real_record, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
