#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "store/coverage.h"
#include "store/keys.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/videos.h"
#include "tests/support/flow.h"

#define KEY "AIzaThisIsNoKeyOfAnybody0123456789-_x4Qk"

static void cover(struct flow *flow, int64_t query, const char *error)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct interval gap = {.since = FLOW_NOW - 4 * 86400, .until = FLOW_NOW - 3 * 86400, .reason = GAP_NOT_REACHED};
	struct interval read = {.since = FLOW_NOW - 3 * 86400, .until = FLOW_NOW, .read_at = FLOW_NOW};
	struct poll poll = {.query_id = query, .at = FLOW_NOW - 300, .error = error};
	struct error err;

	assert_true(coverage_set(&coverage, &gap, &err) && coverage_set(&coverage, &read, &err));
	assert_true(store_coverage_write(store, query, &coverage, FLOW_NOW, &err));
	assert_true(store_query_polled(store, &poll, &err) && store_query_set_next_poll(store, query, FLOW_NOW + 600, &err));
}

static void every_query_is_shown_with_how_it_stands(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");

	flow_add_video(flow, "abcdefghijA", "today", FLOW_NOW - 60, query);
	flow_add_video(flow, "abcdefghijE", "yesterday", FLOW_NOW - 86400, query);
	flow_add_video(flow, "abcdefghijI", "too old for the chart", FLOW_NOW - 20 * 86400, query);
	cover(flow, query, NULL);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1\"><bdi lang=\"\">rocket launch</bdi></a>"));
	assert_true(flow_body_has(flow, "<b>3 videos</b> <span>1 today</span>"));
	assert_true(flow_body_has(flow, ">Active</span>"));
	assert_true(flow_body_has(flow, "aria-label=\"Published in the last 14 days: 2, most on 22 Nov 2026: 1\""));
	assert_true(
	    flow_body_has(flow, "<rect x=\"130\" y=\"0\" width=\"8\" height=\"32\"><title>22 Nov 2026: 1</title></rect>"));
	assert_true(flow_body_has(flow, "<rect x=\"0\" y=\"31\" width=\"8\" height=\"1\"><title>09 Nov 2026: 0</title></rect>"));
	assert_true(flow_body_has(flow, "Last poll <time datetime=\"2026-11-22T09:55:00Z\""));
	assert_true(flow_body_has(flow, ">in 10\u00A0min</time>"));
	assert_true(flow_body_has(flow, ">18 Nov 2026</time>"));
	assert_true(flow_body_has(flow, "75\u00A0% covered"));
	assert_true(flow_body_has(flow, "<summary>1 gap</summary>"));
	assert_true(flow_body_has(flow, ">18 Nov 2026, 10:00</time> to <time"));
	assert_true(flow_body_has(flow, "for the polls so far"));
	assert_true(flow_body_has(flow, "<a href=\"/queries\" aria-current=\"page\">Queries</a>"));
	/* A visitor has no buttons. */
	assert_false(flow_body_has(flow, "name=\"action\""));
}

static void what_is_not_confirmed_and_doubted_is_said(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");
	struct interval read = {.since = FLOW_NOW - 3 * 86400, .until = FLOW_NOW, .read_at = FLOW_NOW, .unseen = 12.4};
	struct poll poll = {.query_id = query, .at = FLOW_NOW - 300, .doubted = {[DOUBT_ORDER] = true}};
	AUTO(coverage_clear) struct coverage coverage = {0};
	struct error err;
	char words[200];

	cover(flow, query, NULL);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "not yet confirmed"));
	assert_int_equal(flow_get(flow, "/api/queries"), 200);
	assert_true(flow_body_has(flow, "\"unconfirmed\":0,\"doubts\":[],"));
	struct store *store = flow_open(flow);
	assert_true(coverage_set(&coverage, &read, &err) && store_coverage_write(store, query, &coverage, FLOW_NOW, &err));
	assert_true(store_query_polled(store, &poll, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "about 12 videos not yet confirmed"));
	assert_true(flow_body_has(flow, "s results were not in order of time"));
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, "s results were not in order of time"));
	snprintf(words, sizeof(words), "\"unconfirmed\":12,\"doubts\":[\"%s\"],\"error\"", doubt_text(DOUBT_ORDER));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, words));
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_true(flow_body_has(flow, words));
}

static void find(struct store *store, const char *id, int64_t published_at, int64_t found_at, enum found_how how)
{
	char title[] = "a launch";
	struct video video = {.title = title, .published_at = published_at};
	enum video_saved saved;
	struct error err;
	int64_t seq;
	bool added;

	snprintf(video.id, sizeof(video.id), "%s", id);
	assert_true(store_video_save(store, &video, SOURCE_SEARCH, found_at, &saved, &seq, &err));
	assert_true(store_match_save(store, 1, seq, how, found_at, &added, &err));
}

