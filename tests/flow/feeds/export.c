#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "cgi/api/openapi.h"
#include "cron/import/import.h"
#include "store/upkeep/refresh.h"
#include "store/video_search.h"
#include "store/videos.h"
#include "tests/support/flow.h"
#include "tests/support/store_fixture.h"

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
		fixture_commit_some(store, i + 1);
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
	assert_true(flow_header_has(flow, "Content-Disposition: attachment; filename=\"videos-2026-11-22.csv\"\r\n"));
	assert_int_equal(count_lines(flow_body(flow)), MANY + 1);
}

static void an_export_is_named_after_its_query_and_day(void **state)
{
	static const struct {
		const char *url, *disposition;
	} names[] = {
	    {"/api/videos.csv?query=falcon+9", "filename=\"videos-falcon 9-2026-11-22.csv\""},
	    {"/api/videos.ndjson?tracked=1", "filename=\"videos-rocket launch-2026-11-22.ndjson\""},
	    {"/api/videos.csv?tracked=1&query=falcon", "filename=\"videos-rocket launch-falcon-2026-11-22.csv\""},
	    {"/api/videos.csv?query=%22../%0A..%5C%22+%3B+x", "filename=\"videos-.. .. x-2026-11-22.csv\""},
	    {"/api/videos.csv?query=%C3%BCber+%E7%81%AB", "filename=\"videos-_ber _-2026-11-22.csv\"; "
	                                                  "filename*=UTF-8''videos-%C3%BCber%20%E7%81%AB-2026-11-22.csv"},
	};
	struct flow *flow = *state;
	char value[400];

	flow_add_query(flow, "rocket launch");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(flow_get(flow, names[i].url), 200);
		flow_header(flow, "Content-Disposition", value, sizeof(value));
		assert_string_equal(value + strlen("attachment; "), names[i].disposition);
	}
}

static void a_long_name_is_cut_between_characters(void **state)
{
	struct flow *flow = *state;
	AUTO(buf_clear) struct buf url = BUF(2000);
	char value[800];

	buf_add_text(&url, "/api/videos.csv?query=");
	for (int i = 0; i < 200; i++)
		buf_add_text(&url, "%C3%BC");
	assert_int_equal(flow_get(flow, buf_text(&url)), 200);
	flow_header(flow, "Content-Disposition", value, sizeof(value));
	assert_non_null(strstr(value, "%C3%BC-2026-11-22.csv"));
	assert_true(strlen(value) < 400);
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
	AUTO(video_clear) struct video undated = {0};
	struct import_result result;
	struct store *other = NULL;
	struct error err;
	int64_t count;

	seed(flow, MANY - 1);
	flow_add_video(flow, "undatedAAAA", "dated 9999", INT64_C(253402300799), 0);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson"), 200);
	FILE *from = fmemopen(flow->response.body.data, flow->response.body.len, "r");
	FILE *progress = fopen("/dev/null", "w");
	assert_true(store_open(":memory:", STORE_CREATE, &other, &err));
	assert_true(import_videos(other, from, progress, &flow->shared.clock, &result, &err));
	assert_int_equal(result.added, MANY);
	assert_int_equal(result.skipped, 0);
	assert_true(store_video_count(other, &count, &err));
	assert_int_equal(count, MANY);
	assert_true(store_video_get(other, "undatedAAAA", &undated, &err));
	assert_int_equal(undated.published_at, FLOW_NOW);
	assert_true(undated.published_unknown);
	store_close(&other);
	fclose(from);
	fclose(progress);
}

