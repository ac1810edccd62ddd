#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cron/import/import.h"
#include "store/status.h"
#include "store/video_search.h"
#include "store/videos.h"
#include "tests/support/fake_clock.h"

enum { NOW = 1795341600 };

struct fixture {
	struct store *store;
	struct fake_clock time;
	struct clock clock;
	char *progress; /* what import_videos told */
	size_t progress_len;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;

	assert_non_null(f);
	assert_true(store_open(":memory:", STORE_CREATE, &f->store, &err));
	f->time.now = NOW;
	f->clock = fake_clock(&f->time);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	free(f->progress);
	free(f);
	return 0;
}

static bool import_bytes(struct fixture *f, const char *bytes, size_t len, struct import_result *result, struct error *err)
{
	FILE *from = tmpfile();

	assert_non_null(from);
	assert_int_equal(fwrite(bytes, 1, len, from), len);
	rewind(from);
	free(f->progress);
	FILE *progress = open_memstream(&f->progress, &f->progress_len);
	bool done = import_videos(f->store, from, progress, &f->clock, result, err);

	fclose(progress);
	fclose(from);
	return done;
}

static bool import_text(struct fixture *f, const char *text, struct import_result *result, struct error *err)
{
	return import_bytes(f, text, strlen(text), result, err);
}

static void reads_the_flat_form(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;
	AUTO(video_clear) struct video video = {0};

	assert_true(import_text(
	    f,
	    "{\"id\":\"abcdefghijk\",\"title\":\"A & B\",\"description\":\"x\",\"published_at\":\"2026-11-22T10:00:00Z\","
	    "\"channel_id\":\"UC1234567890123456789012\",\"channel_title\":\"C\","
	    "\"thumbnail_url\":\"https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg\",\"lang\":\"en\"}\n",
	    &result, &err));
	assert_int_equal(result.added, 1);
	assert_true(store_video_get(f->store, "abcdefghijk", &video, &err));
	assert_string_equal(video.title, "A & B");
	assert_int_equal(video.published_at, 1795341600);
	assert_string_equal(video.channel_title, "C");
	assert_string_equal(video.thumbnail_url, "https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg");
	assert_int_equal(video.first_seen_at, NOW);
	assert_int_equal(video.views, VIDEO_UNKNOWN);
}

static void reads_a_line_of_the_api(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;
	AUTO(video_clear) struct video video = {0};

	assert_true(import_text(
	    f,
	    "{\"id\":\"abcdefghijk\",\"url\":\"https://www.youtube.com/watch?v=abcdefghijk\",\"title\":\"T\","
	    "\"description\":\"\",\"published_at\":\"2026-11-22T10:00:00Z\",\"first_seen_at\":\"2026-11-22T09:09:00Z\","
	    "\"recorded_at\":\"2026-11-22T09:09:00Z\",\"channel\":{\"id\":\"UC1\",\"title\":\"C\"},\"thumbnail_url\":\"https://"
	    "i.ytimg.com/x.jpg\","
	    "\"thumbnails\":{\"high\":{\"url\":\"https://i.ytimg.com/x.jpg\",\"width\":480,\"height\":360}},"
	    "\"kind\":\"was_live\",\"duration_seconds\":212,\"views\":10,\"likes\":null,\"comments\":null,\"queries\":[]}",
	    &result, &err));
	assert_true(store_video_get(f->store, "abcdefghijk", &video, &err));
	assert_int_equal(video.first_seen_at, NOW - 51 * 60);
	assert_int_equal(video_recorded_at(&video), NOW); /* it is another database that recorded it before */
	assert_int_equal(video.kind, VIDEO_WAS_LIVE);
	assert_int_equal(video.duration_s, 212);
	assert_int_equal(video.views, 10);
	assert_int_equal(video.likes, VIDEO_UNKNOWN);
	assert_string_equal(video.channel_id, "UC1");
	assert_string_equal(video.thumbnails, "{\"high\":{\"url\":\"https://i.ytimg.com/x.jpg\",\"width\":480,\"height\":360}}");
}