/* Videos from before the tracking, and imports, tell nothing of how late newsreel is. */
static void what_each_way_brought_is_said_with_its_delay_and_its_cost(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"found\":{\"search\":0,\"channel\":0,\"push\":0,\"import\":0,\"rss\":0},"
	                                "\"delay_seconds\":null,\"searches\":0,\"searches_since\":null"));
	find(store, "abcdefghijA", FLOW_NOW - 40 * 86400, FLOW_NOW + 60, FOUND_SEARCH);
	find(store, "abcdefghijE", FLOW_NOW + 60, FLOW_NOW + 86400, FOUND_IMPORT);
	find(store, "abcdefghijI", FLOW_NOW + 60, FLOW_NOW + 21 * 60, FOUND_CHANNEL);
	assert_true(store_query_charge(store, query, quota_day_start(FLOW_NOW), 1234, &err));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"found\":{\"search\":1,\"channel\":1,\"push\":0,\"import\":1,\"rss\":0},"
	                                "\"delay_seconds\":1200,"));
	assert_true(flow_body_has(flow, "\"searches\":1234,\"searches_since\":\"2026-11-22T08:00:00Z\""));
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Found 1 by search, 1 in channels, 1 by import"));
	assert_true(flow_body_has(flow, "<span>lately 20\u00A0min after publication</span> <span>1,234 searches today</span>"));
	assert_true(store_check(store, &err));
}

static void a_failure_is_told_and_harmless(void **state)
{
	struct flow *flow = *state;

	cover(flow, flow_add_query(flow, "<script>alert(1)</script>\" onload=\"x"), "<img src=x> 500");
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Last poll failed"));
	assert_true(flow_body_has(flow, "&lt;img src=x&gt; 500"));
	assert_true(flow_body_has(flow, "newsreel retries automatically"));
	assert_false(flow_body_has(flow, "<script>"));
	assert_false(flow_body_has(flow, "<img src=x"));
	assert_false(flow_body_has(flow, "\" onload"));
}

static void the_first_run_says_what_to_do(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "No queries are tracked yet."));
	assert_true(flow_body_has(flow, "There is no API key yet"));
	assert_false(flow_body_has(flow, "href=\"/keys\""));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Add the first one above."));
	assert_true(flow_body_has(flow, "<a href=\"/keys\">Add an API key</a>"));
	assert_int_equal(flow_submit(flow, &browser, "/keys", "key=" KEY), 303);
	flow->time.now += 60; /* keys are no part of what visitors see, so the page may be a minute old */
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "There is no API key yet"));
}

static void the_owner_adds_pauses_and_resumes(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries", "query=solar++eclipse"), 303);
	assert_true(flow_header_has(flow, "Location: /queries?done=added\r\n"));
	assert_int_equal(flow_get(flow, "/queries?done=added"), 200);
	assert_true(flow_body_has(flow, "Added. The first videos arrive"));
	assert_true(flow_body_has(flow, ">solar eclipse</bdi></a>"));
	assert_true(flow_body_has(flow, "Waiting for the first poll"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=pause"), 303);
	assert_int_equal(flow_get(flow, "/queries?done=pause"), 200);
	assert_true(flow_body_has(flow, ">Paused</span>"));
	assert_true(flow_body_has(flow, "value=\"resume\">Resume<span class=\"unseen\">: solar eclipse</span>"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=resume"), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"state\":\"active\""));
	assert_int_equal(flow_submit(flow, &browser, "/queries/2", "action=pause"), 404);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=burn"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=keep"), 404);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=drop"), 404);
}

static void the_owner_switches_its_channels_off_and_on(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "solar eclipse");
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "value=\"unfollow\">Unfollow channels<"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=unfollow"), 303);
	assert_int_equal(flow_get(flow, "/queries?done=unfollow"), 200);
	assert_true(flow_body_has(flow, "No channels are followed for it."));
	assert_true(flow_body_has(flow, "value=\"follow\">Follow channels<"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=follow"), 303);
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"follow_channels\":true"));
}

static void a_channel_is_shown_as_one(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries", "query=youtube.com/@NASA"), 303);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, ">@NASA</bdi>"));
	assert_true(flow_body_has(flow, "all uploads of this channel"));
	assert_false(flow_body_has(flow, "ollow channels<"));
	assert_false(flow_body_has(flow, "next poll"));
}

