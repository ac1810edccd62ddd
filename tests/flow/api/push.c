/* The callback of the hub: verification, notifications, and everything that only looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "feed/atom.h"
#include "store/channels/followed.h"
#include "store/matches.h"
#include "store/push/feeds.h"
#include "store/push/notes.h"
#include "store/push/subscriptions.h"
#include "store/queries.h"
#include "store/upkeep/refresh.h"
#include "store/videos.h"
#include "tests/support/flow.h"

#define CHANNEL "UC0123456789012345678901"
#define OTHER_CHANNEL "UCzzzzzzzzzzzzzzzzzzzzzz"
#define TOPIC "https%3A%2F%2Fwww.youtube.com%2Fxml%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D"
#define OTHER_TOPIC "https%3A%2F%2Fwww.youtube.com%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D"
#define HEAD                                                                                                                     \
	"<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" "        \
	"xmlns=\"http://www.w3.org/2005/Atom\">"
#define ENTRY(id, channel) "<entry><yt:videoId>" id "</yt:videoId><yt:channelId>" channel "</yt:channelId></entry>"
#define UPLOAD HEAD ENTRY("newAAAAAAAA", CHANNEL) "</feed>"

/* A followed channel with the videos videoAAAAAE and videoAAAAAI, and the subscription to it. */
static struct subscription subscribe(struct flow *flow)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(subscription_list_clear) struct subscription_list list = {0};
	int64_t query = flow_add_query(flow, "cats");
	struct error err = {0};

	for (int i = 0; i < 2; i++) {
		AUTO(video_clear)
		struct video video = {
		    .published_at = FLOW_NOW - 60 - i, .duration_s = -1, .views = -1, .likes = -1, .comments = -1};
		enum video_saved saved;
		int64_t seq;
		bool added;

		snprintf(video.id, sizeof(video.id), "videoAAAAA%c", i ? 'I' : 'E');
		snprintf(video.channel_id, sizeof(video.channel_id), CHANNEL);
		assert_true(text_copy("cats", &video.title, &err));
		assert_true(store_video_save(store, &video, SOURCE_DETAILS, FLOW_NOW, &saved, &seq, &err));
		assert_true(store_match_save(store, query, seq, FOUND_SEARCH, FLOW_NOW, &added, &err));
		assert_true(store_follow(store, query, seq, FLOW_NOW, &err));
	}
	assert_true(store_subscriptions_follow(store, "https://example.org", 5, FLOW_NOW, &err));
	assert_true(store_subscriptions_due(store, FLOW_NOW, 5, &list, &err));
	assert_int_equal(list.count, 1);
	assert_true(store_subscription_asked(store, list.items[0].channel, FLOW_NOW, FLOW_NOW + 3600, &err));
	return list.items[0];
}

static int verify(struct flow *flow, const char *token, const char *parameters)
{
	char url[512];

	snprintf(url, sizeof(url), "/push/%s?%s", token, parameters);
	return flow_get(flow, url);
}

/* Posts BODY, with SIGNATURE as its header (NULL = none). */
static int post(struct flow *flow, const char *token, const char *body, const char *signature)
{
	char url[128];

	snprintf(url, sizeof(url), "/push/%s", token);
	flow_set(flow, "HTTP_X_HUB_SIGNATURE", signature);
	return flow_request_as(flow, "POST", url, body, "application/atom+xml; charset=UTF-8");
}

static int post_signed(struct flow *flow, const struct subscription *subscription, const char *body)
{
	char signature[64] = "sha1=";

	crypto_hmac_sha1(subscription->secret, body, strlen(body), signature + 5);
	return post(flow, subscription->token, body, signature);
}

static size_t count_notes(struct flow *flow)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(text_list_clear) struct text_list ids = {0};
	struct error err;

	assert_true(store_notes_due(store, FLOW_NOW, NOTES_MAX, &ids, &err));
	return ids.count;
}

static int64_t count_alive(struct flow *flow, int64_t now)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	int64_t wanted, alive;
	struct error err;

	assert_true(store_subscriptions_count(store, now, &wanted, &alive, &err));
	return alive;
}

/* ---- verification ---- */

