#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/timestamp.h"
#include "store/changes/changes.h"
#include "store/hidden/hidden.h"
#include "store/hidden/query_rules.h"
#include "store/matches.h"
#include "store/private/visitors.h"
#include "store/queries.h"
#include "store/runs.h"
#include "store/upkeep/quarantine.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"
#include "tests/support/flow.h"

enum { PLACE_SIZE = 64, URL_SIZE = 256 };

#define FIRST "abcdefghijA"
#define SECOND "abcdefghijB"

/* ---- what happens ---- */

static void lose(struct flow *flow, const char *id)
{
	struct store *store = flow_open(flow);
	struct error err;
	bool gone;

	assert_true(store_video_missing(store, id, FLOW_NOW, &gone, &err));
	assert_true(store_video_missing(store, id, FLOW_NOW + SECONDS_PER_DAY, &gone, &err));
	store_close(&store);
}

static void hide_all(struct flow *flow)
{
	struct store *store = flow_open(flow);
	struct error err;
	int64_t hidden;
	bool left;

	assert_true(store_quarantine_hide(store, FLOW_NOW + 1, 100, &hidden, &left, &err));
	store_close(&store);
}

static void look_up(struct flow *flow, const char *id, const char *title, int64_t views)
{
	struct store *store = flow_open(flow);
	char text[64];
	struct video video = {.title = text,
	                      .published_at = FLOW_NOW,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = views,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	enum video_saved saved;
	struct error err;

	memcpy(video.id, id, VIDEO_ID_SIZE);
	snprintf(text, sizeof(text), "%s", title);
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	store_close(&store);
}

static void keep_up(struct flow *flow, int64_t now)
{
	struct store *store = flow_open(flow);
	struct error err;
	bool left;

	assert_true(store_changes_upkeep(store, 1000, now, &left, &err));
	assert_false(left);
	store_close(&store);
}

/* ---- what is told ---- */

/* Reads on, and CURSOR becomes that of the next time; "" is the beginning. */
static cJSON *read_on(struct flow *flow, char cursor[PLACE_SIZE])
{
	cJSON *answer = NULL;
	char url[URL_SIZE];
	struct error err;

	snprintf(url, sizeof(url), "/api/changes%s%s", *cursor ? "?cursor=" : "", cursor);
	if (flow_get(flow, url) != 200)
		fail_msg("%s", flow_body(flow));
	assert_true(json_parse(flow_body(flow), strlen(flow_body(flow)), &answer, &err));
	snprintf(cursor, PLACE_SIZE, "%s", json_text(answer, "next_cursor"));
	return answer;
}

/* Fails the test unless what is new is "KIND ID FIELDS", lines of them. */
static void assert_told(struct flow *flow, char cursor[PLACE_SIZE], const char *expected)
{
	AUTO(json_free) cJSON *answer = read_on(flow, cursor);
	AUTO(buf_clear) struct buf told = BUF(4096);
	const cJSON *change, *field;

	cJSON_ArrayForEach(change, cJSON_GetObjectItem(answer, "results"))
	{
		const cJSON *video = json_object(change, "video");

		buf_printf(&told, "%s %s", json_text(change, "change"), json_text(change, "id"));
		cJSON_ArrayForEach(field, cJSON_GetObjectItem(change, "fields")) buf_printf(&told, " %s", field->valuestring);
		buf_add_char(&told, '\n');
		assert_true(!video || strcmp(json_text(video, "id"), json_text(change, "id")) == 0);
		assert_non_null(json_text(change, "at"));
	}
	assert_string_equal(buf_text(&told), expected);
}

static void each_change_is_told(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rockets");
	char cursor[PLACE_SIZE] = "";

	assert_told(flow, cursor, "");
	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, 0);
	assert_told(flow, cursor, "added " FIRST "\n");
	look_up(flow, FIRST, "Liftoff", 5);
	assert_told(flow, cursor, "updated " FIRST " views likes comments\n");
	look_up(flow, FIRST, "Liftoff!", 6);
	look_up(flow, FIRST, "Liftoff!", 7);
	assert_told(flow, cursor, "updated " FIRST " title views likes comments\n");
	look_up(flow, FIRST, "Liftoff!", 7);
	assert_told(flow, cursor, "");
	flow_add_video(flow, FIRST, "Liftoff!", FLOW_NOW, query);
	assert_told(flow, cursor, "updated " FIRST " queries found\n");
	hide_all(flow);
	assert_told(flow, cursor, "hidden " FIRST "\n");
	look_up(flow, FIRST, "Liftoff!", 8);
	assert_told(flow, cursor, "back " FIRST "\n");
	hide_all(flow);
	look_up(flow, FIRST, "Liftoff!", 8);
	look_up(flow, FIRST, "Liftoff!", 9);
	assert_told(flow, cursor, "back " FIRST "\n");
	lose(flow, FIRST);
	assert_told(flow, cursor, "gone " FIRST "\n");
	look_up(flow, FIRST, "Liftoff!", 9);
	assert_told(flow, cursor, "back " FIRST "\n");
	hide_all(flow);
	assert_told(flow, cursor, "hidden " FIRST "\n");
	lose(flow, FIRST);
	assert_told(flow, cursor, "gone " FIRST "\n");
}