/* A cell of every kind that a spreadsheet mistakes, as both flavors have it. */
static const struct {
	const char *id, *title, *raw, *for_spreadsheet;
} cells[] = {
    {"abcdefghijA", "say \"hi\", then\nleave", ",\"say \"\"hi\"\", then\nleave\",", ",\"say \"\"hi\"\", then\nleave\","},
    {"abcdefghijB", "=1+1", ",\"=1+1\",", ",\"'=1+1\","},
    {"abcdefghijC", "+1", ",\"+1\",", ",\"'+1\","},
    {"abcdefghijD", "-1", ",\"-1\",", ",\"'-1\","},
    {"abcdefghijE", "@SUM(A1)", ",\"@SUM(A1)\",", ",\"'@SUM(A1)\","},
    {"abcdefghijF", "＝1", ",\"＝1\",", ",\"'＝1\","},
    {"abcdefghijG", "\"=1", ",\"\"\"=1\",", ",\"\"\"=1\","},
    {"-bcdefghijH", "plain", "\n\"-bcdefghijH\",\"https://www.youtube.com/watch?v=-bcdefghijH\",\"plain\",",
     "\n\"'-bcdefghijH\",\"https://www.youtube.com/watch?v=-bcdefghijH\",\"plain\","},
    /* Without their control characters they are formulas: C0, DEL, C1. What only looks like C1 stays. */
    {"abcdefghijI", "\x01\x1B=2", ",\"=2\",", ",\"'=2\","},
    {"abcdefghijJ", "\xC2\x9B\x7F=3", ",\"=3\",", ",\"'=3\","},
    {"abcdefghijK",
     "a\x02\xC2\x85"
     "b\xC2\x80\xC2\xA9 \xC3\x85\xC2",
     ",\"ab© Å", ",\"ab© Å"},
};

static void seed_cells(struct flow *flow)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		flow_add_video(flow, cells[i].id, cells[i].title, FLOW_NOW, 0);
}

static void csv_is_raw_and_quoted(void **state)
{
	struct flow *flow = *state;

	seed_cells(flow);
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	assert_int_equal(strncmp(flow_body(flow), "id,url,title,description,published_at,", 38), 0);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		assert_true(flow_body_has(flow, cells[i].raw));
	assert_true(flow_body_has(flow, "\r\n\"-bcdefghijH\",\"https://www.youtube.com/watch?v=-bcdefghijH\",\"plain\",\"\","
	                                "2026-11-22T10:00:00Z,2026-11-22T10:00:00Z,\"\",\"\",\"\",video,,,,,\"\",false,2026-11-"
	                                "22T10:00:00Z,,,,,,,,,,,,,2026-11-22T10:00:00Z,\"[]\"\r\n"));
	assert_false(flow_body_has(flow, "'"));
}

static void for_a_spreadsheet_formulas_are_defused(void **state)
{
	struct flow *flow = *state;

	seed_cells(flow);
	assert_int_equal(flow_get(flow, "/api/videos.csv?flavor=spreadsheet"), 200);
	assert_int_equal(strncmp(flow_body(flow), "\xEF\xBB\xBFid,url,title,", 16), 0);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		assert_true(flow_body_has(flow, cells[i].for_spreadsheet));
}

static void an_unknown_time_is_marked_in_csv(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "dated 9999", INT64_C(253402300799), 0);
	assert_int_equal(flow_get(flow, "/api/videos.csv?fields=id,published_at,published_at_unknown"), 200);
	assert_string_equal(flow_body(flow),
	                    "id,published_at,published_at_unknown\r\n\"abcdefghijA\",2026-11-22T10:00:00Z,true\r\n");
}

static bool is_control(const unsigned char *at)
{
	return (*at < ' ' && *at != '\r' && *at != '\n' && *at != '\t') || *at == 0x7F ||
	       (*at == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F);
}

static void no_control_character_gets_into_csv(void **state)
{
	static const char *const urls[] = {"/api/videos.csv", "/api/videos.csv?flavor=spreadsheet"};
	struct flow *flow = *state;

	seed_cells(flow);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		for (const char *at = flow_body(flow); *at; at++)
			assert_false(is_control((const unsigned char *)at));
	}
}

