#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "tests/support/flow.h"

enum { VALUE_SIZE = 512 };

static void crawlers_are_kept_from_feeds_and_exports(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;

	assert_int_equal(flow_get(flow, "/robots.txt"), 200);
	assert_true(flow_header_has(flow, "Content-Type: text/plain; charset=utf-8\r\n"));
	assert_string_equal(
	    flow_body(flow),
	    "User-agent: *\nAllow: /api/docs\nDisallow: /api/\nDisallow: /compare\nDisallow: /feeds/\nDisallow: /keys\n"
	    "Disallow: /login\n");
	flow->config.public_url = public_url;
	assert_int_equal(flow_get(flow, "/robots.txt"), 200);
	assert_true(flow_body_has(flow, "\nDisallow: /newsreel/feeds/\n"));
	flow->config.public_url = configured;
}

static void the_icon_is_where_browsers_look_for_it(void **state)
{
	struct flow *flow = *state;
	static const char icons[] = {0, 0, 1, 0};

	assert_int_equal(flow_get(flow, "/favicon.ico"), 200);
	assert_true(flow_header_has(flow, "Content-Type: image/x-icon\r\n"));
	assert_true(flow_header_has(flow, "ETag: W/"));
	assert_true(flow->response.body.len > 1000);
	assert_memory_equal(flow->response.body.data, icons, sizeof(icons));
}

static void the_manifest_names_site_and_icons(void **state)
{
	struct flow *flow = *state;
	char public_url[] = "https://example.org/newsreel";
	char *configured = flow->config.public_url;
	AUTO(json_free) cJSON *manifest = NULL;
	const cJSON *icon;
	struct error err;

	flow->config.public_url = public_url;
	assert_int_equal(flow_get(flow, "/manifest.webmanifest"), 200);
	flow->config.public_url = configured;
	assert_true(flow_header_has(flow, "Content-Type: application/manifest+json\r\n"));
	assert_true(json_parse(flow_body(flow), flow->response.body.len, &manifest, &err));
	assert_string_equal(json_text(manifest, "name"), "newsreel");
	assert_string_equal(json_text(manifest, "start_url"), "https://example.org/newsreel/");
	assert_int_equal(cJSON_GetArraySize(json_array(manifest, "icons")), 2);
	cJSON_ArrayForEach(icon, json_array(manifest, "icons"))
	{
		assert_int_equal(strncmp(json_text(icon, "src"), "https://example.org/newsreel/static/", 36), 0);
	}
}

static void the_search_description_has_absolute_urls(void **state)
{
	struct flow *flow = *state;

	flow_set(flow, "HTTP_HOST", "videos.example");
	assert_int_equal(flow_get(flow, "/opensearch.xml"), 200);
	assert_true(flow_header_has(flow, "Content-Type: application/opensearchdescription+xml; charset=utf-8\r\n"));
	assert_int_equal(strncmp(flow_body(flow), "<?xml", 5), 0);
	assert_true(flow_body_has(flow, "<Url type=\"text/html\" template=\"http://videos.example/?query={searchTerms}\"/>"));
	assert_true(flow_body_has(flow, "template=\"http://videos.example/feeds/videos.atom?query={searchTerms}\"/>"));
	flow_set(flow, "HTTP_HOST", NULL);
}

/* The value of attribute NAME of the element at TAG, its &amp; decoded. */
static void attribute(const char *tag, const char *name, char value[VALUE_SIZE])
{
	char before[32];
	size_t len = 0;

	snprintf(before, sizeof(before), " %s=\"", name);
	const char *at = strstr(tag, before);
	assert_true(at && at < strchr(tag, '>'));
	if (!at)
		return;
	for (at += strlen(before); *at != '"' && len + 1 < VALUE_SIZE; at++) {
		value[len++] = *at;
		if (strncmp(at, "&amp;", 5) == 0)
			at += 4;
	}
	value[len] = '\0';
}

/* Follows every link of the head of the page at URL that leads to an answer of ours; returns how many there are. */
static int follow_head(struct flow *flow, const char *url)
{
	char type[VALUE_SIZE], href[VALUE_SIZE], content_type[VALUE_SIZE], rel[VALUE_SIZE];
	int followed = 0;

	assert_int_equal(flow_get(flow, url), 200);
	AUTO(text_free) char *page = strdup(flow_body(flow));
	assert_non_null(page);
	for (const char *tag = page; (tag = strstr(tag, "<link ")); tag++) {
		attribute(tag, "rel", rel);
		if (strcmp(rel, "alternate") != 0 && strcmp(rel, "search") != 0)
			continue;
		attribute(tag, "type", type);
		attribute(tag, "href", href);
		assert_int_equal(flow_get(flow, href), 200);
		flow_header(flow, "Content-Type", content_type, sizeof(content_type));
		assert_int_equal(strncmp(content_type, type, strlen(type)), 0);
		followed++;
	}
	return followed;
}

static void links_of_every_head_lead_to_what_they_say(void **state)
{
	static const char *const pages[] = {"/",       "/?tracked=1&query=starship&sort=oldest&page_size=5&page_number=2",
	                                    "/status", "/?query=a%26b%22c&sort=relevance",
	                                    "/about",  "/channels?tracked=1&page_size=3"};
	struct flow *flow = *state;

	flow_add_query(flow, "rocket launch");
	flow_add_video(flow, "abcdefghijA", "Starship", FLOW_NOW, 1);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		assert_int_equal(follow_head(flow, pages[i]), 3);
}

static void a_list_names_its_own_feeds(void **state)
{
	static const struct {
		const char *page, *title, *parameters;
	} cases[] = {
	    {"/?tracked=1&within=week&page_number=2", "This list", "?tracked=1&amp;within=week"},
	    {"/channels?tracked=1&page_size=3&page_number=2", "This list", "?tracked=1"},
	    {"/status", "All videos", ""},
	};
	struct flow *flow = *state;
	char link[VALUE_SIZE];

	flow_add_query(flow, "rocket launch");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(flow_get(flow, cases[i].page), 200);
		snprintf(link, sizeof(link), "type=\"application/atom+xml\" title=\"%s (Atom)\" href=\"/feeds/videos.atom%s\">",
		         cases[i].title, cases[i].parameters);
		assert_true(flow_body_has(flow, link));
		snprintf(link, sizeof(link),
		         "type=\"application/feed+json\" title=\"%s (JSON Feed)\" href=\"/feeds/videos.json%s\">", cases[i].title,
		         cases[i].parameters);
		assert_true(flow_body_has(flow, link));
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(crawlers_are_kept_from_feeds_and_exports),  CASE(the_icon_is_where_browsers_look_for_it),
	    CASE(the_manifest_names_site_and_icons),         CASE(the_search_description_has_absolute_urls),
	    CASE(links_of_every_head_lead_to_what_they_say), CASE(a_list_names_its_own_feeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
