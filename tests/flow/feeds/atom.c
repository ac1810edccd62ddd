#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "store/videos.h"
#include "tests/support/flow.h"

#define HOSTILE "<b>&amp; \x01]]> \"quotes\" 日本語"

#define SITE "http://127.0.0.1:8080"

enum { VALUE_SIZE = 512 };

static void seed(struct flow *flow)
{
	int64_t query = flow_add_query(flow, "rocket & launch");

	for (int i = 0; i < 45; i++) {
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

static int count(const struct flow *flow, const char *text)
{
	int found = 0;

	for (const char *at = flow_body(flow); (at = strstr(at, text)); at++)
		found++;
	return found;
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
	assert_int_equal(count(flow, "<entry>"), 20);
	assert_has(flow, "<title>&lt;b&gt;&amp;amp; ]]&gt; &quot;quotes&quot; 日本語</title>\n");
	assert_has(flow, "<entry>\n"
	                 "<id>https://www.youtube.com/watch?v=video00001A</id>\n"
	                 "<title>Starship flight 1</title>\n"
	                 "<link rel=\"alternate\" type=\"text/html\" href=\"https://www.youtube.com/watch?v=video00001A\"/>\n"
	                 "<published>2026-11-22T09:59:00Z</published>\n"
	                 "<updated>2026-11-22T09:59:00Z</updated>\n"
	                 "<category term=\"rocket &amp; launch\"/>\n"
	                 "<summary></summary>\n"
	                 "</entry>\n");
	assert_has(flow, "</entry>\n</feed>\n");
}

static void an_entry_tells_channel_description_and_picture(void **state)
{
	struct flow *flow = *state;
	struct store *store = flow_open(flow);
	AUTO(video_clear) struct video video = {.id = "video00000A", .channel_id = "UC-channel", .published_at = FLOW_NOW};
	enum video_saved saved;
	struct error err;

	assert_true(text_copy("A title", &video.title, &err) && text_copy("Two\nlines & more", &video.description, &err) &&
	            text_copy("<The> channel", &video.channel_title, &err) &&
	            text_copy("https://i.ytimg.com/vi/a.jpg", &video.thumbnail_url, &err) &&
	            store_video_save(store, &video, SOURCE_SEARCH, FLOW_NOW, &saved, NULL, &err));
	store_close(&store);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_has(flow,
	           "<author><name>&lt;The&gt; channel</name><uri>https://www.youtube.com/channel/UC-channel</uri></author>\n"
	           "<summary>Two\nlines &amp; more</summary>\n"
	           "<media:thumbnail url=\"https://i.ytimg.com/vi/a.jpg\"/>\n"
	           "</entry>\n");
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

static void an_empty_feed_is_a_feed(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_has(flow, "<updated>1970-01-01T00:00:00Z</updated>");
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_true(flow_body_has(flow, "\"items\":[]"));
	assert_int_equal(flow_get(flow, "/feeds/queries.opml"), 200);
	assert_has(flow, "<body>\n</body>");
}

static void json_feed_has_its_members(void **state)
{
	struct flow *flow = *state;
	struct error err;
	AUTO(json_free) cJSON *json = NULL;

	seed(flow);
	assert_int_equal(flow_get(flow, "/feeds/videos.json?page_size=2"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/feed+json; charset=utf-8\r\n"));
	assert_true(json_parse(flow_body(flow), flow->response.body.len, &json, &err));
	assert_string_equal(json_text(json, "version"), "https://jsonfeed.org/version/1.1");
	assert_string_equal(json_text(json, "feed_url"), "http://127.0.0.1:8080/feeds/videos.json?page_size=2");
	assert_non_null(strstr(json_text(json, "next_url"), "http://127.0.0.1:8080/feeds/videos.json?cursor="));
	const cJSON *item = cJSON_GetArrayItem(json_array(json, "items"), 1);
	assert_string_equal(json_text(item, "id"), "https://www.youtube.com/watch?v=video00001A");
	assert_string_equal(json_text(item, "title"), "Starship flight 1");
	assert_string_equal(json_text(item, "content_text"), "");
	assert_string_equal(json_text(item, "date_published"), "2026-11-22T09:59:00Z");
	assert_string_equal(cJSON_GetArrayItem(json_array(item, "tags"), 0)->valuestring, "rocket & launch");
	assert_int_equal(flow_get(flow, "/feeds/videos.json?page_number=3"), 200);
	assert_false(flow_body_has(flow, "next_url"));
}

static void opml_names_the_feed_of_each_query(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	flow_add_query(flow, "lofi \"beats\" <live>");
	assert_int_equal(flow_request(flow, "POST", "/api/queries", "query=a visitor's", NULL), 202);
	assert_int_equal(flow_get(flow, "/feeds/queries.opml"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/x-opml; charset=utf-8\r\n"));
	assert_has(flow, "<opml version=\"2.0\">\n<head><title>newsreel</title></head>\n<body>\n");
	assert_int_equal(count(flow, "<outline "), 2);
	assert_has(flow, "<outline type=\"rss\" text=\"rocket &amp; launch\" title=\"rocket &amp; launch\" xmlUrl=\"" SITE
	                 "/feeds/videos.atom?tracked=1\" htmlUrl=\"" SITE "/?tracked=1\"/>\n");
	assert_has(flow, "<outline type=\"rss\" text=\"lofi &quot;beats&quot; &lt;live&gt;\"");
}

static void feeds_take_the_parameters_of_the_list(void **state)
{
	static const char *const feeds[] = {"/feeds/videos.atom", "/feeds/videos.json"};
	struct flow *flow = *state;
	char url[VALUE_SIZE];

	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++) {
		snprintf(url, sizeof(url), "%s?page_size=101", feeds[i]);
		assert_int_equal(flow_get(flow, url), 400);
		assert_true(flow_body_has(flow, "page_size=101"));
		assert_true(flow_header_has(flow, "Content-Type: application/problem+json\r\n"));
	}
}

static void the_page_leads_to_its_feed(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/?tracked=1&page_number=2"), 200);
	assert_true(
	    flow_body_has(flow,
	                  "type=\"application/atom+xml\" title=\"This list as a feed\" href=\"/feeds/videos.atom?tracked=1\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(atom_has_what_rfc_4287_asks_for),   CASE(an_entry_tells_channel_description_and_picture),
	    CASE(pages_of_atom_lead_to_each_other),  CASE(links_follow_the_public_url_whatever_the_host),
	    CASE(an_empty_feed_is_a_feed),           CASE(json_feed_has_its_members),
	    CASE(opml_names_the_feed_of_each_query), CASE(feeds_take_the_parameters_of_the_list),
	    CASE(the_page_leads_to_its_feed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