static void columns_can_be_chosen(void **state)
{
	static const struct {
		const char *fields, *detail;
	} wrong[] = {{"colour", "fields=colour"},
	             {"id,title,id", "fields=id: given twice"},
	             {"", "fields: at least one"},
	             {",", "fields: at least one"}};
	struct flow *flow = *state;
	char url[64];

	flow_add_video(flow, "abcdefghijA", "Liftoff", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/api/videos.csv?fields=title,%20id,views"), 200);
	assert_string_equal(flow_body(flow), "title,id,views\r\n\"Liftoff\",\"abcdefghijA\",\r\n");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(url, sizeof(url), "/api/videos.csv?fields=%s", wrong[i].fields);
		assert_int_equal(flow_get(flow, url), 400);
		assert_true(flow_body_has(flow, wrong[i].detail));
	}
	assert_int_equal(flow_get(flow, "/api/videos.csv?flavor=vanilla"), 400);
	assert_true(flow_body_has(flow, "flavor=vanilla: allowed: raw, spreadsheet"));
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?fields=views,id,channel"), 200);
	assert_string_equal(flow_body(flow), "{\"views\":null,\"id\":\"abcdefghijA\",\"channel\":null}\n");
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?fields=id,channel_id"), 400);
	assert_true(flow_body_has(flow, "fields=channel_id"));
}

static void the_columns_are_documented_in_their_order(void **state)
{
	struct flow *flow = *state;
	AUTO(buf_clear) struct buf names = BUF(2000);
	AUTO(json_free) cJSON *document = NULL;
	struct error err;
	const cJSON *column;

	assert_true(openapi_load(&flow->app, &document, &err));
	const cJSON *row = json_object(json_object(json_object(document, "components"), "schemas"), "VideoRow");
	cJSON_ArrayForEach(column, json_object(row, "properties"))
	{
		buf_printf(&names, "%s%s", names.len ? "," : "", column->string);
	}
	buf_add_text(&names, "\r\n");
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	assert_string_equal(flow_body(flow), buf_text(&names));
}

#define DETAILED "abcdefghijD"

static const char details_json[] =
    "\"category\":{\"id\":28,\"name\":\"Science & "
    "Technology\"},\"language\":\"en\",\"audio_language\":\"de-AT\",\"definition\":\"hd\","
    "\"caption\":true,\"licence\":\"creativeCommon\",\"scheduled_at\":\"2026-11-22T08:00:00Z\",\"started_at\":\"2026-11-22T08:01:"
    "00Z\","
    "\"ended_at\":\"2026-11-22T09:00:00Z\",\"queries\":[],\"tags\":[\"to the moon\",\"a, \\\"b\\\"\"]";

static void add_detailed(struct flow *flow)
{
	struct store *store = flow_open(flow);
	AUTO(video_clear)
	struct video video = {.id = DETAILED,
	                      .published_at = FLOW_NOW - 7200,
	                      .scheduled_at = FLOW_NOW - 7200,
	                      .details = {.category = 28,
	                                  .language = "en",
	                                  .audio_language = "de-AT",
	                                  .definition = VIDEO_DEFINITION_HD,
	                                  .caption = VIDEO_CAPTION_GIVEN,
	                                  .licence = VIDEO_LICENCE_CREATIVE_COMMONS,
	                                  .started_at = FLOW_NOW - 7140,
	                                  .ended_at = FLOW_NOW - 3600}};
	enum video_saved saved;
	struct error err;

	assert_true(text_copy("Liftoff", &video.title, &err));
	assert_true(text_copy("[\"to the moon\",\"a, \\\"b\\\"\"]", &video.details.tags, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, NULL, &err));
	store_close(&store);
}

