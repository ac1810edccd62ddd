#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/videos.h"
#include "tests/support/flow.h"

#define HOSTILE "<b>&amp; \x01]]> \"quotes\" 日本語"

#define SITE "http://127.0.0.1:8080"

enum { VALUE_SIZE = 512 };

static void seed(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket & launch");

	for (int i = 44; i >= 0; i--) {
		char id[24];
		char title[64];

		snprintf(id, sizeof(id), "video%05dA", i);
		snprintf(title, sizeof(title), i ? "Starship flight %d" : HOSTILE, i);
		flow_add_video(flow, id, title, FLOW_NOW - 60 * i, i % 2 ? query : 0);
	}
}

static void assert_has(const struct flow *flow, const char *text)
{
	if (!flow_body_has(flow, text))
		fail_msg("%s is missing in\n%s", text, flow_body(flow));
}

/* The path and query string of the page that follows; the answer has to name one. */
static void find_next(const struct flow *flow, char url[VALUE_SIZE])
{
	static const char link[] = "<link rel=\"next\" type=\"application/atom+xml\" href=\"" SITE;
	const char *at = strstr(flow_body(flow), link);
	size_t len = 0;

	assert_non_null(at);
	if (!at)
		return;
	for (at += strlen(link); *at != '"' && len + 1 < VALUE_SIZE; at++) {
		url[len++] = *at;
		if (strncmp(at, "&amp;", 5) == 0)
			at += 4;
	}
	url[len] = '\0';
}

