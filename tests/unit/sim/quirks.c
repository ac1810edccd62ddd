/* What is special about YouTube, on demand: paging, an index that is wrong, streams, channels, feeds, and the script of faults.
 */
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
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/control.h"

enum { NOW = 1795341600 };

#define KEY "a-key-of-the-simulator-00"
#define SEARCH "/youtube/v3/search"
#define VIDEOS "/youtube/v3/videos"
#define UPLOADS "/youtube/v3/playlistItems"
#define FEED "/feeds/videos.xml"
#define WANTED "part=snippet&type=video&order=date&maxResults=50&q=cats"

struct fixture {
	struct world *world;
	struct sim sim;
	int64_t now;
	const char *etag; /* sent with the next calls */
};

static struct fixture *make(const struct world_options *options)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;

	assert_non_null(f);
	assert_true(quota_day_open(&err) && world_open(options, &f->world, &err) && world_know(f->world, "cats", &err));
	f->sim = (struct sim){.world = f->world, .pictures = "https://i.ytimg.com", .faults = {.rng = rng_from(1)}};
	f->now = NOW;
	assert_true(projects_add(&f->sim.projects, KEY, "111", -1, -1, &err));
	return f;
}

static int set_up(void **state)
{
	*state = make(&(struct world_options){.seed = 4, .rate_per_day = 200});
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	world_close(&f->world);
	free(f);
	return 0;
}

static void set_up_with(void **state, const struct world_options *options)
{
	tear_down(state);
	*state = make(options);
}

static int ask(struct fixture *f, const char *path, const char *query, struct sim_response *out)
{
	struct sim_request request = {.path = path, .query = query, .key = KEY, .etag = f->etag};
	struct error err;

	assert_true(sim_answer(&f->sim, &request, f->now, out, &err));
	return out->status;
}

static int control(struct fixture *f, const char *path, const char *query)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	struct sim_request request = {.path = path, .query = query};
	struct error err;

	assert_true(control_answer(&f->sim, &request, &answer, &err));
	return answer.status;
}

/* The items of an answer; JSON is the caller's to free. */
static const cJSON *items_of(const struct sim_response *answer, cJSON **json)
{
	struct error err;

	assert_true(json_parse(buf_text(&answer->body), answer->body.len, json, &err));
	return json_array(*json, "items");
}

static const char *search_id(const cJSON *items, int i)
{
	return json_text(json_object(cJSON_GetArrayItem(items, i), "id"), "videoId");
}

/* ---- paging ---- */

