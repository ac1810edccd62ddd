/* Feeds of followed channels, read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cron/push/feeds.h"
#include "store/channels/followed.h"
#include "tests/support/run_fixture.h"
#include "tests/support/store_fixture.h"

#define CHANNEL "UC0123456789012345678901"
#define ENTRY(id, published)                                                                                                     \
	"<entry><yt:videoId>" id "</yt:videoId><yt:channelId>" CHANNEL "</yt:channelId><published>" published                    \
	"</published></entry>"

static const char feed[] = "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\""
			   " xmlns=\"http://www.w3.org/2005/Atom\">" ENTRY("laterAAAAAA", "2026-11-22T10:05:00+00:00")
			       ENTRY("beforeAAAAA", "2026-11-22T09:00:00+00:00") "</feed>";

static int64_t noted_as(struct run_fixture *f, const char *id)
{
	char sql[100];

	snprintf(sql, sizeof(sql), "SELECT backfill FROM noted_video WHERE id = '%s'", id);
	return fixture_number(f->store, sql);
}

/* It is followed from FIXTURE_NOW on, 10:00. */
static void what_a_channel_had_before_it_was_followed_is_no_news(void **state)
{
	static char rss_url[] = "http://127.0.0.1/feeds/videos.xml";
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "cats");
	struct error err;

	for (int i = 0; i < 2; i++) {
		const char *id = i ? "videoAAAAAA" : "videoAAAAAE";
		int64_t seq = fixture_save(f->store, id, "cats", "", "Channel", FIXTURE_NOW - i, SOURCE_DETAILS);

		fixture_match(f->store, query, seq);
		assert_true(store_follow(f->store, query, seq, FIXTURE_NOW, &err));
	}
	f->config.rss = 1;
	f->config.rss_url = rss_url;
	f->time.now += 600;
	f->answers.answers[0] = (struct scripted_answer){.status = 200, .body = feed};
	f->answers.answer_count = 1;
	assert_true(feeds_read(&f->run, &err));
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM noted_video"), 2);
	assert_int_equal(noted_as(f, "beforeAAAAA"), 1);
	assert_int_equal(noted_as(f, "laterAAAAAA"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_a_channel_had_before_it_was_followed_is_no_news, run_fixture_set_up,
	                                    run_fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