static void a_removed_query_can_come_back_and_keeps_its_videos(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rocket launch");
	struct flow_browser browser;

	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, query);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=remove"), 303);
	assert_true(flow_header_has(flow, "Location: /queries?removed=1\r\n"));
	assert_int_equal(flow_get(flow, "/queries?removed=1"), 200);
	assert_true(flow_body_has(flow, ">Undo</button>"));
	assert_true(flow_body_has(flow, "Removed queries"));
	assert_true(flow_body_has(flow, "This query found 1 video."));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=resume"), 303);
	assert_int_equal(flow_get(flow, "/queries?removed=1"), 200);
	assert_false(flow_body_has(flow, ">Undo</button>"));
	assert_false(flow_body_has(flow, "Removed queries"));
	assert_true(flow_body_has(flow, "<a href=\"/?tracked=1\"><bdi lang=\"\">rocket launch</bdi></a>"));
}

static void deleting_videos_needs_its_own_button(void **state)
{
	struct flow *flow = *state;
	int64_t one = flow_add_query(flow, "one");
	int64_t two = flow_add_query(flow, "two");
	struct flow_browser browser;

	flow_add_video(flow, "abcdefghijA", "only one", FLOW_NOW, one);
	flow_add_video(flow, "abcdefghijE", "both", FLOW_NOW - 1, one);
	flow_add_video(flow, "abcdefghijE", "both", FLOW_NOW - 1, two);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=remove"), 303);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"count\":2,"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=purge"), 303);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"count\":1,"));
	assert_true(flow_body_has(flow, "\"title\":\"both\""));
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "Removed queries"));
}

static void what_visitors_ask_for_is_seen_by_the_owner_only(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Request a search"));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=cats+%26+dogs", NULL), 303);
	assert_true(flow_header_has(flow, "Location: /?query=cats+%26+dogs\r\n"));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=birds", NULL), 303);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "cats"));
	assert_int_equal(flow_get(flow, "/queries?removed=1"), 200);
	assert_false(flow_body_has(flow, "cats"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "Visitor requests"));
	assert_true(flow_body_has(flow, "cats &amp; dogs"));
	/* Both at the same moment: what was dropped must not be shown from what the browser kept. */
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=keep"), 303);
	char tag[FLOW_COOKIE_SIZE];
	assert_int_equal(flow_get(flow, "/queries?done=drop"), 200);
	flow_header(flow, "ETag", tag, sizeof(tag));
	assert_int_equal(flow_submit(flow, &browser, "/queries/2", "action=drop"), 303);
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/queries?done=drop"), 200);
	flow_set(flow, "HTTP_IF_NONE_MATCH", NULL);
	assert_false(flow_body_has(flow, "Visitor requests"));
	assert_false(flow_body_has(flow, "birds"));
	assert_int_equal(flow_get(flow, "/api/queries/1"), 200);
	assert_true(flow_body_has(flow, "\"origin\":\"owner\""));
}

static void what_was_refused_stays_in_the_form(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;
	char longer[300] = "query=";

	assert_int_equal(flow_request(flow, "POST", "/queries", "query=+", NULL), 400);
	assert_true(flow_body_has(flow, "role=\"alert\" id=\"refused\">enter a query."));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=a%01%22b", NULL), 400);
	assert_true(flow_body_has(flow, "control characters are not allowed"));
	assert_true(flow_body_has(flow, "aria-invalid=\"true\""));
	assert_true(flow_body_has(flow, "&quot;b\""));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=https://youtube.com/@NASA", NULL), 422);
	assert_true(flow_body_has(flow, "which only the owner of this site can track"));
	assert_true(flow_body_has(flow, "value=\"https://youtube.com/@NASA\""));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=a", NULL), 303);
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=b", NULL), 303);
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=c+d", NULL), 429);
	assert_true(flow_header_has(flow, "Retry-After: "));
	assert_true(flow_body_has(flow, "name=\"query\" value=\"c d\""));
	assert_true(flow_body_has(flow, "try again later"));
	flow_sign_in(flow, browser.cookie, browser.csrf);
	memset(longer + strlen(longer), 'x', 201);
	assert_int_equal(flow_submit(flow, &browser, "/queries", longer), 400);
	assert_true(flow_body_has(flow, ">it has 201 characters, allowed are 1 to 200."));
	assert_true(flow_body_has(flow, ">Track</button>"));
}

static void without_visitors_queries_there_is_no_form(void **state)
{
	struct flow *flow = *state;

	flow->config.visitor_queries = 0;
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "Request a search"));
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=cats", NULL), 403);
	assert_true(flow_header_has(flow, "Content-Type: text/html"));
}