static void atom_has_what_rfc_4287_asks_for(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/atom+xml; charset=utf-8\r\n"));
	assert_true(flow_header_has(flow, "ETag: W/"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_has(flow, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                 "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n"
	                 "<title>newsreel</title>\n"
	                 "<id>" SITE "/feeds/videos.atom</id>\n"
	                 "<link rel=\"alternate\" type=\"text/html\" href=\"" SITE "/\"/>\n"
	                 "<link rel=\"self\" type=\"application/atom+xml\" href=\"" SITE "/feeds/videos.atom\"/>\n");
	assert_has(flow, "<updated>2026-11-22T10:00:00Z</updated>\n<author><name>newsreel</name></author>\n<entry>\n");
	assert_int_equal(flow_body_count(flow, "<entry>"), 20);
	assert_has(flow, "<title>&lt;b&gt;&amp;amp; ]]&gt; &quot;quotes&quot; 日本語</title>\n");
	assert_has(flow, "<entry>\n"
	                 "<id>https://www.youtube.com/watch?v=video00001A</id>\n"
	                 "<title>Starship flight 1</title>\n"
	                 "<link rel=\"alternate\" type=\"text/html\" href=\"https://www.youtube.com/watch?v=video00001A\"/>\n"
	                 "<published>2026-11-22T09:59:00Z</published>\n"
	                 "<updated>2026-11-22T09:59:00Z</updated>\n"
	                 "<category term=\"rocket &amp; launch\"/>\n"
	                 "<summary></summary>\n"
	                 "<media:group>\n"
	                 "<media:content medium=\"video\"><media:player url=\"https://www.youtube.com/watch?v=video00001A\"/>"
	                 "</media:content>\n"
	                 "<media:description type=\"plain\"></media:description>\n"
	                 "</media:group>\n"
	                 "</entry>\n");
	assert_has(flow, "</entry>\n</feed>\n");
}

/* Readers would make one up of the address: "Watch". */
static void what_has_no_title_says_so(void **state)
{
	struct flow *flow = *state;

	flow_add_video(flow, "abcdefghijA", "", FLOW_NOW, 0);
	flow_add_video(flow, "abcdefghijE", "\u200B \u2063", FLOW_NOW, 0);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_int_equal(flow_body_count(flow, "<title>(no title)</title>\n"), 2);
}

static void pages_of_atom_lead_to_each_other(void **state)
{
	struct flow *flow = *state;
	char next[VALUE_SIZE], self[2 * VALUE_SIZE];

	seed(flow);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom?tracked=1&page_size=10&query=starship"), 200);
	assert_has(flow, "<title>newsreel · rocket &amp; launch · starship</title>\n");
	assert_has(flow, "<link rel=\"alternate\" type=\"text/html\" href=\"" SITE "/?query=starship&amp;tracked=1\"/>");
	assert_has(flow, "<link rel=\"first\" type=\"application/atom+xml\" href=\"" SITE
	                 "/feeds/videos.atom?query=starship&amp;tracked=1&amp;page_size=10\"/>");
	assert_has(flow, "<link rel=\"last\" type=\"application/atom+xml\" href=\"" SITE
	                 "/feeds/videos.atom?query=starship&amp;tracked=1&amp;page_number=3&amp;page_size=10\"/>");
	find_next(flow, next);
	assert_int_equal(flow_get(flow, next), 200);
	assert_has(flow, "<id>" SITE "/feeds/videos.atom?query=starship&amp;tracked=1&amp;page_size=10</id>");
	snprintf(self, sizeof(self), "<link rel=\"self\" type=\"application/atom+xml\" href=\"" SITE "%.*s",
	         (int)strcspn(next, "&"), next);
	assert_has(flow, self);
	assert_has(flow, "<title>Starship flight 21</title>");
	assert_int_equal(flow_get(flow, "/feeds/videos.atom?page_number=3"), 200);
	assert_false(flow_body_has(flow, "rel=\"next\""));
	assert_has(flow,
	           "<link rel=\"previous\" type=\"application/atom+xml\" href=\"" SITE "/feeds/videos.atom?page_number=2\"/>");
}

static void links_follow_the_public_url_whatever_the_host(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	seed(flow);
	flow_set(flow, "HTTP_HOST", "evil.example");
	flow->config.public_url = public_url;
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_has(flow, "<id>https://example.org/newsreel/feeds/videos.atom</id>");
	assert_false(flow_body_has(flow, "evil"));
	flow->config.public_url = configured;
	flow_set(flow, "HTTP_HOST", "not a \"host\"");
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_has(flow, "<id>" SITE "/feeds/videos.atom</id>");
}

/* Saves the video as it was seen at NOW. */
static void save(struct flow *flow, const char *title, int64_t views, int64_t now)
{
	struct store *store = flow_open(flow);
	AUTO(video_clear)
	struct video video = {.id = "video00000A",
	                      .channel_id = "UC-channel",
	                      .published_at = FLOW_NOW,
	                      .duration_s = 212,
	                      .views = views,
	                      .likes = VIDEO_UNKNOWN,
	                      .comments = VIDEO_UNKNOWN};
	enum video_saved saved;
	struct error err;

	assert_true(text_copy(title, &video.title, &err) && text_copy("Two\nlines & more", &video.description, &err) &&
	            text_copy("<The> channel", &video.channel_title, &err) &&
	            text_copy("https://i.ytimg.com/vi/a.jpg", &video.thumbnail_url, &err) &&
	            store_video_save(store, &video, SOURCE_DETAILS, now, &saved, NULL, &err));
	store_close(&store);
}

static void an_entry_tells_channel_description_and_media(void **state)
{
	struct flow *flow = *state;

	save(flow, "A title", 0, FLOW_NOW);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_has(flow,
	           "<author><name>&lt;The&gt; channel</name><uri>https://www.youtube.com/channel/UC-channel</uri></author>\n"
	           "<summary>Two\nlines &amp; more</summary>\n"
	           "<media:group>\n"
	           "<media:content medium=\"video\" duration=\"212\">"
	           "<media:player url=\"https://www.youtube.com/watch?v=video00000A\"/></media:content>\n"
	           "<media:thumbnail url=\"https://i.ytimg.com/vi/a.jpg\"/>\n"
	           "<media:description type=\"plain\">Two\nlines &amp; more</media:description>\n"
	           "<media:community><media:statistics views=\"0\"/></media:community>\n"
	           "</media:group>\n"
	           "</entry>\n");
}

static void an_entry_is_updated_when_its_title_changes(void **state)
{
	struct flow *flow = *state;

	save(flow, "A title", 10, FLOW_NOW);
	save(flow, "A title", 99, FLOW_NOW + 60); /* more views are no news */
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_int_equal(flow_body_count(flow, "<updated>2026-11-22T10:00:00Z</updated>"), 2);
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_false(flow_body_has(flow, "date_modified"));
	save(flow, "Another title", 99, FLOW_NOW + 120);
	save(flow, "A third title", 99, FLOW_NOW + 180);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_int_equal(flow_body_count(flow, "<updated>2026-11-22T10:03:00Z</updated>"), 2); /* feed and entry */
	assert_has(flow, "<published>2026-11-22T10:00:00Z</published>");
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_has(flow, "\"date_modified\":\"2026-11-22T10:03:00Z\"");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(atom_has_what_rfc_4287_asks_for),
	    CASE(what_has_no_title_says_so),
	    CASE(pages_of_atom_lead_to_each_other),
	    CASE(links_follow_the_public_url_whatever_the_host),
	    CASE(an_entry_tells_channel_description_and_media),
	    CASE(an_entry_is_updated_when_its_title_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