static void details_are_exported_and_imported(void **state)
{
	struct flow *flow = *state;
	AUTO(video_clear) struct video original = {0};
	AUTO(video_clear) struct video copy = {0};
	struct error err;

	add_detailed(flow);
	assert_int_equal(
	    flow_get(flow, "/api/videos.csv?fields=scheduled_at,started_at,ended_at,category_id,category,language,audio_language,"
	                   "definition,caption,licence,tags"),
	    200);
	assert_true(
	    flow_body_has(flow,
	                  "\r\n2026-11-22T08:00:00Z,2026-11-22T08:01:00Z,2026-11-22T09:00:00Z,28,\"Science & Technology\",\"en\","
	                  "\"de-AT\",\"hd\",true,\"creativeCommon\",\"[\"\"to the moon\"\",\"\"a, \\\"\"b\\\"\"\"\"]\"\r\n"));
	assert_int_equal(flow_get(flow, "/api/videos.ndjson"), 200);
	assert_true(flow_body_has(flow, details_json));
	assert_true(import_line(flow_body(flow), strlen(flow_body(flow)), &copy, &err));
	assert_true(store_video_get(flow->app.store, DETAILED, &original, &err));
	assert_true(video_details_equal(&copy.details, &original.details));
	assert_true(video_tags_equal(&copy.details, &original.details));
	assert_int_equal(copy.details.started_at, original.details.started_at);
	assert_int_equal(copy.details.ended_at, original.details.ended_at);
	assert_int_equal(copy.scheduled_at, original.scheduled_at);
}

static void provenance_is_told(void **state)
{
	static const char found[] = "\"found\":[{\"query\":{\"id\":1,\"query\":\"moon "
				    "\\\"landing\\\"\"},\"at\":\"2026-11-22T10:00:00Z\",\"by\":\"search\"}]";
	struct flow *flow = *state;
	int64_t query = flow_add_query(flow, "moon \"landing\"");

	flow_add_video(flow, DETAILED, "Liftoff", FLOW_NOW - 7200, query);
	assert_int_equal(flow_get(flow, "/api/videos?include=found"), 200);
	assert_true(flow_body_has(flow, found));
	assert_true(flow_body_has(flow, "\"last_seen_at\":\"2026-11-22T10:00:00Z\""));
	assert_true(flow_body_has(flow, "\"statistics_at\":null"));
	add_detailed(flow);
	assert_int_equal(flow_get(flow, "/api/videos/" DETAILED), 200);
	assert_true(flow_body_has(flow, found));
	assert_true(flow_body_has(flow, "\"statistics_at\":\"2026-11-22T10:00:00Z\""));
	assert_int_equal(flow_get(flow, "/api/videos.ndjson"), 200);
	assert_true(flow_body_has(flow, found));
	assert_int_equal(flow_get(flow, "/api/videos.csv?fields=statistics_at,last_seen_at,found"), 200);
	assert_string_equal(flow_body(flow),
	                    "statistics_at,last_seen_at,found\r\n2026-11-22T10:00:00Z,2026-11-22T10:00:00Z,"
	                    "\"[{\"\"query\"\":{\"\"id\"\":1,\"\"query\"\":\"\"moon \\\"\"landing\\\"\"\"\"},\"\"at\"\":"
	                    "\"\"2026-11-22T10:00:00Z\"\",\"\"by\"\":\"\"search\"\"}]\"\r\n");
	assert_int_equal(flow_get(flow, "/video/" DETAILED), 200);
	assert_true(flow_body_has(flow, "<dt>Counts as of</dt><dd>Sun 22 Nov 2026, 10:00:00 UTC"));
	assert_true(flow_body_has(flow, "<dt>Last seen</dt><dd>Sun 22 Nov 2026, 10:00:00 UTC"));
}

static void a_re_check_that_changes_nothing_is_told_too(void **state)
{
	struct flow *flow = *state;
	char before[80], after[80];

	add_detailed(flow);
	assert_int_equal(flow_get(flow, "/api/videos/" DETAILED), 200);
	flow_header(flow, "ETag", before, sizeof(before));
	add_detailed(flow);
	assert_int_equal(flow_get(flow, "/api/videos/" DETAILED), 200);
	flow_header(flow, "ETag", after, sizeof(after));
	assert_string_not_equal(before, after);
}

