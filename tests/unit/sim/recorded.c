#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "model/quota_day.h"
#include "base/text_list.h"
#include "tests/sim/api/api.h"
#include "tests/support/recorded.h"

enum { NOW = 1795341600 };

#define KEY "a-key-of-the-simulator-00"

/* ---- shapes: every member's path with its type, such as "items[].snippet.title:text" ---- */

static void add_path(struct text_list *paths, const char *path)
{
	struct error err;

	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->items[i], path) == 0)
			return;
	assert_true(text_list_add(paths, path, &err));
}

static void collect(const cJSON *value, const char *path, struct text_list *paths)
{
	char below[512];
	const cJSON *child;
	const char *type = cJSON_IsObject(value)   ? "object"
	                   : cJSON_IsArray(value)  ? "array"
	                   : cJSON_IsString(value) ? "text"
	                   : cJSON_IsNumber(value) ? "number"
	                                           : "boolean";

	snprintf(below, sizeof(below), "%s:%s", path, type);
	add_path(paths, below);
	cJSON_ArrayForEach(child, value)
	{
		if (cJSON_IsObject(value))
			snprintf(below, sizeof(below), "%s.%s", path, child->string);
		else
			snprintf(below, sizeof(below), "%s[]", path);
		collect(child, below, paths);
	}
}

static void collect_text(const char *text, size_t len, struct text_list *paths)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error err;

	assert_true(json_parse(text, len, &json, &err));
	collect(json, "", paths);
}

static bool has(const struct text_list *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->items[i], path) == 0)
			return true;
	return false;
}

/* Whether the path, or one above it, is among those that an answer may lack. */
static bool is_optional(const char *path)
{
	static const char *const optional[] = {".prevPageToken",
	                                       ".nextPageToken",
	                                       ".tags",
	                                       ".default",
	                                       "defaultLanguage",
	                                       "defaultAudioLanguage",
	                                       ".player",
	                                       ".status",
	                                       ".topicDetails",
	                                       ".recordingDetails",
	                                       "regionRestriction",
	                                       "contentRating",
	                                       ".standard",
	                                       ".maxres",
	                                       "extendedHelp",
	                                       "callerIp",
	                                       "links",
	                                       "locale",
	                                       "httpReferrer",
	                                       "hasCustomThumbnail",
	                                       "localized",
	                                       "channelId:",
	                                       "playlistId",
	                                       "methodName",
	                                       "apiName",
	                                       "dislikeCount",
	                                       "details[].message",
	                                       "commentCount",
	                                       "likeCount",
	                                       "concurrentViewers",
	                                       "activeLiveChatId",
	                                       "method",
	                                       "[].@type",
	                                       "actual",
	                                       "scheduled",
	                                       "liveStreamingDetails",
	                                       "brandingSettings",
	                                       ".country",
	                                       ".note"};

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		if (strstr(path, optional[i]))
			return true;
	return false;
}

/* ---- the simulator ---- */

static struct world *world;
static struct sim sim;