/* Who was away for long is told what is left of it. */
static void changes_of_a_video_are_one(void **state)
{
	struct flow *flow = *state;
	char cursor[PLACE_SIZE] = "", begin[PLACE_SIZE] = "";

	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, 0);
	assert_told(flow, cursor, "added " FIRST "\n");
	look_up(flow, FIRST, "Liftoff!", 5);
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW, 0);
	look_up(flow, SECOND, "Landing", 5);
	look_up(flow, FIRST, "Liftoff!", 6);
	assert_told(flow, cursor, "added " SECOND "\nupdated " FIRST " title views likes comments\n");
	lose(flow, SECOND);
	assert_told(flow, begin, "added " FIRST "\n");
	assert_told(flow, cursor, "gone " SECOND "\n");
}

static void queries_and_channels_change_all_their_videos(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rockets"), other = flow_add_query(flow, "space");
	struct store *store = flow_open(flow);
	char cursor[PLACE_SIZE] = "";
	bool left = true;
	struct error err;

	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, query);
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW - 1, query);
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW - 1, other);
	assert_told(flow, cursor, "added " FIRST "\nadded " SECOND "\n");
	assert_true(store_query_set_state(store, query, ENTRY_REMOVED, &err));
	keep_up(flow, FLOW_NOW);
	assert_told(flow, cursor, "updated " SECOND " queries found\nupdated " FIRST " queries found\n");
	while (left)
		assert_true(store_query_purge(store, query, 1, &left, &err));
	assert_told(flow, cursor, "gone " FIRST "\n");
	assert_true(store_query_set_state(store, other, ENTRY_PAUSED_BY_OWNER, &err));
	keep_up(flow, FLOW_NOW);
	assert_told(flow, cursor, "");
	store_close(&store);
}

static void judge_all(struct store *store)
{
	bool left = true;
	struct error err;

	while (left)
		assert_true(store_hidden_work(store, HIDDEN_STEP, &left, &err));
}