static void lists_have_tags_when_asked_for(void **state)
{
	struct flow *flow = *state;

	add_detailed(flow);
	flow_add_video(flow, "abcdefghijA", "Second", FLOW_NOW - 9000, 0);
	assert_int_equal(flow_get(flow, "/api/videos"), 200);
	assert_true(flow_body_has(flow, "\"licence\":\"creativeCommon\""));
	assert_false(flow_body_has(flow, "\"tags\""));
	assert_int_equal(flow_get(flow, "/api/videos?include=tags&page_size=1"), 200);
	assert_true(flow_body_has(flow, details_json));
	assert_true(flow_body_has(flow, "\"next\":\"/api/videos?page_number=2&page_size=1&include=tags\""));
	assert_int_equal(flow_get(flow, "/api/videos/" DETAILED), 200);
	assert_true(flow_body_has(flow, details_json));
	assert_int_equal(flow_get(flow, "/api/videos?include=title"), 400);
	assert_true(flow_body_has(flow, "include=title: allowed: hidden, tags, found"));
	assert_int_equal(flow_get(flow, "/api/videos?include="), 400);
}

/* ---- order ---- */

/* Whether the ids of LIST, a JSON list of videos, come in the same order in CSV. */
static void assert_same_order(const char *list, const char *csv)
{
	const char *id = list;
	size_t found = 0;

	csv = strchr(csv, '\n');
	while (csv && (id = strstr(id, "\"id\":\"video"))) {
		assert_int_equal(strncmp(csv + 2, id + 6, 11), 0);
		csv = strchr(csv + 1, '\n');
		id += 6;
		found++;
	}
	assert_int_equal(found, 100);
}

static void an_export_has_the_order_of_its_list(void **state)
{
	static const char *const orders[] = {"sort=oldest", "sort=newest", "sort=title", "sort=views",
	                                     "sort=relevance&query=starship"};
	struct flow *flow = *state;

	seed(flow, MANY);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		size_t all = strstr(orders[i], "query") ? MANY / 2 : MANY;
		char url[96];

		snprintf(url, sizeof(url), "/api/videos?page_size=100&%s", orders[i]);
		assert_int_equal(flow_get(flow, url), 200);
		AUTO(text_free) char *list = strdup(flow_body(flow));
		assert_non_null(list);
		snprintf(url, sizeof(url), "/api/videos.csv?fields=id,title&%s", orders[i]);
		assert_int_equal(flow_get(flow, url), 200);
		assert_int_equal(count_lines(flow_body(flow)), all + 1);
		assert_same_order(list, flow_body(flow));
		snprintf(url, sizeof(url), "/api/videos.ndjson?%s", orders[i]);
		assert_int_equal(flow_get(flow, url), 200);
		assert_int_equal(count_lines(flow_body(flow)), all);
	}
	assert_int_equal(flow_get(flow, "/api/videos.csv?sort=relevance"), 400);
	assert_int_equal(flow_get(flow, "/api/videos.csv?sort=title&query=nothing"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 1);
}

static void a_ranked_export_that_is_cut_says_so(void **state)
{
	static const char *const urls[] = {"/api/videos.csv?fields=id&sort=title", "/api/videos.ndjson?sort=title"};
	struct flow *flow = *state;

	seed(flow, RANKED_MAX);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		assert_false(flow_header_has(flow, "-Within: "));
	}
	flow_add_video(flow, "abcdefghijA", "One too many", FLOW_NOW + 60, 0);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(flow_get(flow, urls[i]), 200);
		assert_int_equal(count_lines(strstr(flow_body(flow), "video")), RANKED_MAX);
		assert_true(flow_header_has(flow, "X-Ranked-Within: 10000\r\n"));
		assert_false(flow_header_has(flow, "X-Scanned-Within: "));
	}
	store_set_scan_limit(flow->app.store, 10);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?sort=title&kind=video"), 200);
	assert_int_equal(count_lines(flow_body(flow)), 10);
	assert_true(flow_header_has(flow, "X-Scanned-Within: 10\r\n"));
	assert_false(flow_header_has(flow, "X-Ranked-Within: "));
}