static void the_challenge_of_what_was_asked_for_is_answered(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	assert_int_equal(verify(flow, subscription.token,
	                        "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=abc-12&hub.lease_seconds=432000"),
	                 200);
	assert_string_equal(flow_body(flow), "abc-12");
	assert_true(flow_header_has(flow, "Content-Type: text/plain"));
	assert_true(flow_header_has(flow, "no-store"));
	assert_int_equal(count_alive(flow, FLOW_NOW + 432000 - 1), 1);
	assert_int_equal(count_alive(flow, FLOW_NOW + 432000), 0);
	/* A renewal, with the other form of the topic; a lease that nobody gives is one of five days. */
	flow->time.now += 86400;
	assert_int_equal(verify(flow, subscription.token,
	                        "hub.mode=subscribe&hub.topic=" OTHER_TOPIC CHANNEL
	                        "&hub.challenge=x&hub.lease_seconds=-7&more=1"),
	                 200);
	assert_int_equal(count_alive(flow, FLOW_NOW + 86400 + 432000 - 1), 1);
	assert_int_equal(count_alive(flow, FLOW_NOW + 86400 + 432000), 0);
}

static void what_was_not_asked_for_is_not_there(void **state)
{
	static const char *const others[] = {
	    "",
	    "hub.mode=subscribe",
	    "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL,
	    "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=",
	    "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=a%0Ab",
	    "hub.mode=subscribe&hub.topic=" TOPIC OTHER_CHANNEL "&hub.challenge=x",
	    "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "1&hub.challenge=x",
	    "hub.mode=subscribe&hub.challenge=x",
	    "hub.mode=unsubscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x",
	    "hub.mode=denied&hub.topic=" TOPIC OTHER_CHANNEL,
	    "hub.mode=denied",
	    "hub.topic=" TOPIC CHANNEL "&hub.challenge=x",
	};
	static const char *const tokens[] = {"0", "0123456789abcdef0123456789abcdef", "..", "0123456789ABCDEF0123456789ABCDEF"};
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_in_range(verify(flow, subscription.token, others[i]), 400, 404);
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		assert_int_equal(verify(flow, tokens[i], "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 404);
		assert_int_equal(post(flow, tokens[i], UPLOAD, NULL), 404);
	}
	assert_int_equal(count_alive(flow, FLOW_NOW), 0);
}

static void a_subscription_that_the_hub_was_not_asked_for_yet_is_not_verified(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	/* Another address: the hub has to be asked anew. */
	assert_true(store_subscriptions_follow(store, "https://example.net", 5, FLOW_NOW, &err));
	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 404);
	assert_int_equal(count_alive(flow, FLOW_NOW), 0);
}

static void the_end_of_a_subscription_is_verified(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 200);
	assert_true(store_followed_end(store, subscription.channel, &err));
	assert_true(store_subscriptions_follow(store, "https://example.org", 5, FLOW_NOW, &err));
	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 404);
	assert_int_equal(verify(flow, subscription.token, "hub.mode=unsubscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"),
	                 200);
	assert_int_equal(verify(flow, subscription.token, "hub.mode=unsubscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"),
	                 404);
}

/* ---- denial ---- */

struct denied {
	int64_t count;
	char reason[DENIED_REASON_SIZE];
	int64_t due; /* subscriptions for which the hub is to be asked */
};

static struct denied read_denied(struct flow *flow, int64_t now)
{
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(subscription_list_clear) struct subscription_list list = {0};
	struct denied denied = {0};
	struct error err;

	assert_true(store_subscriptions_denied(store, &denied.count, denied.reason, &err));
	assert_true(store_subscriptions_due(store, now, 5, &list, &err));
	denied.due = (int64_t)list.count;
	return denied;
}

/* Also one that was accepted before (section 5.2). */
static void a_denied_subscription_is_over_and_asked_for_again_later(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 200);
	assert_int_equal(count_alive(flow, FLOW_NOW), 1);
	assert_int_equal(verify(flow, subscription.token, "hub.mode=denied&hub.topic=" TOPIC CHANNEL "&hub.reason=too+many"),
	                 204);
	assert_string_equal(flow_body(flow), "");
	assert_int_equal(count_alive(flow, FLOW_NOW), 0);
	struct denied denied = read_denied(flow, FLOW_NOW + 86399);
	assert_int_equal(denied.count, 1);
	assert_string_equal(denied.reason, "too many");
	assert_int_equal(denied.due, 0);
	/* The same message once more is nothing new. */
	assert_int_equal(verify(flow, subscription.token, "hub.mode=denied&hub.topic=" OTHER_TOPIC CHANNEL), 204);
	denied = read_denied(flow, FLOW_NOW + 86400);
	assert_string_equal(denied.reason, "too many");
	assert_int_equal(denied.due, 1);
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_non_null(strstr(flow_body(flow), "\"denied\":1,\"denied_reason\":\"too many\""));
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_non_null(strstr(flow_body(flow), "1 denied by the hub"));
}