static void what_the_owner_hides_is_told(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rockets"), other = flow_add_query(flow, "space");
	struct store *store = flow_open(flow);
	const struct query_rules rule = {.min_duration_s = 60}, none = {0};
	char title[] = "Liftoff";
	const struct video short_one = {.id = FIRST,
	                                .title = title,
	                                .published_at = FLOW_NOW,
	                                .duration_s = 10,
	                                .views = VIDEO_UNKNOWN,
	                                .likes = VIDEO_UNKNOWN,
	                                .comments = VIDEO_UNKNOWN};
	char cursor[PLACE_SIZE] = "";
	enum video_saved saved;
	bool changed;
	struct error err;

	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, query);
	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, other);
	assert_true(store_video_save(store, &short_one, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	assert_told(flow, cursor, "added " FIRST "\n");
	assert_true(store_video_hide(store, FIRST, FLOW_NOW, &changed, &err));
	assert_told(flow, cursor, "hidden " FIRST "\n");
	look_up(flow, FIRST, "Liftoff", 5);
	assert_told(flow, cursor, "");
	assert_true(store_video_unhide(store, FIRST, &changed, &err));
	assert_told(flow, cursor, "back " FIRST "\n");
	assert_true(store_query_rules_set(store, query, &rule, &err));
	judge_all(store);
	assert_told(flow, cursor, "updated " FIRST " queries found\n");
	assert_true(store_query_rules_set(store, other, &rule, &err));
	judge_all(store);
	assert_told(flow, cursor, "hidden " FIRST "\n");
	assert_true(store_query_rules_set(store, other, &none, &err));
	judge_all(store);
	assert_told(flow, cursor, "back " FIRST "\n");
	assert_true(store_query_rules_set(store, query, &none, &err));
	judge_all(store);
	assert_told(flow, cursor, "updated " FIRST " queries found\n");
	store_close(&store);
}

/* In one transaction, as a page of a search is saved. */
static void find(struct store *store, const char *id, int64_t query)
{
	char title[] = "Liftoff";
	struct video video = {.title = title,
	                      .published_at = FLOW_NOW,
	                      .duration_s = 10,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	enum video_saved saved;
	int64_t seq;
	bool added;
	struct error err;

	memcpy(video.id, id, VIDEO_ID_SIZE);
	assert_true(store_begin(store, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, &seq, &err));
	assert_true(store_match_save(store, query, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
	assert_true(store_commit(store, &err));
}

/* Nobody has seen it; but one that was there before, and went, somebody may still have. */
static void what_a_rule_hides_at_once_is_not_told(void **state)
{
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "rockets"), other = flow_add_query(flow, "space");
	struct store *store = flow_open(flow);
	const struct query_rules rule = {.min_duration_s = 60}, none = {0};
	char cursor[PLACE_SIZE] = "", early[PLACE_SIZE] = "";
	bool left = true;
	struct error err;

	assert_true(store_query_rules_set(store, query, &rule, &err));
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW, other);
	assert_told(flow, cursor, "added " SECOND "\n");
	assert_told(flow, early, "added " SECOND "\n");
	find(store, FIRST, query);
	assert_told(flow, cursor, "");
	assert_true(store_query_rules_set(store, query, &none, &err));
	judge_all(store);
	assert_told(flow, cursor, "back " FIRST "\n");
	assert_true(store_query_rules_set(store, query, &rule, &err));
	judge_all(store);
	assert_told(flow, cursor, "hidden " FIRST "\n");
	/* Its other query goes with its videos; later it is found again. */
	assert_true(store_query_set_state(store, other, ENTRY_REMOVED, &err));
	while (left)
		assert_true(store_query_purge(store, other, 100, &left, &err));
	find(store, SECOND, query);
	assert_told(flow, cursor, "hidden " SECOND "\n");
	assert_told(flow, early, "hidden " FIRST "\nhidden " SECOND "\n");
	store_close(&store);
}

static void details_are_told(void **state)
{
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	char title[] = "Liftoff", tags[] = "[\"rocket\"]", cursor[PLACE_SIZE] = "";
	struct video video = {.id = FIRST,
	                      .title = title,
	                      .published_at = FLOW_NOW,
	                      .duration_s = VIDEO_UNKNOWN,
	                      .views = VIDEO_UNKNOWN,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN,
	                      .details = {.tags = tags}};
	enum video_saved saved;
	struct error err;

	flow_add_video(flow, FIRST, "Liftoff", FLOW_NOW, 0);
	assert_told(flow, cursor, "added " FIRST "\n");
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	assert_told(flow, cursor, "updated " FIRST " tags\n");
	video.scheduled_at = FLOW_NOW + 60;
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	assert_told(flow, cursor, "updated " FIRST " scheduled_at started_at ended_at\n");
	video.details.category = 28;
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	assert_told(flow, cursor, "updated " FIRST " category language audio_language definition caption licence\n");
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW + 60, &saved, NULL, &err));
	assert_told(flow, cursor, "");
	store_close(&store);
}

/* Not even that there is something. */
static void what_only_visitors_found_is_not_told(void **state)
{
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	char title[] = "Liftoff", cursor[PLACE_SIZE] = "";
	const struct video video = {.id = FIRST,
	                            .title = title,
	                            .published_at = FLOW_NOW,
	                            .duration_s = VIDEO_UNKNOWN,
	                            .views = VIDEO_UNKNOWN,
	                            .likes = VIDEO_UNKNOWN,
	                            .comments = VIDEO_UNKNOWN};
	enum query_added added;
	struct error err;
	int64_t id;
	bool is_new;

	assert_true(store_query_add(store, "airship", ORIGIN_VISITOR, 10, FLOW_NOW, &id, &added, &err));
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW, 0);
	assert_told(flow, cursor, "added " SECOND "\n");
	assert_true(store_visitors_save(store, id, &video, FLOW_NOW, &is_new, &err));
	flow_add_video(flow, SECOND, "Landing", FLOW_NOW, id);
	assert_true(store_visitors_purge(store, 0, &err));
	keep_up(flow, FLOW_NOW);
	assert_told(flow, cursor, "");
	assert_true(store_query_add(store, "airship", ORIGIN_OWNER, 10, FLOW_NOW, &id, &added, &err));
	keep_up(flow, FLOW_NOW);
	assert_told(flow, cursor, "updated " SECOND " queries found\nadded " FIRST "\n");
	store_close(&store);
}

