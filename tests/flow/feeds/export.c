#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cron/import.h"
#include "store/videos.h"
#include "tests/support/flow.h"

enum { MANY = 450, ID_SIZE = 24 };

static void id_of(int i, char id[ID_SIZE])
{
	snprintf(id, ID_SIZE, "video%05dA", i);
}

static void seed(struct flow *flow, int count)
{
	int64_t query = flow_add_query(flow, "rocket launch");
	struct store *store = flow_open(flow);
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < count; i++) {
		AUTO(video_list_clear) struct video_list one = {0};
		struct video *video = video_list_add(&one);
		enum video_saved saved;
		char id[ID_SIZE];

		assert_non_null(video);
		id_of(i, id);
		memcpy(video->id, id, VIDEO_ID_SIZE);
		video->published_at = FLOW_NOW - 60 * i;
		assert_true(text_copy(i % 2 ? "Starship" : "Falcon", &video->title, &err));
		assert_true(store_video_save(store, video, SOURCE_SEARCH, FLOW_NOW, &saved, NULL, &err));
	}
	assert_true(store_commit(store, &err));
	store_close(&store);
	assert_int_equal(query, 1);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

static void every_video_is_exported_once_newest_first(void **state)
{
	struct flow *flow = *state;
	char id[ID_SIZE];

	seed(flow, MANY);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/x-ndjson\r\n"));
	assert_true(flow_header_has(flow, "ETag: W/"));
	assert_true(flow_header_has(flow, "Cache-Control: no-cache\r\n"));
	assert_int_equal(count_lines(flow_body(flow)), MANY);
	const char *at = flow_body(flow);
	for (int i = 0; i < MANY; i++) {
		id_of(i, id);
		at = strstr(at, id);
		assert_non_null(at);
	}
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/csv; charset=utf-8; header=present\r\n"));
	assert_true(flow_header_has(flow, "Content-Disposition: attachment; filename=\"videos.csv\"\r\n"));
	assert_int_equal(count_lines(flow_body(flow)), MANY + 1);
}