static void bounds_are_inclusive(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	char query[256];
	char at[TIMESTAMP_SIZE];

	assert_true(world_search(f->world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	timestamp_format(hits.items[5].fate.announced_at, at);
	snprintf(query, sizeof(query), WANTED "&publishedAfter=%s&publishedBefore=%s", at, at);
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	assert_int_equal(ask(f, SEARCH, query, &answer), 200);
	assert_string_equal(search_id(items_of(&answer, &json), 0), hits.items[5].id);
}

static void pages_repeat_what_newer_videos_pushed_down(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response first = {0};
	AUTO(sim_response_clear) struct sim_response second = {0};
	AUTO(json_free) cJSON *a = NULL;
	AUTO(json_free) cJSON *b = NULL;

	assert_int_equal(ask(f, SEARCH, WANTED, &first), 200);
	f->now += 3600; /* some eight videos */
	assert_int_equal(ask(f, SEARCH, WANTED "&pageToken=CDIQAA", &second), 200);
	items_of(&first, &a);
	items_of(&second, &b);
	int repeated = 0;
	for (int i = 0; i < 50; i++)
		for (int k = 0; k < 50; k++)
			repeated += strcmp(search_id(json_array(a, "items"), i), search_id(json_array(b, "items"), k)) == 0;
	assert_in_range(repeated, 1, 30);
}

static void the_chain_ends_near_five_hundred(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response last = {0};
	AUTO(sim_response_clear) struct sim_response endless = {0};
	AUTO(sim_response_clear) struct sim_response empty = {0};
	AUTO(json_free) cJSON *a = NULL;
	AUTO(json_free) cJSON *b = NULL;
	AUTO(json_free) cJSON *c = NULL;

	assert_int_equal(ask(f, SEARCH, WANTED "&pageToken=CMIDEAA", &last), 200); /* from the 451st on */
	assert_int_equal(cJSON_GetArraySize(items_of(&last, &a)), 50);
	assert_null(json_text(a, "nextPageToken"));
	f->sim.endless = 1;
	assert_int_equal(ask(f, SEARCH, WANTED "&pageToken=CMIDEAA", &endless), 200);
	items_of(&endless, &b);
	assert_string_equal(json_text(b, "nextPageToken"), "CPQDEAA");
	assert_int_equal(ask(f, SEARCH, WANTED "&pageToken=CPQDEAA", &empty), 200);
	assert_int_equal(cJSON_GetArraySize(items_of(&empty, &c)), 0);
	assert_string_equal(json_text(c, "prevPageToken"), "CPQDEAE");
	assert_null(json_text(c, "nextPageToken"));
}

static void a_page_may_hold_less_although_more_follow(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;

	f->sim.withheld = 0.2;
	assert_int_equal(ask(f, SEARCH, WANTED, &answer), 200);
	assert_in_range(cJSON_GetArraySize(items_of(&answer, &json)), 25, 49);
	assert_string_equal(json_text(json, "nextPageToken"), "CDIQAA");
}

static void parameters_nobody_knows_are_ignored_and_noted(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};

	assert_int_equal(ask(f, SEARCH, WANTED "&publishedBehind=x", &answer), 200);
	assert_int_equal(f->sim.unknown_count, 1);
	assert_string_equal(f->sim.unknown, "publishedBehind");
}

/* ---- an index to be doubted ---- */

/* How many items of a page, and how many of its neighbours do not descend in time. */
static int page_of(struct fixture *f, const char *query, int *rising)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	int64_t last = INT64_MAX;

	assert_int_equal(ask(f, SEARCH, query, &answer), 200);
	const cJSON *items = items_of(&answer, &json);
	*rising = 0;
	for (int i = 0; i < cJSON_GetArraySize(items); i++) {
		int64_t at;

		assert_true(timestamp_parse(json_text(json_object(cJSON_GetArrayItem(items, i), "snippet"), "publishedAt"), &at));
		*rising += at > last;
		last = at;
	}
	return cJSON_GetArraySize(items);
}

/* Narrower windows bring what the pool of a wide one is too small for. */
static void search_takes_the_most_popular_of_a_window(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	int rising;
	size_t seen = 0;
	double most_left = 0;

	f->sim.pool = 20;
	assert_int_equal(page_of(f, WANTED, &rising), 20);
	assert_int_equal(page_of(f, WANTED "&publishedAfter=2026-11-22T04:00:00Z", &rising), 20);
	assert_int_equal(rising, 0);
	assert_int_equal(ask(f, SEARCH, WANTED "&publishedAfter=2026-11-22T04:00:00Z", &answer), 200);
	assert_true(world_search(f->world, "cats", NOW - 6 * 3600, NOW, NOW, &hits, &err));
	assert_in_range(hits.count, 30, 70);
	const cJSON *items = items_of(&answer, &json);
	for (size_t i = 0; i < hits.count; i++)
		if (seen < 20 && strcmp(search_id(items, (int)seen), hits.items[i].id) == 0)
			seen++;
		else if (hits.items[i].fate.audience > most_left)
			most_left = hits.items[i].fate.audience;
	assert_int_equal(seen, 20);
	for (size_t i = 0, at = 0; at < 20; i++)
		if (strcmp(search_id(items, (int)at), hits.items[i].id) == 0) {
			assert_true(hits.items[i].fate.audience >= most_left);
			at++;
		}
}

static void the_order_of_time_can_be_lost(void **state)
{
	struct fixture *f = *state;
	int rising;

	assert_int_equal(page_of(f, WANTED, &rising), 50);
	assert_int_equal(rising, 0);
	f->sim.unordered = 1;
	assert_int_equal(page_of(f, WANTED, &rising), 50);
	assert_in_range(rising, 15, 35);
}

static void without_an_order_the_most_popular_come_first(void **state)
{
	struct fixture *f = *state;
	int rising;

	assert_int_equal(page_of(f, "part=snippet&type=video&maxResults=50&q=cats", &rising), 50);
	assert_in_range(rising, 15, 35);
}

static void the_window_can_be_ignored(void **state)
{
	struct fixture *f = *state;
	int rising;

	assert_int_equal(page_of(f, WANTED "&publishedAfter=2026-11-22T10:00:00Z", &rising), 0);
	f->sim.unbounded = 1;
	assert_int_equal(page_of(f, WANTED "&publishedAfter=2026-11-22T10:00:00Z", &rising), 50);
}