static void each_denial_waits_longer_until_the_hub_agrees(void **state)
{
	static const int days[] = {1, 2, 4, 8, 16, 16};
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int64_t now = FLOW_NOW + (int64_t)i * 100 * 86400;

		flow->time.now = now;
		assert_true(store_subscription_asked(store, subscription.channel, now, now + 3600, &err));
		assert_int_equal(verify(flow, subscription.token, "hub.mode=denied&hub.topic=" TOPIC CHANNEL "&hub.reason=%01"),
		                 204);
		assert_int_equal(read_denied(flow, now + days[i] * 86400 - 1).due, 0);
		assert_int_equal(read_denied(flow, now + days[i] * 86400).due, 1);
	}
	assert_string_equal(read_denied(flow, FLOW_NOW).reason, "");
	assert_true(store_subscription_asked(store, subscription.channel, flow->time.now, flow->time.now + 3600, &err));
	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 200);
	assert_int_equal(read_denied(flow, FLOW_NOW).count, 0);
}

static void a_denied_end_is_an_end(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	struct error err;

	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 200);
	assert_true(store_followed_end(store, subscription.channel, &err));
	assert_true(store_subscriptions_follow(store, "https://example.org", 5, FLOW_NOW, &err));
	assert_int_equal(verify(flow, subscription.token, "hub.mode=denied&hub.topic=" TOPIC CHANNEL), 204);
	assert_int_equal(verify(flow, subscription.token, "hub.mode=denied&hub.topic=" TOPIC CHANNEL), 404);
}

/* ---- notifications ---- */

static void a_signed_upload_is_noted_once(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	assert_int_equal(post_signed(flow, &subscription, UPLOAD), 204);
	assert_string_equal(flow_body(flow), "");
	assert_int_equal(post_signed(flow, &subscription, UPLOAD), 204);
	assert_int_equal(count_notes(flow), 1);
}

static void what_is_not_signed_by_the_hub_changes_nothing(void **state)
{
	static const char *const signatures[] = {NULL,        "", "sha1=", "sha1=0000000000000000000000000000000000000000",
	                                         "sha256=00", "x"};
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	char good[64] = "sha1=";

	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
		assert_int_equal(post(flow, subscription.token, UPLOAD, signatures[i]), 204);
	crypto_hmac_sha1("another secret", UPLOAD, strlen(UPLOAD), good + 5);
	assert_int_equal(post(flow, subscription.token, UPLOAD, good), 204);
	/* The right signature of another body. */
	crypto_hmac_sha1(subscription.secret, UPLOAD, strlen(UPLOAD), good + 5);
	assert_int_equal(post(flow, subscription.token, HEAD ENTRY("newAAAAAAAE", CHANNEL) "</feed>", good), 204);
	assert_int_equal(count_notes(flow), 0);
}

static void a_signed_body_that_is_no_feed_is_ignored(void **state)
{
	static const char *const bodies[] = {"x",
	                                     "<feed/>",
	                                     HEAD,
	                                     "<!DOCTYPE feed [<!ENTITY a 'b'>]><feed>&a;</feed>",
	                                     HEAD ENTRY("newAAAAAAAA", OTHER_CHANNEL) "</feed>",
	                                     HEAD "<entry><yt:videoId>newAAAAAAAA</yt:videoId></entry></feed>"};
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_int_equal(post_signed(flow, &subscription, bodies[i]), 204);
	assert_int_equal(post(flow, subscription.token, "", NULL), 204);
	assert_int_equal(count_notes(flow), 0);
}

static void other_bodies_are_refused(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(buf_clear) struct buf large = BUF(2 * REQUEST_BODY_MAX);
	char url[128];

	snprintf(url, sizeof(url), "/push/%s", subscription.token);
	assert_int_equal(flow_request_as(flow, "POST", url, "x", "text/plain"), 400);
	for (int i = 0; i < REQUEST_BODY_MAX + 1; i++)
		buf_add_char(&large, ' ');
	assert_int_equal(post(flow, subscription.token, buf_text(&large), NULL), 413);
}

static void a_flood_of_signed_ids_fills_a_bounded_table(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);

	for (int i = 0; i < NOTES_MAX / FEED_ENTRIES_MAX + 3; i++) {
		AUTO(buf_clear) struct buf body = BUF(REQUEST_BODY_MAX);

		buf_add_text(&body, HEAD);
		for (int k = 0; k < FEED_ENTRIES_MAX; k++)
			buf_printf(&body,
			           "<entry><yt:videoId>n%05d%04dA</yt:videoId><yt:channelId>" CHANNEL "</yt:channelId></entry>",
			           i, k);
		buf_add_text(&body, "</feed>");
		assert_int_equal(post_signed(flow, &subscription, buf_text(&body)), 204);
	}
	assert_int_equal(count_notes(flow), NOTES_MAX);
}

