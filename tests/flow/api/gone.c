#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/upkeep/refresh.h"
#include "tests/support/flow.h"

enum { DAY = 86400 };

/* The video is found now, and gone two days later. */
static void lose(struct flow *flow, const char *id, int64_t query)
{
	struct error err;
	bool gone;

	flow_add_video(flow, id, "Starship", FLOW_NOW - 60, query);
	struct store *store = flow_open(flow);
	assert_true(store_video_missing(store, id, FLOW_NOW + DAY, &gone, &err));
	assert_true(store_video_missing(store, id, FLOW_NOW + 2 * DAY, &gone, &err));
	assert_true(gone);
	store_close(&store);
}

#define GONE(id)                                                                                                                 \
	"{\"id\":\"" id                                                                                                          \
	"\",\"published_at\":\"2026-11-22T09:59:00Z\",\"first_seen_at\":\"2026-11-22T10:00:00Z\",\"last_seen_at\":null,"         \
	"\"missing_at\":\"2026-11-23T10:00:00Z\",\"gone_at\":\"2026-11-24T10:00:00Z\",\"queries\":["

static void what_is_gone_is_listed_with_its_queries(void **state)
{
	struct flow *flow = *state;
	int64_t cats = flow_add_query(flow, "cats");

	lose(flow, "aaaaaaaaaaA", cats);
	lose(flow, "bbbbbbbbbbB", 0);
	assert_int_equal(flow_get(flow, "/api/gone"), 200);
	assert_string_equal(flow_body(flow),
	                    "{\"count\":2,\"page_number\":1,\"page_size\":20,\"next\":null,\"previous\":null,\"results\":[" GONE(
				"bbbbbbbbbbB") "]}," GONE("aaaaaaaaaaA") "{\"id\":1,\"query\":\"cats\"}]}]}");
	assert_false(flow_body_has(flow, "Starship"));
	assert_int_equal(flow_get(flow, "/api/gone?tracked=1&until=2026-11-25"), 200);
	assert_true(flow_body_has(flow, "\"count\":1"));
	assert_int_equal(flow_get(flow, "/api/gone?since=2026-11-25"), 200);
	assert_true(flow_body_has(flow, "\"count\":0"));
}

static void pages_keep_the_filter(void **state)
{
	struct flow *flow = *state;

	lose(flow, "aaaaaaaaaaA", flow_add_query(flow, "cats"));
	lose(flow, "bbbbbbbbbbB", 1);
	assert_int_equal(flow_get(flow, "/api/gone?tracked=1&since=2026-11-01&page_size=1"), 200);
	assert_true(flow_body_has(flow, "\"next\":\"/api/gone?since=2026-11-01&tracked=1&page_number=2&page_size=1\""));
	assert_int_equal(flow_get(flow, "/api/gone?since=2026-11-01&tracked=1&page_number=2&page_size=1"), 200);
	assert_true(flow_body_has(flow, "aaaaaaaaaaA"));
}

static void a_wrong_filter_is_an_error_that_names_it(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/api/gone?tracked=7"), 400);
	assert_true(flow_body_has(flow, "tracked=7"));
	assert_int_equal(flow_get(flow, "/api/gone?since=yesterday"), 400);
	assert_true(flow_body_has(flow, "since=yesterday"));
	assert_int_equal(flow_get(flow, "/api/gone?since=2026-11-02&until=2026-11-02"), 400);
	assert_true(flow_body_has(flow, "until=2026-11-02"));
}

static void all_of_it_is_a_table(void **state)
{
	struct flow *flow = *state;

	lose(flow, "aaaaaaaaaaA", flow_add_query(flow, "cats"));
	assert_int_equal(flow_get(flow, "/api/gone.csv?tracked=1"), 200);
	assert_string_equal(flow_body(flow), "id,first_seen_at,last_seen_at,missing_at,gone_at,query_ids\r\n"
	                                     "\"aaaaaaaaaaA\",2026-11-22T10:00:00Z,,2026-11-23T10:00:00Z,2026-11-24T10:00:00Z,"
	                                     "\"[1]\"\r\n");
	assert_true(flow_header_has(flow, "filename=\"gone-2026-11-22.csv\""));
}

static void a_day_tells_what_is_still_there(void **state)
{
	struct flow *flow = *state;
	int64_t cats = flow_add_query(flow, "cats");

	lose(flow, "aaaaaaaaaaA", cats);
	flow_add_video(flow, "bbbbbbbbbbB", "Starship", FLOW_NOW, cats);
	assert_int_equal(flow_get(flow, "/api/queries/1/attrition"), 200);
	assert_true(flow_body_has(flow, "\"count\":1,"));
	assert_true(flow_body_has(flow, "\"all\":{\"day\":null,\"found\":2,"));
	assert_true(flow_body_has(flow, "\"results\":[{\"day\":\"2026-11-22\",\"found\":2,\"after\":[{\"days\":1,\"there\":0,"
	                                "\"gone\":1,\"undated\":0,\"unchecked\":1,\"share\":0.0000,\"share_at_most\":0.5000},"));
	assert_int_equal(flow_get(flow, "/api/queries/2/attrition"), 404);
}

static void nothing_known_has_no_share(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "aaaaaaaaaaA", "Starship", FLOW_NOW, flow_add_query(flow, "cats"));
	assert_int_equal(flow_get(flow, "/api/queries/1/attrition"), 200);
	assert_true(flow_body_has(flow, "{\"days\":90,\"there\":0,\"gone\":0,\"undated\":0,\"unchecked\":1,\"share\":null,"
	                                "\"share_at_most\":null}"));
}

static void the_page_shows_both(void **state)
{
	struct flow *flow = *state;

	lose(flow, "aaaaaaaaaaA", flow_add_query(flow, "cats & dogs"));
	assert_int_equal(flow_get(flow, "/gone"), 200);
	assert_true(flow_body_has(flow, "<code>aaaaaaaaaaA</code>"));
	assert_false(flow_body_has(flow, "Still there"));
	assert_int_equal(flow_get(flow, "/gone?tracked=1"), 200);
	assert_true(flow_body_has(flow, "cats &amp; dogs"));
	assert_true(flow_body_has(flow, "<td>0 %</td>"));
	assert_true(flow_body_has(flow, "href=\"/api/gone.csv?tracked=1\""));
	flow->time.now = FLOW_NOW + 3 * DAY;
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/gone\">1 video</a>"));
}

static void a_cell_says_why_it_is_empty(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "aaaaaaaaaaA", "Starship", FLOW_NOW, flow_add_query(flow, "cats"));
	assert_int_equal(flow_get(flow, "/gone?tracked=1"), 200);
	assert_int_equal(flow_body_count(flow, "<td>too early</td>"), 4);
	assert_true(flow_body_has(flow, "None so far."));
	flow->time.now = FLOW_NOW + 8 * DAY + DAY / 2;
	assert_int_equal(flow_get(flow, "/gone?tracked=1"), 200);
	assert_int_equal(flow_body_count(flow, "<td>too early</td>"), 2);
	assert_int_equal(flow_body_count(flow, "<td>not checked yet</td>"), 2 + 4);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_is_gone_is_listed_with_its_queries),
	    CASE(pages_keep_the_filter),
	    CASE(a_wrong_filter_is_an_error_that_names_it),
	    CASE(all_of_it_is_a_table),
	    CASE(a_day_tells_what_is_still_there),
	    CASE(nothing_known_has_no_share),
	    CASE(the_page_shows_both),
	    CASE(a_cell_says_why_it_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
