/* Whole pages, compared with what lies in tests/golden: what changes them shows in the change. frame.html is what a page has around its
 * main part; the other files have the main part, and of the frame the lines that frame.html has not. `GOLDEN=write` before this program,
 * run from the project's folder, writes them anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "store/videos.h"
#include "tests/support/flow.h"

enum { HOUR = 3600, GOLDEN_MAX_BYTES = 1024 * 1024, PATH_SIZE = 128 };

/* Three days of two searches, a hostile title, and a video whose time is unknown. */
static void fill(struct flow *flow)
{
	int64_t rockets = flow_add_query(flow, "rocket launch");
	int64_t beats = flow_add_query(flow, "lofi <beats>");
	char id[24];

	for (int i = 0; i < 24; i++) {
		snprintf(id, sizeof(id), "video%05dA", i);
		flow_add_video(flow, id, i % 3 ? "Starship's next flight" : "<b>Beats</b> to launch rockets to",
		               FLOW_NOW - i * 3 * HOUR, i % 3 ? rockets : beats);
	}
	flow_add_video(flow, "video00024A", "From the year 9999", INT64_C(253402300799), 0);
}

/* All known of one video, which was called otherwise before. */
static void tell(struct flow *flow, const char *title, int64_t views, int64_t time)
{
	struct store *store = flow_open(flow);
	AUTO(video_clear)
	struct video video = {.id = "video00001A",
	                      .published_at = FLOW_NOW - 3 * HOUR,
	                      .views = views,
	                      .likes = 12,
	                      .comments = VIDEO_UNKNOWN,
	                      .duration_s = 751,
	                      .kind = VIDEO_WAS_LIVE,
	                      .channel_id = "UC-channel"};
	struct error err;
	enum video_saved saved;

	assert_true(text_copy("[\"rockets\",\"<b>boats</b>\"]", &video.details.tags, &err) &&
	            text_copy(title, &video.title, &err) &&
	            text_copy("Two lines\nof a description & more", &video.description, &err) &&
	            text_copy("The Channel", &video.channel_title, &err) &&
	            text_copy("https://i.ytimg.com/vi/video00001A/mqdefault.jpg", &video.thumbnail_url, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, time, &saved, NULL, &err));
	store_close(&store);
}

/* Hashes of static files change with every change of theirs: "static/style.0123abcd.css" becomes "static/style.css". */
static void normalise(struct flow *flow, struct buf *out)
{
	static const char folder[] = "/static/";
	const char *page = flow_body(flow);

	for (const char *at; (at = strstr(page, folder));) {
		size_t name = strcspn(at, ".");
		size_t hash = strspn(at + name + 1, "0123456789abcdef");

		buf_add(out, page, (size_t)(at - page) + name);
		page = at + name + 1 + hash;
	}
	buf_add_text(out, page);
}

static void assert_same(const char *path, const char *page, const char *golden)
{
	size_t same = 0;
	int line = 1;

	for (; page[same] && page[same] == golden[same]; same++)
		line += page[same] == '\n';
	if (page[same] != golden[same]) /* print_error: fail_msg() of some versions shows no words */
		print_error("%s, line %d: expected \"%.60s\", got \"%.60s\"\n", path, line, golden + same, page + same);
	assert_int_equal(page[same], golden[same]);
}

/* Compares, or writes and compares. */
static void check(const char *name, const struct buf *text)
{
	AUTO(buf_clear) struct buf golden = BUF(GOLDEN_MAX_BYTES);
	const char *wish = getenv("GOLDEN");
	char path[PATH_SIZE];
	struct error err;

	snprintf(path, sizeof(path), "tests/golden/%s.html", name);
	if (wish && strcmp(wish, "write") == 0) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		if (file) {
			assert_true(fputs(buf_text(text), file) >= 0);
			assert_int_equal(fclose(file), 0);
		}
	}
	if (!file_read(path, &golden, &err))
		fail_msg("%s", err.text);
	assert_same(path, buf_text(text), buf_text(&golden));
}

/* ---- the frame and what stands in it ---- */

static const char *after(const char *page, const char *text)
{
	const char *found = strstr(page, text);

	assert_non_null(found);
	return found ? found + strlen(text) : page;
}

static bool has_line(const char *text, const char *line, size_t len)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		if (strncmp(text, line, len) == 0)
			return true;
	return false;
}

/* The lines between FROM and UNTIL, but for those that FRAME has. */
static void add_others(struct buf *out, const char *from, const char *until, const char *frame)
{
	while (from < until) {
		size_t len = strcspn(from, "\n") + 1;

		if (!has_line(frame, from, len))
			buf_add(out, from, len);
		from += len;
	}
}

/* Of the page at URL the main part, and the lines around it that FRAME has not; with NULL all lines around it, and no more. */
static void take(struct flow *flow, const char *url, const char *frame, struct buf *out)
{
	AUTO(buf_clear) struct buf page = BUF(GOLDEN_MAX_BYTES);

	assert_int_equal(flow_get(flow, url), 200);
	normalise(flow, &page);
	const char *begin = buf_text(&page);
	const char *main_part = after(begin, "<div class=\"frame body\">\n");
	const char *end = strstr(main_part, "</div>\n<footer");
	assert_non_null(end);
	if (!end)
		return;
	add_others(out, begin, main_part, frame ? frame : "");
	if (frame)
		buf_add(out, main_part, (size_t)(end - main_part));
	add_others(out, end, end + strlen(end), frame ? frame : "");
}

static void pages_are_as_they_were(void **state)
{
	static const struct {
		const char *name, *url;
	} pages[] = {
	    {"videos", "/"},
	    {"videos-filtered", "/?query=launch&tracked=2&within=week&sort=oldest&page_size=5"},
	    {"videos-nothing", "/?query=zeppelin"},
	    {"video", "/video/video00001A"},
	    {"queries", "/queries"},
	    {"channels", "/channels"},
	    {"compare", "/compare?queries=1,2&published_after=2026-11-18&bucket=day"},
	    {"status", "/status"},
	    {"about", "/about"},
	    {"login", "/login"},
	};
	struct flow *flow = *state;
	AUTO(buf_clear) struct buf frame = BUF(GOLDEN_MAX_BYTES);

	flow->config.visitor_queries = 20;
	fill(flow);
	tell(flow, "The first title", 1000, FLOW_NOW - HOUR);
	tell(flow, "The second <title>", 12345, FLOW_NOW - 60);
	take(flow, "/about", NULL, &frame);
	check("frame", &frame);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		AUTO(buf_clear) struct buf page = BUF(GOLDEN_MAX_BYTES);

		take(flow, pages[i].url, buf_text(&frame), &page);
		check(pages[i].name, &page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(pages_are_as_they_were, flow_set_up, flow_tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