static void strangers_change_nothing(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	flow_add_query(flow, "rocket launch");
	assert_int_equal(flow_request(flow, "POST", "/queries/1", "action=remove", NULL), 401);
	assert_true(flow_body_has(flow, "name=\"next\" value=\"/queries\""));
	assert_int_equal(flow_request(flow, "POST", "/queries/1", "action=remove", "wrong"), 401);
	flow_set(flow, "HTTP_ORIGIN", "http://evil.example");
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=spam", NULL), 403);
	flow_set(flow, "HTTP_ORIGIN", NULL);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_request(flow, "POST", "/queries/1", "action=remove", NULL), 403);
	assert_int_equal(flow_request(flow, "POST", "/queries", "query=spam", NULL), 403);
	assert_int_equal(flow_get(flow, "/api/queries"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,"));
}

static void many_queries_come_in_pages(void **state)
{
	struct flow *flow = *state;
	char text[32];

	for (int i = 0; i < 51; i++) {
		snprintf(text, sizeof(text), "query %02d", i);
		flow_add_query(flow, text);
	}
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, ">query 49</bdi></a>"));
	assert_false(flow_body_has(flow, ">query 50</bdi></a>"));
	assert_true(flow_body_has(flow, "href=\"/queries?page_number=2\" rel=\"next\""));
	assert_int_equal(flow_get(flow, "/queries?page_number=2"), 200);
	assert_true(flow_body_has(flow, ">query 50</bdi></a>"));
	assert_true(flow_body_has(flow, "href=\"/queries\" rel=\"prev\""));
	assert_int_equal(flow_get(flow, "/queries?page_number=3"), 200);
	assert_int_equal(flow_get(flow, "/queries?page_number=0"), 400);
	assert_int_equal(flow_get(flow, "/queries?done=else"), 400);
}

static void set_group(struct flow *flow, int64_t id, const char *group)
{
	char url[64], body[64];

	snprintf(url, sizeof(url), "/api/queries/%lld", (long long)id);
	snprintf(body, sizeof(body), "group=%s", group);
	assert_int_equal(flow_request(flow, "PATCH", url, body, FLOW_TOKEN), 200);
}

static void the_list_is_narrowed_and_ordered(void **state)
{
	struct flow *flow = *state;

	for (int i = 0; i < 3; i++)
		flow_add_query(flow, ((const char *[]){"Élan", "moon", "sun"})[i]);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "role=\"search\" aria-label=\"Tracked queries\""));
	set_group(flow, 3, "Space");
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(flow_body_has(flow, "role=\"search\" aria-label=\"Tracked queries\""));
	assert_true(flow_body_has(flow, "<h2 class=\"section\" dir=\"auto\" lang=\"\">Space</h2>"));
	assert_true(strstr(flow_body(flow), ">sun</bdi>") < strstr(flow_body(flow), ">moon</bdi>"));
	assert_int_equal(flow_get(flow, "/queries?text=elan"), 200);
	assert_true(flow_body_has(flow, "1 query of 3 tracked queries."));
	assert_true(flow_body_has(flow, ">Élan</bdi>"));
	assert_false(flow_body_has(flow, ">moon</bdi></a></h2>"));
	assert_int_equal(flow_get(flow, "/queries?text=&group=Space&state=&sort=name"), 200);
	assert_true(flow_body_has(flow, ">sun</bdi>"));
	assert_false(flow_body_has(flow, ">moon</bdi>"));
	assert_int_equal(flow_get(flow, "/queries?sort=else"), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries/2", "state=paused", FLOW_TOKEN), 200);
	assert_int_equal(flow_get(flow, "/api/queries?state=paused"), 200);
	assert_true(flow_body_has(flow, "{\"count\":1,\"results\":[{\"id\":2,"));
	assert_int_equal(flow_get(flow, "/api/queries?sort=name&page_size=2"), 200);
	assert_true(flow_body_has(flow,
	                          "{\"count\":3,\"page_number\":1,\"page_size\":2,\"next\":\"/api/"
	                          "queries?sort=name&page_number=2&page_size=2\",\"previous\":null,\"results\":[{\"id\":2,"));
	assert_int_equal(flow_get(flow, "/api/queries?sort=name&page_size=2&page_number=2"), 200);
	assert_true(
	    flow_body_has(flow, "\"next\":null,\"previous\":\"/api/queries?sort=name&page_size=2\",\"results\":[{\"id\":1,"));
	assert_int_equal(flow_get(flow, "/api/queries?page_size=0"), 400);
	assert_int_equal(flow_get(flow, "/api/queries?sort=rank"), 400);
}