static void the_page_leads_to_the_export_of_its_list(void **state)
{
	struct flow *flow = *state;

	seed(flow, 3);
	assert_int_equal(flow_get(flow, "/?query=falcon&sort=relevance&page_size=1&page_number=2&count=exact"), 200);
	assert_true(flow_body_has(flow, "href=\"/api/videos.csv?query=falcon&amp;sort=relevance\""));
	assert_true(flow_body_has(flow, "href=\"/api/videos.csv?query=falcon&amp;sort=relevance&amp;flavor=spreadsheet\""));
	assert_int_equal(flow_get(flow, "/api/videos.csv?query=falcon&sort=relevance&flavor=spreadsheet"), 200);
	assert_int_equal(flow_get(flow, "/"), 200);
	assert_true(flow_body_has(flow, "href=\"/api/videos.csv\""));
	assert_true(flow_body_has(flow, "href=\"/api/videos.csv?flavor=spreadsheet\""));
}

/* Opens an export and leaves it in RESPONSE, to be sent. */
static int open_export_sorted(struct flow *flow, const char *query_string, struct response *response)
{
	const char *const params[] = {"REQUEST_METHOD=GET", "REQUEST_URI=/api/videos.ndjson", query_string, NULL};
	const struct cgi_input input = {.params = params};
	AUTO(request_clear) struct request req = {0};

	dispatch(&flow->app, &input, &req, response);
	return response->status;
}

static int open_export(struct flow *flow, struct response *response)
{
	return open_export_sorted(flow, "QUERY_STRING=", response);
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

/* Reads the rest of an export; returns its lines. */
static size_t read_rest(struct response *response)
{
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	size_t lines = 0;
	struct error err;

	for (;;) {
		buf_reset(&piece);
		assert_true(response->rest.next(response->rest.context, &piece, &err));
		if (piece.len == 0)
			return lines;
		lines += count_lines(buf_text(&piece));
	}
}

static void videos_that_arrive_meanwhile_do_no_harm(void **state)
{
	static const char *const orders[] = {"QUERY_STRING=", "QUERY_STRING=sort=title"};
	struct flow *flow = *state;

	seed(flow, MANY);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct response response = {0};
		size_t seen;
		char id[ID_SIZE];

		assert_int_equal(open_export_sorted(flow, orders[i], &response), 200);
		seen = count_lines(buf_text(&response.body));
		snprintf(id, sizeof(id), "abcdefghij%zu", i);
		flow_add_video(flow, id, "A title before all others", FLOW_NOW + 60, 0);
		assert_int_equal(seen + read_rest(&response), MANY + i);
		response_clear(&response);
	}
}

/* Exports behind CURSOR, which becomes that of the next export; what arrives while it is sent is left for that. Returns the videos. */
static size_t export_new(struct flow *flow, const char *filter, char *cursor, size_t size, const char *arriving)
{
	struct response response = {0};
	char query_string[160];

	snprintf(query_string, sizeof(query_string), "QUERY_STRING=sort=recorded&after=%s%s", cursor, filter);
	if (open_export_sorted(flow, query_string, &response) != 200)
		fail_msg("%s: %s", query_string, buf_text(&response.body));
	const char *header = strstr(buf_text(&response.headers), "X-Latest-Cursor: ");
	assert_non_null(header);
	header += strlen("X-Latest-Cursor: ");
	snprintf(cursor, size, "%.*s", (int)strcspn(header, "\r"), header);
	flow_add_video(flow, arriving, "Falcon", FLOW_NOW - 1000000, 1);
	size_t seen = count_lines(buf_text(&response.body)) + read_rest(&response);
	response_clear(&response);
	return seen;
}