/* It may be private for a while, or the hub be wrong: it is looked up with the next ones, and stays until then. */
static void a_tombstone_has_the_video_looked_up_and_deletes_nothing(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(text_list_clear) struct text_list before = {0};
	AUTO(text_list_clear) struct text_list after = {0};
	AUTO(video_clear) struct video video = {0};
	struct error err;

	assert_true(store_refresh_next(store, FLOW_NOW + 60, 0, 50, &before, &err));
	assert_int_equal(before.count, 0);
	assert_int_equal(post_signed(flow, &subscription,
	                             HEAD "<at:deleted-entry ref=\"yt:video:videoAAAAAE\" when=\"2026-11-22T10:00:00+00:00\"/>"
	                                  "<at:deleted-entry ref=\"yt:video:unknownAAAA\"/></feed>"),
	                 204);
	assert_true(store_refresh_next(store, FLOW_NOW + 60, 0, 50, &after, &err));
	assert_int_equal(after.count, 1);
	assert_string_equal(after.items[0], "videoAAAAAE");
	assert_true(store_video_get(store, "videoAAAAAE", &video, &err));
	assert_int_equal(count_notes(flow), 0);
}

/* What is found for visitors' requests stays out of it. */
static void the_status_says_what_push_brings(void **state)
{
	struct flow *flow = *state;
	struct subscription subscription = subscribe(flow);
	AUTO(store_close) struct store *store = flow_open(flow);
	AUTO(video_clear) struct video video = {0};
	enum query_added added;
	struct error err;
	int64_t wish, query;
	bool fresh;

	assert_true(store_video_get(store, "videoAAAAAE", &video, &err));
	assert_true(store_query_add(store, "a wish", ORIGIN_VISITOR, 8, FLOW_NOW, &wish, &added, &err));
	assert_true(store_match_save(store, wish, video.seq, FOUND_SEARCH, FLOW_NOW, &fresh, &err));
	assert_true(store_query_add(store, "dogs", ORIGIN_OWNER, 0, FLOW_NOW, &query, &added, &err));
	assert_true(store_match_save(store, query, video.seq, FOUND_PUSH, FLOW_NOW, &fresh, &err));
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_true(flow_body_has(flow, "\"found\":{\"search\":2,\"channel\":0,\"push\":1,\"import\":0,\"rss\":0}"));
	assert_true(
	    flow_body_has(flow,
	                  "\"push\":{\"channels\":1,\"subscriptions\":0,\"denied\":0,\"denied_reason\":null,\"error\":null}"));
	assert_true(store_host_failed(store, HOST_HUB, FLOW_NOW + 60, "status 503", &err));
	assert_int_equal(verify(flow, subscription.token, "hub.mode=subscribe&hub.topic=" TOPIC CHANNEL "&hub.challenge=x"), 200);
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_true(flow_body_has(
	    flow, "\"push\":{\"channels\":1,\"subscriptions\":1,\"denied\":0,\"denied_reason\":null,\"error\":\"status 503\"}"));
	assert_int_equal(flow_get(flow, "/status"), 200);
	assert_true(flow_body_has(flow, "1 of 1 channel, 33 % of new videos; hub failing"));
	/* After a week it no longer counts. */
	flow->time.now += 8 * 86400;
	assert_int_equal(flow_get(flow, "/api/status"), 200);
	assert_true(flow_body_has(flow, "\"found\":{\"search\":0,\"channel\":0,\"push\":0,\"import\":0,\"rss\":0}"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_challenge_of_what_was_asked_for_is_answered),
	    CASE(what_was_not_asked_for_is_not_there),
	    CASE(a_subscription_that_the_hub_was_not_asked_for_yet_is_not_verified),
	    CASE(the_end_of_a_subscription_is_verified),
	    CASE(a_denied_subscription_is_over_and_asked_for_again_later),
	    CASE(each_denial_waits_longer_until_the_hub_agrees),
	    CASE(a_denied_end_is_an_end),
	    CASE(a_signed_upload_is_noted_once),
	    CASE(what_is_not_signed_by_the_hub_changes_nothing),
	    CASE(a_signed_body_that_is_no_feed_is_ignored),
	    CASE(other_bodies_are_refused),
	    CASE(a_flood_of_signed_ids_fills_a_bounded_table),
	    CASE(a_tombstone_has_the_video_looked_up_and_deletes_nothing),
	    CASE(the_status_says_what_push_brings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