static int set_up(void **state)
{
	struct world_options options = world_defaults();
	struct error err;

	(void)state;
	options.rate_per_day = 200;
	assert_true(quota_day_open(&err));
	assert_true(world_open(&options, &world, &err));
	sim = (struct sim){.world = world, .pictures = "https://i.ytimg.com", .faults = {.rng = rng_from(1)}};
	assert_true(projects_add(&sim.projects, KEY, "123456789012", 3, 2, &err));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static int ask(const char *path, const char *query, const char *key, struct sim_response *out)
{
	struct sim_request request = {.path = path, .query = query, .key = key};
	struct error err;

	assert_true(sim_answer(&sim, &request, NOW, out, &err));
	return out->status;
}

/* To be asked before anything is allocated: skip() leaves the test at once. */
static void need_recorded_answers(void)
{
	AUTO(buf_clear) struct buf body = {0};
	bool there = recorded_read("search-06-2024-pl.json", &body);

	buf_clear(&body);
	if (there)
		return;
	print_message("no recorded answers in " RECORDED_FOLDER "\n");
	skip();
}

static void compare(const struct sim_response *answer, const char *const recorded[])
{
	AUTO(text_list_clear) struct text_list theirs = {0};
	AUTO(text_list_clear) struct text_list ours = {0};

	for (; *recorded; recorded++) {
		AUTO(buf_clear) struct buf body = {0};

		if (!recorded_read(*recorded, &body))
			fail_msg("%s is not among the recorded answers", *recorded);
		collect_text(buf_text(&body), body.len, &theirs);
	}
	collect_text(buf_text(&answer->body), answer->body.len, &ours);
	for (size_t i = 0; i < ours.count; i++)
		if (!has(&theirs, ours.items[i]) && !is_optional(ours.items[i]))
			fail_msg("YouTube does not send %s", ours.items[i]);
	for (size_t i = 0; i < theirs.count; i++)
		if (!has(&ours, theirs.items[i]) && !is_optional(theirs.items[i]))
			fail_msg("the simulator does not send %s", theirs.items[i]);
}

#define SEARCH "/youtube/v3/search"
#define VIDEOS "/youtube/v3/videos"
#define WANTED "part=snippet&type=video&order=date&maxResults=50&q=cats&publishedAfter=2026-11-20T00:00:00Z"

static void searches_have_the_recorded_shape(void **state)
{
	static const char *const recorded[] = {"search-08-50-results-escaped.json", "search-06-2024-pl.json", NULL};
	AUTO(sim_response_clear) struct sim_response answer = {0};

	(void)state;
	need_recorded_answers();
	assert_int_equal(ask(SEARCH, WANTED, KEY, &answer), 200);
	compare(&answer, recorded);
}

static void lists_of_videos_have_the_recorded_shape(void **state)
{
	static const char *const recorded[] = {"videos-03-by-id.json", "videos-02-by-id-multi.json", NULL};
	AUTO(world_hits_clear) struct world_hits hits = {0};
	AUTO(sim_response_clear) struct sim_response answer = {0};
	struct error err;
	char query[256];

	(void)state;
	need_recorded_answers();
	assert_true(world_search(world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	snprintf(query, sizeof(query), "part=snippet,contentDetails,statistics&id=%s,%s,unknown0000", hits.items[0].id,
	         hits.items[1].id);
	assert_int_equal(ask(VIDEOS, query, KEY, &answer), 200);
	compare(&answer, recorded);
	assert_non_null(strstr(buf_text(&answer.body), "\"totalResults\": 2"));
}

static void errors_have_the_recorded_shape(void **state)
{
	static const char *const spent_searches[] = {"error-429-search-quota-day-2026.json", NULL};
	static const char *const spent_units[] = {"error-403-quotaExceeded.json", NULL};
	static const char *const unknown[] = {"error-400-API_KEY_INVALID.json", NULL};
	static const char *const token[] = {"error-400-invalidPageToken.json", NULL};
	static const char *const max_results[] = {"error-400-invalidParameter-maxResults.json", NULL};
	static const char *const api_off[] = {"error-403-accessNotConfigured-SERVICE_DISABLED.json", NULL};
	static const char *const restricted[] = {"error-403-API_KEY_IP_ADDRESS_BLOCKED.json", NULL};

	(void)state;
	need_recorded_answers();
	AUTO(sim_response_clear) struct sim_response a = {0};
	assert_int_equal(ask(SEARCH, WANTED "&pageToken=nonsense", KEY, &a), 400);
	compare(&a, token);
	AUTO(sim_response_clear) struct sim_response b = {0};
	assert_int_equal(ask(SEARCH, "part=snippet&maxResults=-1", KEY, &b), 400);
	compare(&b, max_results);
	AUTO(sim_response_clear) struct sim_response c = {0};
	assert_int_equal(ask(SEARCH, WANTED, "unknown-key-of-somebody-else", &c), 400);
	compare(&c, unknown);
	AUTO(sim_response_clear) struct sim_response d = {0};
	assert_int_equal(ask(SEARCH, WANTED, KEY, &d), 200); /* the third: invalid ones are charged too */
	AUTO(sim_response_clear) struct sim_response e = {0};
	assert_int_equal(ask(SEARCH, WANTED, KEY, &e), 429);
	compare(&e, spent_searches);
	/* The other bucket goes on, until it is empty as well. */
	for (int i = 0; i < 2; i++) {
		AUTO(sim_response_clear) struct sim_response f = {0};
		assert_int_equal(ask(VIDEOS, "part=id&id=x", KEY, &f), 200);
	}
	AUTO(sim_response_clear) struct sim_response g = {0};
	assert_int_equal(ask(VIDEOS, "part=id&id=x", KEY, &g), 403);
	compare(&g, spent_units);
	sim.projects.keys[0].state = SIM_KEY_API_OFF;
	AUTO(sim_response_clear) struct sim_response h = {0};
	assert_int_equal(ask(SEARCH, WANTED, KEY, &h), 403);
	compare(&h, api_off);
	sim.projects.keys[0].state = SIM_KEY_RESTRICTED;
	AUTO(sim_response_clear) struct sim_response i = {0};
	assert_int_equal(ask(SEARCH, WANTED, KEY, &i), 403);
	compare(&i, restricted);
}

static void channels_and_uploads_have_the_recorded_shape(void **state)
{
	static const char *const channels[] = {"channels-01-multi.json", "channels-02-single.json", NULL};
	static const char *const uploads[] = {"playlistItems-02-snippet-contentDetails.json", NULL};
	static const char *const no_list[] = {"error-404-playlistNotFound.json", NULL};
	AUTO(sim_response_clear) struct sim_response a = {0};
	AUTO(sim_response_clear) struct sim_response b = {0};
	AUTO(sim_response_clear) struct sim_response c = {0};
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	char query[160];

	(void)state;
	need_recorded_answers();
	sim.projects.projects[0].limit[BUCKET_UNITS] = 10;
	assert_true(world_search(world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	snprintf(query, sizeof(query), "part=snippet,contentDetails,statistics&id=%s", hits.items[0].channel_id);
	assert_int_equal(ask("/youtube/v3/channels", query, KEY, &a), 200);
	compare(&a, channels);
	snprintf(query, sizeof(query), "part=snippet,contentDetails&maxResults=2&playlistId=UU%s", hits.items[0].channel_id + 2);
	assert_int_equal(ask("/youtube/v3/playlistItems", query, KEY, &b), 200);
	compare(&b, uploads);
	assert_int_equal(ask("/youtube/v3/playlistItems", "part=snippet&playlistId=UUnobody", KEY, &c), 404);
	compare(&c, no_list);
}

static void texts_are_escaped_and_cut_in_search_only(void **state)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(world_hits_clear) struct world_hits hits = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	int escaped = 0;
	int cut = 0;

	(void)state;
	assert_int_equal(ask(SEARCH, WANTED, KEY, &answer), 200);
	assert_true(world_search(world, "cats", NOW - 5 * 86400, NOW, NOW, &hits, &err));
	assert_true(json_parse(buf_text(&answer.body), answer.body.len, &json, &err));
	const cJSON *items = json_array(json, "items");
	for (int i = 0; i < cJSON_GetArraySize(items); i++) {
		const cJSON *snippet = json_object(cJSON_GetArrayItem(items, i), "snippet");
		const char *title = json_text(snippet, "title");

		assert_true(world_tell(world, NOW, &hits.items[i], &err));
		assert_null(strpbrk(title, "<>\"'"));
		escaped += strcmp(title, hits.items[i].title) != 0;
		cut += strlen(json_text(snippet, "description")) < strlen(hits.items[i].description);
		assert_null(strchr(json_text(snippet, "description"), '\n'));
	}
	assert_true(escaped > 0);
	assert_true(cut > 0);
}

static void pages_follow_each_other_by_offset(void **state)
{
	AUTO(sim_response_clear) struct sim_response first = {0};
	AUTO(sim_response_clear) struct sim_response second = {0};
	AUTO(json_free) cJSON *a = NULL;
	AUTO(json_free) cJSON *b = NULL;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	(void)state;
	assert_true(world_search(world, "cats", 1795132800, NOW, NOW, &hits, &err));
	assert_int_equal(ask(SEARCH, WANTED, KEY, &first), 200);
	assert_true(json_parse(buf_text(&first.body), first.body.len, &a, &err));
	assert_string_equal(json_text(a, "nextPageToken"), "CDIQAA");
	assert_int_equal(ask(SEARCH, WANTED "&pageToken=CDIQAA", KEY, &second), 200);
	assert_true(json_parse(buf_text(&second.body), second.body.len, &b, &err));
	const cJSON *item = cJSON_GetArrayItem(json_array(b, "items"), 0);
	assert_string_equal(json_text(json_object(item, "id"), "videoId"), hits.items[50].id);
}

static void a_restarted_world_is_the_same(void **state)
{
	AUTO(world_hits_clear) struct world_hits before = {0};
	AUTO(world_hits_clear) struct world_hits after = {0};
	AUTO(world_close) struct world *again = NULL;
	AUTO(world_video_clear) struct world_video found = {0};
	struct world_options options = world_defaults();
	struct error err;
	bool there;

	(void)state;
	options.rate_per_day = 200;
	assert_true(world_open(&options, &again, &err));
	assert_true(world_search(world, "Cats", NOW - 86400, NOW, NOW, &before, &err));
	assert_true(world_search(again, "cats", NOW - 86400, NOW, NOW, &after, &err));
	assert_true(before.count > 50);
	assert_int_equal(before.count, after.count);
	for (size_t i = 0; i < before.count; i++) {
		assert_string_equal(before.items[i].id, after.items[i].id);
		assert_true(world_tell(world, NOW, &before.items[i], &err) && world_tell(again, NOW, &after.items[i], &err));
		assert_string_equal(before.items[i].title, after.items[i].title);
		assert_true(video_id_is_valid(before.items[i].id));
	}
	assert_true(world_find(again, before.items[3].id, NOW, &there, &found, &err));
	assert_true(there);
	assert_string_equal(found.title, before.items[3].title);
}

/* With the usual lag: half of the videos show within twelve minutes, one in a hundred never. */
static void the_index_lags_as_told(void **state)
{
	struct world_options options = world_defaults();
	AUTO(world_close) struct world *big = NULL;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	size_t soon = 0;
	size_t in_a_day = 0;

	(void)state;
	options.rate_per_day = 5000;
	options.fate.gone_share = options.fate.misdated_share = options.fate.stream_share = 0;
	assert_true(world_open(&options, &big, &err));
	assert_true(world_search(big, "cats", NOW - 10 * 86400, NOW - 3 * 86400, NOW, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		int64_t lag = hits.items[i].fate.shown_at - hits.items[i].fate.announced_at;
		soon += lag <= 12 * 60;
		in_a_day += lag <= 86400;
	}
	assert_in_range(hits.count, 7 * 5000 * 97 / 100, 7 * 5000 * 101 / 100);
	assert_in_range(soon * 100, hits.count * 46, hits.count * 51);
	assert_true(in_a_day * 100 >= hits.count * 99);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(searches_have_the_recorded_shape),
	    CASE(lists_of_videos_have_the_recorded_shape),
	    CASE(errors_have_the_recorded_shape),
	    CASE(channels_and_uploads_have_the_recorded_shape),
	    CASE(texts_are_escaped_and_cut_in_search_only),
	    CASE(pages_follow_each_other_by_offset),
	    CASE(a_restarted_world_is_the_same),
	    CASE(the_index_lags_as_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