static void filters_apply(void **state)
{
	struct flow *flow = *state;

	seed(flow, MANY);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?query=falcon"), 200);
	assert_int_equal(count_lines(flow_body(flow)), MANY / 2);
	assert_int_equal(flow_get(flow, "/api/videos.csv?query=nothing"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 1);
	assert_int_equal(flow_get(flow, "/api/videos.csv?tracked=9"), 400);
	assert_int_equal(flow_get(flow, "/api/videos.csv?page_size=9"), 400);
	assert_true(flow_body_has(flow, "'page_size'"));
}

static void what_was_exported_can_be_imported(void **state)
{
	struct flow *flow = *state;
	struct import_result result;
	struct store *other = NULL;
	struct error err;
	int64_t count;

	seed(flow, MANY);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson"), 200);
	FILE *from = fmemopen(flow->response.body.data, flow->response.body.len, "r");
	FILE *progress = fopen("/dev/null", "w");
	assert_true(store_open(":memory:", STORE_CREATE, &other, &err));
	assert_true(import_videos(other, from, progress, &flow->shared.clock, &result, &err));
	assert_int_equal(result.added, MANY);
	assert_int_equal(result.skipped, 0);
	assert_true(store_video_count(other, &count, &err));
	assert_int_equal(count, MANY);
	store_close(&other);
	fclose(from);
	fclose(progress);
}

static void cells_are_quoted_and_formulas_defused(void **state)
{
	static const struct {
		const char *id, *title, *cell;
	} cases[] = {
	    {"abcdefghijA", "say \"hi\", then\nleave", ",\"say \"\"hi\"\", then\nleave\","},
	    {"abcdefghijB", "=1+1", ",\"'=1+1\","},
	    {"abcdefghijC", "+1", ",\"'+1\","},
	    {"abcdefghijD", "-1", ",\"'-1\","},
	    {"abcdefghijE", "@SUM(A1)", ",\"'@SUM(A1)\","},
	    {"abcdefghijF", "＝1", ",\"'＝1\","},
	    {"abcdefghijG", "\"=1", ",\"\"\"=1\","},
	    {"-bcdefghijH", "plain",
	     "\r\n\"'-bcdefghijH\",\"https://www.youtube.com/watch?v=-bcdefghijH\",\"plain\",\"\",2026-11-22T10:00:00Z,"
	     "2026-11-22T10:00:00Z,\"\",\"\",\"\",video,,,,,\"\"\r\n"},
	};
	struct flow *flow = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		flow_add_video(flow, cases[i].id, cases[i].title, FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	assert_int_equal(strncmp(flow_body(flow), "id,url,title,", 13), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(flow_body_has(flow, cases[i].cell));
}

/* Opens an export and leaves it in RESPONSE, to be sent. */
static int open_export(struct flow *flow, struct response *response)
{
	static const char *const params[] = {"REQUEST_METHOD=GET", "REQUEST_URI=/api/videos.ndjson", NULL};
	const struct cgi_input input = {.params = params};
	AUTO(request_clear) struct request req = {0};

	dispatch(&flow->app, &input, &req, response);
	return response->status;
}

static void slow_readers_leave_room_for_others(void **state)
{
	struct flow *flow = *state;
	struct response first = {0}, second = {0}, third = {0};

	flow->config.threads = 4;        /* two of which may export … */
	flow->shared.costly.waiting = 1; /* … and one may wait */
	seed(flow, 1);
	assert_int_equal(open_export(flow, &first), 200);
	assert_int_equal(open_export(flow, &second), 200);
	assert_int_equal(open_export(flow, &third), 503);
	response_clear(&third);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	response_clear(&first);
	assert_int_equal(open_export(flow, &third), 200);
	response_clear(&second);
	response_clear(&third);
	assert_int_equal(flow->shared.costly.running, 0);
	assert_int_equal(flow_get(flow, "/api/videos.csv?tracked=9"), 400);
	assert_int_equal(flow->shared.costly.running, 0);
}

static void videos_that_arrive_meanwhile_do_no_harm(void **state)
{
	struct flow *flow = *state;
	struct response response = {0};
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	struct error err;
	size_t lines;

	seed(flow, MANY);
	assert_int_equal(open_export(flow, &response), 200);
	lines = count_lines(buf_text(&response.body));
	flow_add_video(flow, "abcdefghijA", "newer", FLOW_NOW + 60, 0);
	for (;;) {
		buf_reset(&piece);
		assert_true(response.rest.next(response.rest.context, &piece, &err));
		if (piece.len == 0)
			break;
		lines += count_lines(buf_text(&piece));
	}
	assert_int_equal(lines, MANY);
	response_clear(&response);
}

/* A read that finds nothing is not the end. */
static void what_is_rare_is_exported_too(void **state)
{
	struct flow *flow = *state;

	seed(flow, MANY);
	flow_add_video(flow, "abcdefghijA", "a rare one", FLOW_NOW - 30 * 86400, 1);
	assert_int_equal(flow_get(flow, "/readyz"), 200); /* opens the database */
	store_set_scan_limit(flow->app.store, 10);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?kind=video&tracked=1"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 1);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?kind=video&published_before=2026-11-01"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 1);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?min_duration=7"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 0);
}

static void a_known_export_is_not_made_again(void **state)
{
	struct flow *flow = *state;
	char tag[64];

	seed(flow, 3);
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	flow_header(flow, "ETag", tag, sizeof(tag));
	flow_set(flow, "HTTP_IF_NONE_MATCH", tag);
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 304);
	assert_null(flow->response.rest.next);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_video_is_exported_once_newest_first), CASE(filters_apply),
	    CASE(what_was_exported_can_be_imported),         CASE(cells_are_quoted_and_formulas_defused),
	    CASE(slow_readers_leave_room_for_others),        CASE(videos_that_arrive_meanwhile_do_no_harm),
	    CASE(a_known_export_is_not_made_again),          CASE(what_is_rare_is_exported_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
