#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/json.h"
#include "tests/support/flow.h"

#define HOSTILE "<b>&amp; \x01]]> \"quotes\" 日本語"

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

/* The text that the XPath expression finds in the last answer, which has to be well-formed; a: stands for Atom. */
static void find(const struct flow *flow, const char *xpath, char value[VALUE_SIZE])
{
	xmlDocPtr doc = xmlReadMemory(flow_body(flow), (int)flow->response.body.len, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	xmlXPathContextPtr context = xmlXPathNewContext(doc);
	xmlXPathRegisterNs(context, (const xmlChar *)"a", (const xmlChar *)"http://www.w3.org/2005/Atom");
	char string[VALUE_SIZE];
	snprintf(string, sizeof(string), "string(%s)", xpath);
	xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)string, context);
	assert_non_null(found);
	snprintf(value, VALUE_SIZE, "%s", (const char *)found->stringval);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	xmlFreeDoc(doc);
}

static void assert_found(const struct flow *flow, const char *xpath, const char *expected)
{
	char value[VALUE_SIZE];

	find(flow, xpath, value);
	assert_string_equal(value, expected);
}

static void atom_has_what_rfc_4287_asks_for(void **state)
{
	struct flow *flow = *state;

	seed(flow);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/atom+xml; charset=utf-8\r\n"));
	assert_true(flow_header_has(flow, "ETag: W/"));
	assert_true(flow_header_has(flow, "Access-Control-Allow-Origin: *\r\n"));
	assert_found(flow, "/a:feed/a:id", "http://127.0.0.1:8080/feeds/videos.atom");
	assert_found(flow, "/a:feed/a:title", "newsreel");
	assert_found(flow, "/a:feed/a:updated", "2026-11-22T10:00:00Z");
	assert_found(flow, "/a:feed/a:author/a:name", "newsreel");
	assert_found(flow, "/a:feed/a:link[@rel='self']/@href", "http://127.0.0.1:8080/feeds/videos.atom");
	assert_found(flow, "/a:feed/a:link[@rel='alternate']/@href", "http://127.0.0.1:8080/");
	assert_found(flow, "count(//a:entry)", "20");
	assert_found(flow, "//a:entry[1]/a:id", "https://www.youtube.com/watch?v=video00000A");
	assert_found(flow, "//a:entry[1]/a:title", "<b>&amp; ]]> \"quotes\" 日本語");
	assert_found(flow, "//a:entry[2]/a:published", "2026-11-22T09:59:00Z");
	assert_found(flow, "//a:entry[2]/a:updated", "2026-11-22T09:59:00Z");
	assert_found(flow, "//a:entry[2]/a:link/@href", "https://www.youtube.com/watch?v=video00001A");
	assert_found(flow, "//a:entry[2]/a:category/@term", "rocket & launch");
}

static void pages_of_atom_lead_to_each_other(void **state)
{
	struct flow *flow = *state;
	char next[VALUE_SIZE], cursor_page[VALUE_SIZE];

	seed(flow);
	assert_int_equal(flow_get(flow, "/feeds/videos.atom?tracked=1&page_size=10&query=starship"), 200);
	assert_found(flow, "/a:feed/a:title", "newsreel · rocket & launch · starship");
	assert_found(flow, "/a:feed/a:link[@rel='alternate']/@href", "http://127.0.0.1:8080/?query=starship&tracked=1");
	assert_found(flow, "/a:feed/a:link[@rel='first']/@href",
	             "http://127.0.0.1:8080/feeds/videos.atom?query=starship&tracked=1&page_size=10");
	assert_found(flow, "/a:feed/a:link[@rel='last']/@href",
	             "http://127.0.0.1:8080/feeds/videos.atom?query=starship&tracked=1&page_number=3&page_size=10");
	find(flow, "/a:feed/a:link[@rel='next']/@href", next);
	assert_int_equal(strncmp(next, "http://127.0.0.1:8080/feeds/", strlen("http://127.0.0.1:8080/feeds/")), 0);
	snprintf(cursor_page, sizeof(cursor_page), "%s", next + strlen("http://127.0.0.1:8080"));
	assert_int_equal(flow_get(flow, cursor_page), 200);
	assert_found(flow, "/a:feed/a:id", "http://127.0.0.1:8080/feeds/videos.atom?query=starship&tracked=1&page_size=10");
	assert_found(flow, "/a:feed/a:link[@rel='self']/@href", next);
	assert_found(flow, "//a:entry[1]/a:title", "Starship flight 21");
	assert_int_equal(flow_get(flow, "/feeds/videos.atom?page_number=3"), 200);
	assert_found(flow, "/a:feed/a:link[@rel='next']/@href", "");
	assert_found(flow, "/a:feed/a:link[@rel='previous']/@href", "http://127.0.0.1:8080/feeds/videos.atom?page_number=2");
}

static void links_follow_the_public_url_whatever_the_host(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	seed(flow);
	flow->more.host = "evil.example";
	flow->config.public_url = public_url;
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_found(flow, "/a:feed/a:id", "https://example.org/newsreel/feeds/videos.atom");
	assert_false(flow_body_has(flow, "evil"));
	flow->config.public_url = configured;
	flow->more.host = "not a \"host\"";
	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_found(flow, "/a:feed/a:id", "http://127.0.0.1:8080/feeds/videos.atom");
}

static void an_empty_feed_is_a_feed(void **state)
{
	struct flow *flow = *state;

	assert_int_equal(flow_get(flow, "/feeds/videos.atom"), 200);
	assert_found(flow, "/a:feed/a:updated", "1970-01-01T00:00:00Z");
	assert_int_equal(flow_get(flow, "/feeds/videos.json"), 200);
	assert_true(flow_body_has(flow, "\"items\":[]"));
	assert_int_equal(flow_get(flow, "/feeds/queries.opml"), 200);
	assert_found(flow, "count(//outline)", "0");
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
	assert_found(flow, "/opml/@version", "2.0");
	assert_found(flow, "count(/opml/body/outline[@type='rss'])", "2");
	assert_found(flow, "//outline[2]/@text", "lofi \"beats\" <live>");
	assert_found(flow, "//outline[1]/@xmlUrl", "http://127.0.0.1:8080/feeds/videos.atom?tracked=1");
	assert_found(flow, "//outline[1]/@htmlUrl", "http://127.0.0.1:8080/?tracked=1");
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
		snprintf(url, sizeof(url), "%s?colour=red", feeds[i]);
		assert_int_equal(flow_get(flow, url), 400);
	}
	assert_int_equal(flow_get(flow, "/feeds/queries.opml?page_size=1"), 400);
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
	    CASE(atom_has_what_rfc_4287_asks_for),
	    CASE(pages_of_atom_lead_to_each_other),
	    CASE(links_follow_the_public_url_whatever_the_host),
	    CASE(an_empty_feed_is_a_feed),
	    CASE(json_feed_has_its_members),
	    CASE(opml_names_the_feed_of_each_query),
	    CASE(feeds_take_the_parameters_of_the_list),
	    CASE(the_page_leads_to_its_feed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