static void counts_what_it_skips_and_names_the_lines(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	assert_true(import_text(f,
	                        "{\"id\":\"abcdefghijk\",\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
	                        "{\"id\":\"abcdefghijl\",\"title\":\"T\"}\n"
	                        "{\"id\":\"abcdefghijm\",\"title\":\"T\"}\n"
	                        "\n"
	                        "{\"id\":\"short\",\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
	                        "{\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
	                        "{\"id\":\"abcdefghijn\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
	                        "not JSON\n"
	                        "[1]\n"
	                        "{\"id\":\"abcdefghijo\",\"title\":\"T\",\"published_at\":\"yesterday\"}\n"
	                        "{\"id\":\"abcdefghijp\",\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
	                        "{\"id\":\"abcdefghijq\",\"title\":\"T\",\"published_at\":\"1970-01-01T00:00:00Z\"}",
	                        &result, &err));
	assert_int_equal(result.lines, 12);
	assert_int_equal(result.added, 2);
	assert_int_equal(result.skipped, 9);
	assert_non_null(strstr(f->progress, "lines 2-3 skipped: no published_at\n"));
	assert_non_null(strstr(f->progress, "line 5 skipped: id is not a video's\n"));
	assert_non_null(strstr(f->progress, "line 6 skipped: no id\n"));
	assert_non_null(strstr(f->progress, "line 7 skipped: no title\n"));
	assert_non_null(strstr(f->progress, "line 8 skipped: not JSON"));
	assert_non_null(strstr(f->progress, "line 9 skipped: not a JSON object\n"));
	assert_non_null(strstr(f->progress, "line 10 skipped: published_at is no RFC 3339 time\n"));
	assert_non_null(strstr(f->progress, "line 12 skipped: published_at is 1970-01-01T00:00:00Z"));
}

#define GOOD "{\"id\":\"abcdefghijk\",\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
#define LITERAL(text) text, sizeof(text) - 1

static void files_that_are_no_utf_8_are_named_with_what_helps(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} files[] = {
	    {LITERAL("\xFF\xFE{\0\"\0i\0d\0"), "UTF-16: use iconv -f UTF-16 -t UTF-8 FILE | newsreel-fetch --import -"},
	    {LITERAL("\xFE\xFF\0{\0\"\0i\0d"), "UTF-16"},
	    {LITERAL("{\0\"\0i\0d\0\"\0"), "UTF-16: use iconv -f UTF-16LE"},
	    {LITERAL("\0{\0\"\0i\0d\0\""), "UTF-16: use iconv -f UTF-16BE"},
	    {LITERAL("\xFF\xFE\0\0{\0\0\0"), "UTF-32"},
	    {LITERAL("\0\0\xFE\xFF\0\0\0{"), "UTF-32"},
	    {LITERAL("{\0\0\0\"\0\0\0"), "UTF-32"},
	    {LITERAL("\0\0\0{\0\0\0\""), "UTF-32"},
	    {LITERAL("\x1F\x8B\x08\0\0\0\0\0\0\x03\n"), "gzip: use zcat FILE | newsreel-fetch --import -"},
	    {LITERAL("BZh91AY&SY"), "bzip2"},
	    {LITERAL("\xFD"
	             "7zXZ\0\0"),
	     "xz"},
	    {LITERAL("\x28\xB5\x2F\xFD\x04"), "zstd"},
	    {LITERAL("PK\x03\x04\x14"), "ZIP"},
	    {LITERAL("SQLite format 3\0"), "SQLite"},
	};
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		err = (struct error){0};
		assert_false(import_bytes(f, files[i].bytes, files[i].len, &result, &err));
		assert_int_equal(err.code, ERR_INVALID);
		if (!strstr(err.text, files[i].said))
			fail_msg("'%s' is not in: %s", files[i].said, err.text);
		assert_int_equal(result.lines, 0);
	}
}

