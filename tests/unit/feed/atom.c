#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "feed/atom.h"
#include "feed/topic.h"
#include "tests/support/recorded.h"

#define HEAD                                                                                                                     \
	"<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" "                    \
	"xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xmlns=\"http://www.w3.org/2005/Atom\">"
#define ENTRY(id, channel)                                                                                                       \
	"<entry><id>yt:video:" id "</id><yt:videoId>" id "</yt:videoId><yt:channelId>" channel "</yt:channelId>"                 \
	"<title>a &amp; b</title><published>2020-11-06T08:12:45+00:00</published></entry>"
#define CHANNEL "UCt4t-jeY85JegMlZ-E5UWtA"

static struct feed parse(const char *text)
{
	struct feed feed = {0};
	struct error err = {0};

	if (!feed_parse(text, strlen(text), &feed, &err))
		fail_msg("%s", err.text);
	return feed;
}

static void assert_refused(const char *bytes, size_t len)
{
	struct feed feed = {.count = 77};
	struct error err = {0};

	assert_false(feed_parse(bytes, len, &feed, &err));
	assert_int_equal(err.code, ERR_UPSTREAM);
	assert_true(err.text[0] != '\0');
	assert_int_equal(feed.count, 77);
}

static void an_upload_is_read(void **state)
{
	struct feed feed = parse(HEAD ENTRY("zg40FHOAqC0", CHANNEL) "</feed>");

	(void)state;
	assert_int_equal(feed.count, 1);
	assert_string_equal(feed.entries[0].video_id, "zg40FHOAqC0");
	assert_string_equal(feed.entries[0].channel_id, CHANNEL);
	assert_int_equal(feed.entries[0].published_at, 1604650365);
	assert_false(feed.entries[0].gone);
}

static void a_tombstone_is_read(void **state)
{
	struct feed feed = parse(HEAD "<at:deleted-entry ref=\"yt:video:zg40FHOAqC0\" when=\"2024-09-09T22:34:19.642702+00:00\">"
	                              "<at:by><name>a</name><uri>https://www.youtube.com/channel/x</uri></at:by>"
	                              "</at:deleted-entry></feed>");

	(void)state;
	assert_int_equal(feed.count, 1);
	assert_string_equal(feed.entries[0].video_id, "zg40FHOAqC0");
	assert_string_equal(feed.entries[0].channel_id, "");
	assert_true(feed.entries[0].gone);
}

/* Ids outside of entries, of another namespace, deeper down, or of no id's form. */
static void only_good_entries_count(void **state)
{
	static const char *const none[] = {
	    "<yt:videoId>zg40FHOAqC0</yt:videoId>",
	    "<entry><videoId>zg40FHOAqC0</videoId></entry>",
	    "<entry><a><yt:videoId>zg40FHOAqC0</yt:videoId></a></entry>",
	    "<yt:entry><yt:videoId>zg40FHOAqC0</yt:videoId></yt:entry>",
	    "<entry><yt:videoId>zg40FHOAqC0zg40FHOAqC0</yt:videoId></entry>",
	    "<entry><yt:videoId>../../../et</yt:videoId></entry>",
	    "<entry><yt:videoId/></entry>",
	    "<deleted-entry ref=\"yt:video:zg40FHOAqC0\"/>",
	    "<at:deleted-entry ref=\"zg40FHOAqC0\"/>",
	    "<at:deleted-entry/>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		AUTO(buf_clear) struct buf text = BUF(4096);

		buf_printf(&text, HEAD "%s" ENTRY("aaaaaaaaaaA", CHANNEL) "</feed>", none[i]);
		struct feed feed = parse(buf_text(&text));
		assert_int_equal(feed.count, 1);
		assert_string_equal(feed.entries[0].video_id, "aaaaaaaaaaA");
	}
}

static void an_entry_keeps_nothing_of_the_one_before(void **state)
{
	struct feed feed = parse(HEAD ENTRY("zg40FHOAqC0", CHANNEL) "<entry><yt:videoId>aaaaaaaaaaA</yt:videoId></entry></feed>");

	(void)state;
	assert_int_equal(feed.count, 2);
	assert_string_equal(feed.entries[1].channel_id, "");
	assert_int_equal(feed.entries[1].published_at, 0);
}

static void more_entries_than_there_is_room_for_are_left_out(void **state)
{
	AUTO(buf_clear) struct buf text = BUF(256 * 1024);

	(void)state;
	buf_add_text(&text, HEAD);
	for (int i = 0; i < FEED_ENTRIES_MAX + 5; i++)
		buf_add_text(&text, ENTRY("zg40FHOAqC0", CHANNEL));
	buf_add_text(&text, "</feed>");
	assert_int_equal(parse(buf_text(&text)).count, FEED_ENTRIES_MAX);
}