static void titles_can_be_empty(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;

	f->sim.untitled = 1;
	assert_int_equal(ask(f, SEARCH, WANTED, &answer), 200);
	assert_string_equal(json_text(json_object(cJSON_GetArrayItem(items_of(&answer, &json), 7), "snippet"), "title"), "");
}

/* At any time the index lacks a tenth of what it has, but not the same ones for long. */
static void the_index_omits_videos_for_hours(void **state)
{
	struct world_options options = {.seed = 3, .rate_per_day = 200, .fate = {.omitted_share = 0.1}};
	AUTO(world_hits_clear) struct world_hits all = {0};
	struct error err;
	int now_out = 0;
	int later_out = 0;
	int both_out = 0;

	set_up_with(state, &options);
	struct fixture *f = *state;
	assert_true(world_all(f->world, "cats", NOW - 10 * 86400, NOW, &all, &err));
	for (size_t i = 0; i < all.count; i++) {
		const struct fate *fate = &all.items[i].fate;
		bool now_in = fate_is_in_index(fate, NOW);
		bool later_in = fate_is_in_index(fate, NOW + FATE_OMITTED_S);

		now_out += !now_in;
		later_out += !later_in;
		both_out += !now_in && !later_in;
	}
	assert_in_range(now_out, 140, 260);
	assert_in_range(later_out, 140, 260);
	assert_in_range(both_out, 0, 60);
}

/* ---- lives of videos ---- */

static struct world_options lively(void)
{
	return (struct world_options){
	    .seed = 3,
	    .rate_per_day = 200,
	    .fate = {.stream_share = 0.3, .gone_share = 0.3, .back_share = 0.5, .renamed_share = 0.3, .misdated_share = 0.3}};
}