static void an_export_goes_on_behind_another(void **state)
{
	static const char *const filters[] = {"", "&tracked=1", "&query=falcon+"};
	struct flow *flow = *state;
	char cursor[64], id[ID_SIZE];

	flow->config.threads = 4; /* two of which may export */
	seed(flow, MANY);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		char url[80];

		snprintf(url, sizeof(url), "/api/videos.csv?sort=recorded&fields=id%s", filters[i]);
		assert_int_equal(flow_get(flow, url), 200);
		flow_header(flow, "X-Latest-Cursor", cursor, sizeof(cursor));
		snprintf(id, sizeof(id), "arriving%zuAA", i);
		assert_int_equal(export_new(flow, filters[i], cursor, sizeof(cursor), id), 0);
		snprintf(id, sizeof(id), "arriving%zuBB", i);
		assert_int_equal(export_new(flow, filters[i], cursor, sizeof(cursor), id), 1);
		assert_int_equal(export_new(flow, filters[i], cursor, sizeof(cursor), "arrivingCCC"), 1);
	}
	snprintf(cursor, sizeof(cursor), "f0000000000000000");
	assert_int_equal(export_new(flow, "", cursor, sizeof(cursor), "arrivingDDD"), MANY + 7);
	assert_int_equal(flow_get(flow, "/api/videos.csv?after=f0000000000000000"), 400);
	assert_int_equal(flow_get(flow, "/api/videos.ndjson?sort=recorded&after=f1"), 400);
	assert_true(flow_body_has(flow, "after=f1: not a latest_cursor"));
	assert_int_equal(flow_get(flow, "/api/videos.csv"), 200);
	assert_false(flow_header_has(flow, "X-Latest-Cursor: "));
}

/* Removes the videos FROM to TO of the list by title: Falcons newest first, then Starships. */
static void remove_by_title(struct flow *flow, int from, int to)
{
	struct store *store = flow_open(flow);
	struct error err;
	char id[ID_SIZE];
	bool gone = false;

	assert_true(store_begin(store, &err));
	for (int place = from; place < to; place++) {
		id_of(place < MANY / 2 ? 2 * place : 2 * (place - MANY / 2) + 1, id);
		assert_true(store_video_missing(store, id, FLOW_NOW, &gone, &err) &&
		            store_video_missing(store, id, FLOW_NOW + 2 * SECONDS_PER_DAY, &gone, &err));
		assert_true(gone);
		fixture_commit_some(store, place + 1);
	}
	assert_true(store_commit(store, &err));
	store_close(&store);
}

/* A piece without any video would be taken for the end. */
static void ranked_videos_that_go_meanwhile_end_nothing(void **state)
{
	struct flow *flow = *state;
	struct response response = {0};
	size_t seen;

	seed(flow, MANY);
	assert_int_equal(open_export_sorted(flow, "QUERY_STRING=sort=title", &response), 200);
	seen = count_lines(buf_text(&response.body));
	assert_true(2 * seen < MANY);
	remove_by_title(flow, (int)seen, 2 * (int)seen);
	assert_int_equal(read_rest(&response), MANY - 2 * seen);
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
	    CASE(every_video_is_exported_once_newest_first),
	    CASE(an_export_is_named_after_its_query_and_day),
	    CASE(a_long_name_is_cut_between_characters),
	    CASE(filters_apply),
	    CASE(what_was_exported_can_be_imported),
	    CASE(csv_is_raw_and_quoted),
	    CASE(for_a_spreadsheet_formulas_are_defused),
	    CASE(no_control_character_gets_into_csv),
	    CASE(an_unknown_time_is_marked_in_csv),
	    CASE(columns_can_be_chosen),
	    CASE(the_columns_are_documented_in_their_order),
	    CASE(details_are_exported_and_imported),
	    CASE(provenance_is_told),
	    CASE(a_re_check_that_changes_nothing_is_told_too),
	    CASE(lists_have_tags_when_asked_for),
	    CASE(an_export_has_the_order_of_its_list),
	    CASE(the_page_leads_to_the_export_of_its_list),
	    CASE(a_ranked_export_that_is_cut_says_so),
	    CASE(ranked_videos_that_go_meanwhile_end_nothing),
	    CASE(slow_readers_leave_room_for_others),
	    CASE(videos_that_arrive_meanwhile_do_no_harm),
	    CASE(a_known_export_is_not_made_again),
	    CASE(what_is_rare_is_exported_too),
	    CASE(an_export_goes_on_behind_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