static void lines_that_are_no_utf_8_are_counted_and_the_others_read(void **state)
{
	static const char file[] = "\0\0\0\0" GOOD /* what a crash may leave */
				   "\0\n"
				   "{\"id\":\"abcdefghijl\",\"title\":\"Caf\xE9\"}\n"          /* Latin-1 */
				   "{\"id\":\"abcdefghijm\",\"title\":\"\x93\xFA\x96\x7B\"}\n" /* Shift JIS */
				   " \t\r\n" GOOD "\n"
				   "{\0\"\0i\0d\0\"\0\n\0"; /* UTF-16 that was appended */
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	assert_true(import_bytes(f, file, sizeof(file) - 1, &result, &err));
	assert_int_equal(result.lines, 9);
	assert_int_equal(result.added, 1);
	assert_int_equal(result.skipped, 6);
	assert_int_equal(import_videos_read(&result), 1);
	assert_non_null(strstr(f->progress, "lines 1-2 skipped: it contains NUL bytes\n"));
	assert_non_null(strstr(f->progress, "lines 3-4 skipped: not UTF-8: convert the file with iconv\n"));
	assert_non_null(strstr(f->progress, "lines 8-9 skipped: it contains NUL bytes\n"));
}

static void a_byte_order_mark_of_utf_8_is_none_of_the_text(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	assert_true(import_text(f, "\xEF\xBB\xBF" GOOD, &result, &err));
	assert_int_equal(result.added, 1);
}

static void an_empty_file_has_no_lines(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	assert_true(import_text(f, "", &result, &err));
	assert_int_equal(result.lines, 0);
	assert_int_equal(import_videos_read(&result), 0);
}

static void the_same_file_again_changes_nothing(void **state)
{
	static const char file[] = "{\"id\":\"abcdefghijk\",\"title\":\"T\",\"published_at\":\"2026-11-22T10:00:00Z\"}\n"
				   "{\"id\":\"abcdefghijl\",\"title\":\"U\",\"published_at\":\"2026-11-21T10:00:00Z\"}\n";
	struct fixture *f = *state;
	struct import_result result;
	struct error err;
	int64_t before, after, videos;

	assert_true(import_text(f, file, &result, &err));
	assert_int_equal(result.added, 2);
	assert_true(store_generation(f->store, &before, &err));
	assert_true(import_text(f, file, &result, &err));
	assert_int_equal(result.added, 0);
	assert_int_equal(result.unchanged, 2);
	assert_true(store_generation(f->store, &after, &err));
	assert_int_equal(before, after);
	assert_true(store_video_count(f->store, &videos, &err));
	assert_int_equal(videos, 2);
	assert_true(store_check(f->store, &err));
}

/* How many videos the search finds. */
static int64_t found(struct fixture *f, const char *words)
{
	AUTO(video_page_clear) struct video_page page = {0};
	struct video_request request = {.filter = {.words = words}, .page_number = 1, .page_size = 20};
	struct error err;

	assert_true(store_videos_page(f->store, &request, &page, &err));
	return page.count;
}

/* What an import leaves behind that is killed after a batch: three videos that are not in the full-text index. */
static void leave_behind(struct fixture *f)
{
	struct error err;

	assert_true(store_bulk_begin(f->store, &err));
	for (int i = 0; i < 3; i++) {
		char title[] = "rocket", channel[] = "Space TV";
		struct video video = {.channel_id = "UC1", .title = title, .channel_title = channel, .published_at = NOW + i};
		enum video_saved saved;
		char id[24];

		snprintf(id, sizeof(id), "behind%04dA", i);
		memcpy(video.id, id, sizeof(video.id));
		assert_true(store_video_save(f->store, &video, SOURCE_IMPORT, NOW, &saved, NULL, &err));
	}
	assert_true(store_bulk_end(f->store, &err));
	assert_int_equal(found(f, "rocket"), 0);
}

/* Meanwhile one of the videos changes, one moves, and the channel gets another name. */
static void change_what_is_left_behind(struct fixture *f)
{
	char title[] = "airship", channel[] = "Other TV";
	struct video video = {
	    .id = "behind0001A", .channel_id = "UC1", .title = title, .channel_title = channel, .published_at = NOW - 5};
	enum video_saved saved;
	struct error err;

	assert_true(store_video_save(f->store, &video, SOURCE_DETAILS, NOW, &saved, NULL, &err));
	assert_int_equal(saved, VIDEO_CHANGED);
}