static void several_are_changed_at_once(void **state)
{
	struct flow *flow = *state;
	struct flow_browser browser;

	for (int i = 0; i < 3; i++)
		flow_add_query(flow, ((const char *[]){"stars", "moon", "sun"})[i]);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_false(flow_body_has(flow, "type=\"checkbox\""));
	assert_int_equal(flow_request(flow, "POST", "/queries/several", "id-1=1&action=pause", NULL), 401);
	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_get(flow, "/queries"), 200);
	assert_true(
	    flow_body_has(flow,
	                  "<input type=\"checkbox\" name=\"id-2\" value=\"1\" form=\"several\" aria-label=\"Choose moon\">"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-1=1&id-3=1&group=&action=pause"), 303);
	assert_true(flow_header_has(flow, "Location: /queries?done=pause\r\n"));
	assert_int_equal(flow_get(flow, "/api/queries?state=paused"), 200);
	assert_true(flow_body_has(flow, "{\"count\":2,"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-1=1&id-2=1&group=Sky&action=group"), 303);
	assert_int_equal(flow_get(flow, "/api/queries?group=Sky"), 200);
	assert_true(flow_body_has(flow, "{\"count\":2,"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-1=1&id-9=1&id-2=1&action=remove"), 303);
	assert_true(flow_header_has(flow, "Location: /queries?removed=1,9,2\r\n"));
	assert_int_equal(flow_get(flow, "/queries?removed=1,9,2"), 200);
	assert_true(flow_body_has(flow, "Removed 2 queries."));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-1=1&id-2=1&action=resume"), 303);
	assert_int_equal(flow_get(flow, "/api/queries"), 200);
	assert_true(flow_body_has(flow, "{\"count\":3,"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "action=pause"), 303);
	assert_true(flow_header_has(flow, "Location: /queries?done=none\r\n"));
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-1=1&action=burn"), 400);
	assert_int_equal(flow_submit(flow, &browser, "/queries/several", "id-x=1&action=pause"), 400);
	/* By the API. */
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "{\"ids\":\"1,2,9\",\"priority\":\"high\"}", FLOW_TOKEN),
	                 200);
	assert_true(flow_body_has(flow, "{\"changed\":2,\"failed\":[{\"id\":9,\"detail\":\"no such query\"}]}"));
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=1&query=x", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=1,,x&state=paused", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=1", FLOW_TOKEN), 400);
	assert_int_equal(flow_request(flow, "PATCH", "/api/queries", "ids=1&state=paused", NULL), 403);
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries?ids=2,3", NULL, FLOW_TOKEN), 200);
	assert_true(flow_body_has(flow, "{\"changed\":2,\"failed\":[]}"));
	assert_int_equal(flow_request(flow, "DELETE", "/api/queries", NULL, FLOW_TOKEN), 400);
}

static void in_the_demo_changes_are_kept_for_the_real_record(void **state)
{
	struct flow *flow = *state;
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(store_close) struct store *real = NULL;
	struct flow_browser browser;
	struct error err;

	flow_sign_in(flow, browser.cookie, browser.csrf);
	assert_int_equal(flow_submit(flow, &browser, "/queries", "query=cats"), 303);
	assert_int_equal(flow_submit(flow, &browser, "/queries/1", "action=pause"), 303);
	assert_true(store_open(flow->live_path, STORE_READ, &real, &err));
	assert_true(store_queries_list(real, QUERIES_PUBLIC, FLOW_NOW, &queries, &err));
	assert_int_equal(queries.count, 1);
	assert_string_equal(query_state_name(&queries.items[0]), "paused");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_query_is_shown_with_how_it_stands),
	    CASE(the_list_is_narrowed_and_ordered),
	    CASE(several_are_changed_at_once),
	    CASE(what_is_not_confirmed_and_doubted_is_said),
	    CASE(what_each_way_brought_is_said_with_its_delay_and_its_cost),
	    CASE(a_failure_is_told_and_harmless),
	    CASE(the_first_run_says_what_to_do),
	    CASE(the_owner_adds_pauses_and_resumes),
	    CASE(the_owner_switches_its_channels_off_and_on),
	    CASE(a_channel_is_shown_as_one),
	    CASE(a_removed_query_can_come_back_and_keeps_its_videos),
	    CASE(deleting_videos_needs_its_own_button),
	    CASE(what_visitors_ask_for_is_seen_by_the_owner_only),
	    CASE(what_was_refused_stays_in_the_form),
	    CASE(without_visitors_queries_there_is_no_form),
	    CASE(strangers_change_nothing),
	    CASE(many_queries_come_in_pages),
	    cmocka_unit_test_setup_teardown(in_the_demo_changes_are_kept_for_the_real_record, flow_set_up_demo, flow_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