static void a_page_leads_to_the_next(void **state)
{
	struct flow *flow = *state;
	AUTO(json_free) cJSON *answer = NULL;
	char url[URL_SIZE];
	struct error err;

	flow_add_videos(flow, 5, 60, 0);
	assert_int_equal(flow_get(flow, "/api/changes?page_size=2"), 200);
	assert_int_equal(flow_body_count(flow, "\"change\":\"added\""), 2);
	assert_true(flow_body_has(flow, "\"page_size\":2"));
	assert_true(flow_header_has(flow, "Link: </api/changes?cursor=c"));
	assert_true(json_parse(flow_body(flow), strlen(flow_body(flow)), &answer, &err));
	snprintf(url, sizeof(url), "%s", json_text(answer, "next"));
	assert_int_equal(flow_get(flow, url), 200);
	assert_int_equal(flow_body_count(flow, "\"change\":\"added\""), 2);
	assert_true(flow_body_has(flow, "\"next\":\"/api/changes?cursor=c"));
	snprintf(url, sizeof(url), "/api/changes?cursor=%s", json_text(answer, "latest_cursor"));
	assert_int_equal(flow_get(flow, url), 200);
	assert_true(flow_body_has(flow, "\"results\":[]"));
	assert_true(flow_body_has(flow, "\"next\":null"));
	assert_false(flow_header_has(flow, "Link: "));
}

/* A cursor is good for as long as what went is known: then it is clear that the copy has to begin anew. */
static void an_old_cursor_is_told_to_begin_anew(void **state)
{
	struct flow *flow = *state;
	char old[PLACE_SIZE] = "", young[PLACE_SIZE], url[URL_SIZE];
	struct store *store = flow_open(flow);
	struct error err;
	int64_t run;

	flow_add_videos(flow, 3, 60, 0);
	cJSON_Delete(read_on(flow, old));
	lose(flow, "video00000A");
	snprintf(young, sizeof(young), "%s", old);
	cJSON_Delete(read_on(flow, young));
	keep_up(flow, FLOW_NOW + (CHANGES_KEPT_DAYS - 1) * SECONDS_PER_DAY);
	snprintf(url, sizeof(url), "/api/changes?cursor=%s", old);
	assert_int_equal(flow_get(flow, url), 200);
	assert_true(flow_body_has(flow, "\"gone\""));

	assert_true(store_run_begin(store, FLOW_NOW + CHANGES_KEPT_DAYS * SECONDS_PER_DAY, &run, &err));
	cJSON_Delete(read_on(flow, young));
	keep_up(flow, FLOW_NOW + (CHANGES_KEPT_DAYS + 1) * SECONDS_PER_DAY);
	assert_int_equal(flow_get(flow, url), 410);
	assert_true(flow_body_has(flow, "/problems/gone"));
	assert_true(flow_body_has(flow, "older than 90 days"));
	assert_told(flow, young, "");
	/* Who begins anew reads behind old numbers too. */
	assert_int_equal(flow_get(flow, "/api/changes?page_size=1"), 200);
	AUTO(json_free) cJSON *answer = NULL;
	assert_true(json_parse(flow_body(flow), strlen(flow_body(flow)), &answer, &err));
	assert_int_equal(flow_get(flow, json_text(answer, "next")), 200);
	assert_int_equal(flow_body_count(flow, "\"change\":\"added\""), 1);
	store_close(&store);
}

static void wrong_parameters_are_named(void **state)
{
	static const struct {
		const char *query, *detail;
		int status;
	} wrong[] = {{"cursor=", "cursor=", 400},
	             {"cursor=n0001aca0c6fd0c00", "cursor=n0001aca0c6fd0c00: not one that", 400},
	             {"cursor=c0001aca0c6fd0c0", "cursor=c0001aca0c6fd0c0: not one that", 400},
	             {"cursor=c0001aca0c6fd0c000", "not one that", 400},
	             {"cursor=cF001aca0c6fd0c00", "not one that", 400},
	             {"cursor=cf001aca0c6fd0c00", "not one that", 400},
	             {"cursor=c0001aca0c6fd0c00f001aca0c6fd0c00", "not one that", 400},
	             {"cursor=c7001aca0c6fd0c00", "ahead of this database", 410},
	             {"cursor=c00000000000000007001aca0c6fd0c00", "ahead of this database", 410},
	             {"page_size=0", "page_size=0", 400},
	             {"page_size=101", "page_size=101", 400},
	             {"tracked=1", "'tracked'", 400}};
	struct flow *flow = *state;
	char url[URL_SIZE];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(url, sizeof(url), "/api/changes?%s", wrong[i].query);
		assert_int_equal(flow_get(flow, url), wrong[i].status);
		if (!flow_body_has(flow, wrong[i].detail))
			fail_msg("%s: %s", url, flow_body(flow));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(each_change_is_told),
	    CASE(changes_of_a_video_are_one),
	    CASE(queries_and_channels_change_all_their_videos),
	    CASE(what_the_owner_hides_is_told),
	    CASE(what_a_rule_hides_at_once_is_not_told),
	    CASE(details_are_told),
	    CASE(what_only_visitors_found_is_not_told),
	    CASE(a_page_leads_to_the_next),
	    CASE(an_old_cursor_is_told_to_begin_anew),
	    CASE(wrong_parameters_are_named),
	};

	return cmocka_run_group_tests_name("cgi: changes", tests, NULL, NULL);
}