static void expect_all_found(struct fixture *f)
{
	struct error err;

	assert_int_equal(found(f, "rocket"), 2);
	assert_int_equal(found(f, "airship"), 1);
	assert_int_equal(found(f, "other"), 3);
	assert_int_equal(found(f, "space"), 0);
	assert_true(store_check(f->store, &err));
}

static void the_next_import_completes_the_index(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;

	leave_behind(f);
	change_what_is_left_behind(f);
	assert_true(import_text(f, "\n", &result, &err));
	expect_all_found(f);
}

static void a_check_leaves_the_index_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct error err;

	leave_behind(f);
	int64_t before = found(f, "rocket"), left;
	assert_true(before < 3);
	assert_true(store_check(f->store, &err));
	assert_int_equal(found(f, "rocket"), before);
	assert_true(store_upkeep(f->store, 10, &left, &err));
	assert_int_equal(found(f, "rocket"), 3);
	assert_true(store_check(f->store, &err));
	change_what_is_left_behind(f);
	expect_all_found(f);
}

static void the_index_is_filled_in_steps(void **state)
{
	struct fixture *f = *state;
	struct error err;
	int64_t left;

	leave_behind(f);
	assert_true(store_upkeep(f->store, 2, &left, &err));
	assert_int_equal(left, 1);
	assert_int_equal(found(f, "rocket"), 2);
	assert_true(store_upkeep(f->store, 2, &left, &err));
	assert_int_equal(left, 0);
	assert_int_equal(found(f, "rocket"), 3);
	assert_true(store_check(f->store, &err));
}

/* An import that doubles the database leaves the index in one part, whatever it was before. */
static void a_large_import_puts_the_index_in_order(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	AUTO(status_clear) struct status status = {0};
	struct quota_defaults quota = {{100, 10000}};
	struct error err;
	char *file = NULL;
	size_t len = 0;
	FILE *lines = open_memstream(&file, &len);

	for (int i = 0; i < 60000; i++)
		fprintf(lines,
		        "{\"id\":\"video%06d\",\"title\":\"T%d\",\"channel_id\":\"UC%022d\","
		        "\"published_at\":\"2026-%02d-%02dT%02d:00:00Z\"}\n",
		        i, i, i % 9, 1 + i % 11, 1 + i % 28, i % 24);
	fclose(lines);
	assert_true(import_text(f, file, &result, &err));
	free(file);
	assert_int_equal(result.added, 60000);
	assert_non_null(strstr(f->progress, "search index: 10000 videos left\n"));
	assert_non_null(strstr(f->progress, "search index: merging\n"));
	assert_true(store_status_read(f->store, &quota, 60, 0, NOW, &status, &err));
	assert_int_equal(status.fts_segments, 1);
	assert_int_equal(found(f, "t59999"), 1);
	assert_true(store_check(f->store, &err));
}

static void shows_progress(void **state)
{
	struct fixture *f = *state;
	struct import_result result;
	struct error err;
	char *file = NULL;
	size_t len = 0;
	FILE *lines = open_memstream(&file, &len);

	for (int i = 0; i < 20500; i++)
		fprintf(lines, "{\"id\":\"video%06d\",\"title\":\"T %d\",\"published_at\":\"2026-11-22T%02d:%02d:%02dZ\"}\n", i,
		        i, i / 3600, i / 60 % 60, i % 60);
	fclose(lines);
	assert_true(import_text(f, file, &result, &err));
	free(file);
	assert_int_equal(result.added, 20500);
	assert_non_null(strstr(f->progress, "10000 lines, "));
	assert_non_null(strstr(f->progress, "20000 lines, "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(reads_the_flat_form, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(reads_a_line_of_the_api, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(counts_what_it_skips_and_names_the_lines, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(files_that_are_no_utf_8_are_named_with_what_helps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(lines_that_are_no_utf_8_are_counted_and_the_others_read, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_byte_order_mark_of_utf_8_is_none_of_the_text, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_empty_file_has_no_lines, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_same_file_again_changes_nothing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_next_import_completes_the_index, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_check_leaves_the_index_as_it_is, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_index_is_filled_in_steps, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_large_import_puts_the_index_in_order, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(shows_progress, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