static void what_is_no_feed_is_refused(void **state)
{
	static const char *const bad[] = {
	    "",
	    "hello",
	    "{}",
	    "<html><body>404</body></html>",
	    "<feed/>",
	    HEAD,
	    HEAD ENTRY("zg40FHOAqC0", CHANNEL),
	    HEAD "</feed><feed/>",
	    HEAD "<entry></feed></entry>",
	    HEAD "&unknown;</feed>",
	    HEAD "<x:entry/></feed>",
	    HEAD "\xFF\xFE</feed>",
	    HEAD "\xC0\xAF</feed>",
	    HEAD "\xED\xA0\x80</feed>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i], strlen(bad[i]));
	static const char nul[] = HEAD "\0</feed>";
	assert_refused(nul, sizeof(nul) - 1);
}

/* A billion laughs, a long entity, one from a file and one from elsewhere: it ends at the document type, before any is read. */
static void entities_of_their_own_are_refused(void **state)
{
	static const char laughs[] = "<!DOCTYPE feed [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "
				     "'&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
				     "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]>"
				     "<feed xmlns='http://www.w3.org/2005/Atom'>&e;</feed>";
	static const char *const bombs[] = {
	    laughs,
	    "<!DOCTYPE feed [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><feed xmlns='http://www.w3.org/2005/Atom'>&a;</feed>",
	    "<!DOCTYPE feed [<!ENTITY % a SYSTEM 'http://127.0.0.1:1/x.dtd'> %a;]><feed xmlns='http://www.w3.org/2005/Atom'/>",
	    "<!DOCTYPE feed SYSTEM 'http://127.0.0.1:1/x.dtd'><feed xmlns='http://www.w3.org/2005/Atom'/>",
	    "<!DOCTYPE feed><feed xmlns='http://www.w3.org/2005/Atom'/>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		struct feed feed = {0};
		struct error err = {0};

		assert_false(feed_parse(bombs[i], strlen(bombs[i]), &feed, &err));
		assert_non_null(strstr(err.text, "document type"));
	}
}

static void deep_nesting_is_refused(void **state)
{
	AUTO(buf_clear) struct buf text = BUF(1024 * 1024);

	(void)state;
	buf_add_text(&text, HEAD);
	for (int i = 0; i < 100000; i++)
		buf_add_text(&text, "<a>");
	assert_refused(buf_text(&text), text.len);
}

static void recorded_feeds_are_read(void **state)
{
	static const struct {
		const char *name;
		size_t entries;
	} files[] = {{"rss-01-kurzgesagt-2026.xml", 15}, {"rss-03-digital-foundry-2025.xml", 15}, {"websub-01-upload.xml", 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		AUTO(buf_clear) struct buf body = BUF(1024 * 1024);
		struct feed feed;
		struct error err;

		if (!recorded_read(files[i].name, &body))
			continue;
		assert_true(feed_parse(buf_text(&body), body.len, &feed, &err));
		assert_int_equal(feed.count, files[i].entries);
		for (size_t k = 0; k < feed.count; k++) {
			assert_true(feed.entries[k].published_at > 0);
			assert_true(strncmp(feed.entries[k].channel_id, "UC", 2) == 0);
		}
	}
}

static void a_topic_is_known_in_both_forms(void **state)
{
	char topic[TOPIC_SIZE];

	(void)state;
	topic_of(CHANNEL, topic);
	assert_true(topic_is_of(topic, CHANNEL));
	assert_true(topic_is_of("https://www.youtube.com/feeds/videos.xml?channel_id=" CHANNEL, CHANNEL));
	assert_false(topic_is_of("https://www.youtube.com/feeds/videos.xml?channel_id=" CHANNEL "x", CHANNEL));
	assert_false(topic_is_of("https://www.youtube.com/feeds/videos.xml?channel_id=", CHANNEL));
	assert_false(topic_is_of("https://example.org/feeds/videos.xml?channel_id=" CHANNEL, CHANNEL));
	assert_false(topic_is_of("", CHANNEL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_upload_is_read),
	    cmocka_unit_test(a_tombstone_is_read),
	    cmocka_unit_test(only_good_entries_count),
	    cmocka_unit_test(an_entry_keeps_nothing_of_the_one_before),
	    cmocka_unit_test(more_entries_than_there_is_room_for_are_left_out),
	    cmocka_unit_test(what_is_no_feed_is_refused),
	    cmocka_unit_test(entities_of_their_own_are_refused),
	    cmocka_unit_test(deep_nesting_is_refused),
	    cmocka_unit_test(recorded_feeds_are_read),
	    cmocka_unit_test(a_topic_is_known_in_both_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