static void an_announced_stream_goes_live_and_ends(void **state)
{
	struct world_options options = lively();
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	int seen = 0;

	set_up_with(state, &options);
	struct fixture *f = *state;
	assert_true(world_all(f->world, "cats", NOW - 2 * 86400, NOW, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		const struct fate *fate = &hits.items[i].fate;
		AUTO(world_video_clear) struct world_video video = {0};
		bool found;

		if (!fate->scheduled_at || fate->gone_at != FATE_NEVER)
			continue;
		seen++;
		assert_int_equal(fate_kind(fate, fate->announced_at), VIDEO_UPCOMING);
		assert_int_equal(fate_kind(fate, fate->started_at), VIDEO_LIVE);
		assert_int_equal(fate_kind(fate, fate->ended_at), VIDEO_WAS_LIVE);
		assert_int_equal(fate_published_at(fate, fate->announced_at), fate->announced_at);
		assert_int_equal(fate_published_at(fate, fate->ended_at), fate->started_at);
		assert_true(world_find(f->world, hits.items[i].id, fate->ended_at, &found, &video, &err));
		assert_true(found);
	}
	assert_true(seen > 0);
}

static void what_went_is_left_out_silently_until_it_is_back(void **state)
{
	struct world_options options = lively();
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	int went = 0;
	int back = 0;
	int renamed = 0;

	set_up_with(state, &options);
	struct fixture *f = *state;
	assert_true(world_all(f->world, "cats", NOW - 2 * 86400, NOW, &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		const struct fate *fate = &hits.items[i].fate;
		AUTO(world_video_clear) struct world_video gone = {0};
		AUTO(world_video_clear) struct world_video again = {0};
		bool found;

		if (fate->gone_at == FATE_NEVER)
			continue;
		went++;
		assert_true(world_find(f->world, hits.items[i].id, fate->gone_at, &found, &gone, &err));
		assert_false(found);
		if (fate->back_at == FATE_NEVER)
			continue;
		back++;
		assert_true(fate->back_at > fate->gone_at);
		assert_true(world_find(f->world, hits.items[i].id, fate->back_at, &found, &again, &err));
		assert_true(found);
		renamed += fate_is_renamed(fate, fate->back_at) && strncmp(again.title, "Update: ", 8) == 0;
	}
	assert_true(went > 20 && back > 5 && back < went && renamed > 0);
}

static void videos_list_may_miss_one_that_is_there(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits hits = {0};
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	char query[64];

	f->sim.dropped = 1;
	assert_true(world_search(f->world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	snprintf(query, sizeof(query), "part=id&id=%s", hits.items[0].id);
	assert_int_equal(ask(f, VIDEOS, query, &answer), 200);
	assert_int_equal(cJSON_GetArraySize(items_of(&answer, &json)), 0);
}

/* ---- channels ---- */

static void find_channel(struct fixture *f, char id[CHANNEL_ID_SIZE])
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	assert_true(world_search(f->world, "cats", NOW - 86400, NOW, NOW, &hits, &err));
	memcpy(id, hits.items[0].channel_id, CHANNEL_ID_SIZE);
}

/* Every upload is listed once, the newest first; a list that did not change costs its unit and is not sent again. */
static void uploads_are_listed_page_after_page(void **state)
{
	struct world_options options = lively();
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;
	char id[CHANNEL_ID_SIZE];
	char query[200];
	char token[40] = "";
	size_t seen = 0;
	int deleted = 0;

	set_up_with(state, &options);
	struct fixture *f = *state;
	find_channel(f, id);
	assert_true(world_uploads(f->world, id, NOW, &hits, &err));
	assert_true(hits.count > 50);
	do {
		AUTO(sim_response_clear) struct sim_response answer = {0};
		AUTO(json_free) cJSON *json = NULL;

		snprintf(query, sizeof(query), "part=snippet,contentDetails&maxResults=50&playlistId=UU%s&pageToken=%s", id + 2,
		         token);
		assert_int_equal(ask(f, UPLOADS, query, &answer), 200);
		const cJSON *items = items_of(&answer, &json);
		for (int i = 0; i < cJSON_GetArraySize(items); i++, seen++) {
			const cJSON *item = cJSON_GetArrayItem(items, i);
			const cJSON *details = json_object(item, "contentDetails");

			assert_string_equal(json_text(details, "videoId"), hits.items[seen].id);
			bool there = fate_exists(&hits.items[seen].fate, NOW);
			assert_int_equal(json_text(details, "videoPublishedAt") != NULL, there);
			deleted += !there;
		}
		snprintf(token, sizeof(token), "%s", json_text(json, "nextPageToken") ? json_text(json, "nextPageToken") : "");
	} while (*token);
	assert_int_equal(seen, hits.count);
	assert_true(deleted > 0);
	assert_int_equal(f->sim.projects.projects[0].used[BUCKET_UNITS], (hits.count + 49) / 50);
}

static void the_second_page_has_the_recorded_token(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	char id[CHANNEL_ID_SIZE];
	char query[160];

	find_channel(f, id);
	snprintf(query, sizeof(query), "part=id&maxResults=50&playlistId=UU%s", id + 2);
	assert_int_equal(ask(f, UPLOADS, query, &answer), 200);
	items_of(&answer, &json);
	assert_string_equal(json_text(json, "nextPageToken"), "EAAaBlBUOkNESQ");
}

static void what_did_not_change_is_answered_by_304_and_charged(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response first = {0};
	AUTO(sim_response_clear) struct sim_response same = {0};
	AUTO(sim_response_clear) struct sim_response other = {0};
	AUTO(json_free) cJSON *json = NULL;
	char id[CHANNEL_ID_SIZE];
	char query[160];

	find_channel(f, id);
	snprintf(query, sizeof(query), "part=snippet&maxResults=5&playlistId=UU%s", id + 2);
	assert_int_equal(ask(f, UPLOADS, query, &first), 200);
	assert_null(sim_response_header(&first, "ETag"));
	items_of(&first, &json);
	f->etag = json_text(json, "etag");
	assert_int_equal(ask(f, UPLOADS, query, &same), 304);
	assert_int_equal(same.body.len, 0);
	assert_string_equal(sim_response_header(&same, "ETag"), f->etag);
	assert_int_equal(f->sim.projects.projects[0].used[BUCKET_UNITS], 2);
	f->now += 7 * 86400;
	assert_int_equal(ask(f, UPLOADS, query, &other), 200);
}

static void channels_without_a_match_have_no_items(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response none = {0};
	AUTO(sim_response_clear) struct sim_response named = {0};
	AUTO(json_free) cJSON *a = NULL;
	AUTO(json_free) cJSON *b = NULL;
	char id[CHANNEL_ID_SIZE];
	char handle[WORLD_HANDLE_SIZE];
	char query[160];

	assert_int_equal(ask(f, "/youtube/v3/channels", "part=id&id=UCnobody", &none), 200);
	assert_null(items_of(&none, &a));
	find_channel(f, id);
	world_handle(id, handle);
	snprintf(query, sizeof(query), "part=id&forHandle=%s", handle + 1);
	assert_int_equal(ask(f, "/youtube/v3/channels", query, &named), 200);
	assert_string_equal(json_text(cJSON_GetArrayItem(items_of(&named, &b), 0), "id"), id);
}

static int64_t video_count(struct fixture *f, const char *id)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};
	AUTO(json_free) cJSON *json = NULL;
	char query[80];
	int64_t count;

	snprintf(query, sizeof(query), "part=statistics&id=%s", id);
	assert_int_equal(ask(f, "/youtube/v3/channels", query, &answer), 200);
	const cJSON *channel = cJSON_GetArrayItem(items_of(&answer, &json), 0);
	assert_true(text_int(json_text(json_object(channel, "statistics"), "videoCount"), 0, INT64_MAX, &count));
	return count;
}

static void a_channels_videos_are_counted_late(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	struct error err;
	char id[CHANNEL_ID_SIZE];

	find_channel(f, id);
	assert_true(world_uploads(f->world, id, NOW, &uploads, &err));
	assert_int_equal(video_count(f, id), uploads.count);
	f->now = uploads.items[0].fate.announced_at + 600;
	f->sim.count_lag_s = 601;
	assert_int_equal(video_count(f, id), uploads.count - 1);
	f->now++;
	assert_int_equal(video_count(f, id), uploads.count);
}

/* ---- feeds ---- */

static int count_text(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

static void feeds_have_fifteen_entries_and_a_cache(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response now = {0};
	AUTO(sim_response_clear) struct sim_response soon = {0};
	AUTO(sim_response_clear) struct sim_response later = {0};
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	struct error err;
	char id[CHANNEL_ID_SIZE];
	char query[64];
	int64_t age;
	int shorts = 0;

	find_channel(f, id);
	snprintf(query, sizeof(query), "channel_id=%s", id);
	assert_int_equal(ask(f, FEED, query, &now), 200);
	assert_int_equal(count_text(buf_text(&now.body), "<entry>"), 15);
	assert_true(text_int(sim_response_header(&now, "Age"), 0, 899, &age));
	assert_true(world_uploads(f->world, id, NOW - age, &uploads, &err));
	for (size_t i = 0; i < 15; i++)
		shorts += fate_is_short(&uploads.items[i].fate);
	assert_int_equal(count_text(buf_text(&now.body), "/shorts/"), shorts);
	assert_string_equal(sim_response_header(&now, "Cache-Control"), "public, max-age=900");
	f->now += 899 - age;
	assert_int_equal(ask(f, FEED, query, &soon), 200);
	assert_string_equal(buf_text(&soon.body), buf_text(&now.body));
	f->now += 86400;
	assert_int_equal(ask(f, FEED, query, &later), 200);
	assert_string_not_equal(buf_text(&later.body), buf_text(&now.body));
	assert_int_equal(f->sim.projects.projects[0].used[BUCKET_UNITS], 0);
}

static void feeds_of_living_channels_are_missing_for_hours(void **state)
{
	struct fixture *f = *state;
	char id[CHANNEL_ID_SIZE];
	char query[64];
	int missing = 0;

	find_channel(f, id);
	snprintf(query, sizeof(query), "channel_id=%s", id);
	f->sim.feed_spells = 0.3;
	for (int spell = 0; spell < 40; spell++, f->now += 6 * 3600) {
		AUTO(sim_response_clear) struct sim_response answer = {0};

		missing += ask(f, FEED, query, &answer) == 404;
	}
	assert_in_range(missing, 4, 22);
}

/* ---- the script ---- */

static int status_of(struct fixture *f, const char *path, const char *query)
{
	AUTO(sim_response_clear) struct sim_response answer = {0};

	return ask(f, path, query, &answer);
}

static void steps_of_the_script_happen_in_their_order(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(control(f, "/control/fault", "kind=503&count=2&method=search"), 200);
	assert_int_equal(control(f, "/control/fault", "kind=API_KEY_EXPIRED&method=search&then=1"), 200);
	assert_int_equal(control(f, "/control/fault", "kind=414&method=videos&then=1"), 200);
	assert_int_equal(status_of(f, SEARCH, WANTED), 503);
	assert_int_equal(status_of(f, VIDEOS, "part=id&id=x"), 414);
	assert_int_equal(status_of(f, VIDEOS, "part=id&id=x"), 200);
	assert_int_equal(status_of(f, SEARCH, WANTED), 503);
	assert_int_equal(status_of(f, SEARCH, WANTED), 400);
	assert_int_equal(status_of(f, SEARCH, WANTED), 200);
	assert_int_equal(control(f, "/control/fault", "kind=sunshine"), 400);
	assert_int_equal(control(f, "/control/fault", "kind=503&method=nothing"), 400);
}

static void shares_are_set_while_it_runs(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(control(f, "/control/shares", "html=1"), 200);
	assert_int_equal(status_of(f, SEARCH, WANTED), 502);
	assert_int_equal(control(f, "/control/shares", "half_json=1"), 200);
	AUTO(sim_response_clear) struct sim_response half = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	assert_int_equal(ask(f, SEARCH, WANTED, &half), 200);
	assert_false(json_parse(buf_text(&half.body), half.body.len, &json, &err));
	assert_int_equal(control(f, "/control/shares", ""), 200);
	assert_int_equal(status_of(f, SEARCH, WANTED), 200);
	assert_int_equal(control(f, "/control/shares", "html=2"), 400);
}

static void quirks_are_set_while_it_runs(void **state)
{
	struct fixture *f = *state;
	int rising;

	assert_int_equal(control(f, "/control/quirks", "pool=30&unordered=1"), 200);
	assert_int_equal(page_of(f, WANTED, &rising), 30);
	assert_in_range(rising, 8, 22);
	assert_int_equal(control(f, "/control/quirks", "pool=10"), 200);
	assert_int_equal(page_of(f, WANTED, &rising), 10);
	assert_int_equal(control(f, "/control/quirks", "unordered=0&pool=0"), 200);
	assert_int_equal(page_of(f, WANTED, &rising), 50);
	assert_int_equal(rising, 0);
	assert_int_equal(control(f, "/control/quirks", "weather=1"), 400);
	assert_int_equal(control(f, "/control/quirks", "unordered=2"), 400);
	assert_int_equal(control(f, "/control/quirks", "pool=many"), 400);
}

/* Whatever is refused for another reason than the key itself is charged, and an unknown key charges nobody. */
static void invalid_requests_are_charged_unknown_keys_are_not(void **state)
{
	struct fixture *f = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};
	struct sim_request request = {.path = SEARCH, .query = WANTED, .key = "nobodys-key-of-nobodys-project"};
	struct error err;

	assert_int_equal(status_of(f, SEARCH, "part=snippet&maxResults=-1"), 400);
	assert_int_equal(status_of(f, SEARCH, "part=snippet&q=x&videoDuration=short"), 400);
	assert_int_equal(f->sim.projects.projects[0].used[BUCKET_SEARCHES], 2);
	assert_true(sim_answer(&f->sim, &request, NOW, &answer, &err));
	assert_int_equal(answer.status, 400);
	assert_int_equal(f->sim.projects.projects[0].used[BUCKET_SEARCHES], 2);
	assert_int_equal(f->sim.projects.project_count, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(bounds_are_inclusive),
	    CASE(pages_repeat_what_newer_videos_pushed_down),
	    CASE(the_chain_ends_near_five_hundred),
	    CASE(a_page_may_hold_less_although_more_follow),
	    CASE(parameters_nobody_knows_are_ignored_and_noted),
	    CASE(search_takes_the_most_popular_of_a_window),
	    CASE(the_order_of_time_can_be_lost),
	    CASE(without_an_order_the_most_popular_come_first),
	    CASE(the_window_can_be_ignored),
	    CASE(titles_can_be_empty),
	    CASE(the_index_omits_videos_for_hours),
	    CASE(an_announced_stream_goes_live_and_ends),
	    CASE(what_went_is_left_out_silently_until_it_is_back),
	    CASE(videos_list_may_miss_one_that_is_there),
	    CASE(uploads_are_listed_page_after_page),
	    CASE(the_second_page_has_the_recorded_token),
	    CASE(what_did_not_change_is_answered_by_304_and_charged),
	    CASE(channels_without_a_match_have_no_items),
	    CASE(a_channels_videos_are_counted_late),
	    CASE(feeds_have_fifteen_entries_and_a_cache),
	    CASE(feeds_of_living_channels_are_missing_for_hours),
	    CASE(steps_of_the_script_happen_in_their_order),
	    CASE(shares_are_set_while_it_runs),
	    CASE(quirks_are_set_while_it_runs),
	    CASE(invalid_requests_are_charged_unknown_keys_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
