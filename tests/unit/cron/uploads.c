#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cron/uploads.h"
#include "store/alerts/outbox.h"
#include "store/queries.h"
#include "tests/support/alerts.h"
#include "tests/support/run_fixture.h"
#include "tests/support/stage.h"
#include "tests/support/store_fixture.h"

#define CHANNEL "UC0123456789012345678901"

#define UPLOAD(id, title, published)                                                                                             \
	"{\"snippet\":{\"title\":\"" title "\",\"description\":\"\",\"channelId\":\"" CHANNEL                                    \
	"\",\"channelTitle\":\"NASA\",\"resourceId\":{\"videoId\":\"" id                                                         \
	"\"}},\"contentDetails\":{\"videoPublishedAt\":\"" published "\"}}"
#define LIST(etag, items) "{\"kind\":\"youtube#playlistItemListResponse\",\"etag\":\"" etag "\",\"items\":[" items "]}"

static const char uploads[] =
    LIST("e1", UPLOAD("aaaaaaaaaaI", "Rocket launch",
                      "2026-11-22T09:00:00Z") "," UPLOAD("aaaaaaaaaaM", "Moon",
                                                         "2026-11-22T08:00:00Z") "," UPLOAD("aaaaaaaaaaQ", "A rocket of 2024",
                                                                                            "2024-11-22T08:00:00Z"));
static const char old_uploads[] = LIST("e2", UPLOAD("aaaaaaaaaaQ", "A rocket of 2024", "2024-11-22T08:00:00Z"));
static const char not_found[] = "{\"error\":{\"code\":404,\"errors\":[{\"reason\":\"playlistNotFound\"}]}}";

/* A query that follows the channel. */
static int64_t follow(struct run_fixture *f)
{
	static const char *const ids[] = {"aaaaaaaaaaA", "aaaaaaaaaaE"};
	int64_t query = fixture_query(f->store, "rocket");
	struct error err;

	for (int i = 0; i < 2; i++) {
		int64_t seq = fixture_save(f->store, ids[i], "Rocket", "", "NASA", FIXTURE_NOW - 7200, SOURCE_SEARCH);

		fixture_match(f->store, query, seq);
		assert_true(store_follow(f->store, query, seq, FIXTURE_NOW, &err));
	}
	return query;
}

/* The only channel that is followed, a zero one when none is. */
static struct followed_channel followed(struct run_fixture *f)
{
	AUTO(followed_list_clear) struct followed_list list = {0};
	struct error err;

	assert_true(store_followed_list(f->store, &list, &err));
	assert_in_range(list.count, 0, 1);
	return list.count ? list.items[0] : (struct followed_channel){0};
}

/* Reads its list in another run, answered so. */
static void read_list(struct run_fixture *f, int status, const char *body)
{
	struct followed_channel channel = followed(f);
	struct error err;

	f->answers = (struct scripted){.answers = {{.status = status, .body = body}}, .answer_count = 1};
	f->run.uploads_over = false;
	fetch_run_clear(&f->run);
	assert_true(uploads_read(&f->run, &channel, &err));
	fixture_check(f->store);
}

static struct query load(struct run_fixture *f, int64_t id)
{
	struct query query = {0};
	struct error err;

	assert_true(store_query_get(f->store, id, FIXTURE_NOW, &query, &err));
	return query;
}

static void uploads_that_match_are_recorded(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);

	read_list(f, 200, uploads);
	assert_int_equal(fixture_count(f->store, NULL, query), 3); /* not what is from before its time, */
	assert_int_equal(fixture_count(f->store, NULL, 0), 3);     /* and nothing else */
	assert_int_equal(fixture_number(f->store, "SELECT how FROM match WHERE seq = (SELECT seq FROM video WHERE id = "
	                                          "'aaaaaaaaaaI')"),
	                 FOUND_CHANNEL);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM coverage"), 0); /* a list covers nothing */
	AUTO(query_clear) struct query after = load(f, query);
	assert_int_equal(after.covered_until, 0);
	assert_int_equal(after.succeeded_at, 0);
	struct followed_channel channel = followed(f);
	assert_int_equal(channel.read_at, FIXTURE_NOW);
	assert_int_equal(channel.newest_at, FIXTURE_NOW - 3600);
	assert_string_equal(channel.etag, "e1");
	assert_int_equal(f->run.client.made[BUCKET_UNITS], 1);
	assert_int_equal(f->result.failures, 0);
}

static void an_unchanged_list_costs_a_unit_and_nothing_else(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);

	read_list(f, 200, uploads);
	f->time.now += SECONDS_PER_DAY;
	double rate = 0;
	struct followed_channel channel = followed(f);
	rate = followed_channel_rate(&channel);
	read_list(f, 304, "");
	assert_int_equal(f->run.client.made[BUCKET_UNITS], 2);
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	channel = followed(f);
	assert_int_equal(channel.read_at, FIXTURE_NOW + SECONDS_PER_DAY);
	assert_true(followed_channel_rate(&channel) < rate);
	assert_int_equal(f->result.failures, 0);
}

static void a_channel_that_is_gone_ends_without_a_failure(void **state)
{
	struct run_fixture *f = *state;

	follow(f);
	read_list(f, 404, not_found);
	assert_int_equal(followed(f).id, 0);
	assert_int_equal(f->result.failures, 0);
	assert_false(f->run.uploads_over);
	assert_int_equal(f->answers.calls, 1);
	assert_int_equal(fixture_number(f->store, "SELECT health FROM api_key"), KEY_OK);
}

static void a_channel_that_is_closed_or_suspended_ends_as_well(void **state)
{
	static const char *const bodies[] = {"{\"error\":{\"errors\":[{\"reason\":\"channelClosed\"}]}}",
	                                     "{\"error\":{\"errors\":[{\"reason\":\"channelSuspended\"}],"
	                                     "\"message\":\"The channel has been suspended\"}}",
	                                     "{\"error\":{\"errors\":[{\"reason\":\"playlistItemsNotAccessible\"}]}}"};
	struct run_fixture *f = *state;

	for (size_t i = 0; i < 3; i++) {
		struct error err;

		follow(f);
		assert_true(store_follow(f->store, 1, fixture_number(f->store, "SELECT min(seq) FROM match"), FIXTURE_NOW, &err));
		assert_int_not_equal(followed(f).id, 0);
		read_list(f, 403, bodies[i]);
		assert_int_equal(followed(f).id, 0);
	}
	assert_int_equal(f->result.failures, 0);
	assert_int_equal(fixture_number(f->store, "SELECT health FROM api_key"), KEY_OK);
}

static void forty_five_silent_days_end_it(void **state)
{
	struct run_fixture *f = *state;

	follow(f);
	read_list(f, 200, old_uploads);
	assert_int_equal(followed(f).id, 0);
}

static void a_fault_is_noted_and_other_lists_wait(void **state)
{
	struct run_fixture *f = *state;

	follow(f);
	read_list(f, 500, "");
	assert_int_equal(f->result.failures, 1);
	assert_true(f->run.uploads_over);
	struct followed_channel channel = followed(f);
	assert_int_equal(channel.failures, 1);
	assert_int_equal(channel.read_at, 0);
	assert_in_range(channel.tried_at, FIXTURE_NOW, FIXTURE_NOW + 60);
	read_list(f, 200, uploads);
	assert_int_equal(followed(f).failures, 0);
}

static void one_odd_item_does_not_undo_the_others(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);

	read_list(f, 200,
	          LIST("e1", "7,{}," UPLOAD("aaaaaaaaaaI", "", "2026-11-22T09:00:00Z") "," UPLOAD("aaaaaaaaaaM", "Rocket",
	                                                                                          "2026-11-22T09:00:00Z")));
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	assert_int_equal(f->result.skipped, 2);
}

/* ---- lists of several pages ---- */

#define PAGE(etag, token, items)                                                                                                 \
	"{\"kind\":\"youtube#playlistItemListResponse\",\"etag\":\"" etag "\",\"nextPageToken\":\"" token "\",\"items\":[" items \
	"]}"

static const char first_page[] = PAGE("e9", "second", UPLOAD("aaaaaaaaaaI", "Rocket three", "2026-11-22T09:00:00Z"));
static const char second_page[] = PAGE("e7", "third", UPLOAD("aaaaaaaaaaM", "Rocket two", "2026-11-22T08:00:00Z"));
static const char last_page[] = LIST("e8", UPLOAD("aaaaaaaaaaQ", "Rocket one", "2026-11-22T07:00:00Z"));

static void a_newly_followed_channel_is_read_to_where_its_query_begins(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);
	struct followed_channel channel = followed(f);
	struct error err;

	f->answers = (struct scripted){.answers = {{.status = 200, .body = first_page},
	                                           {.status = 200, .body = second_page},
	                                           {.status = 200, .body = last_page}},
	                               .answer_count = 3};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_non_null(strstr(f->answers.urls[1], "&pageToken=second"));
	assert_int_equal(f->run.client.made[BUCKET_UNITS], 3);
	assert_int_equal(fixture_count(f->store, NULL, query), 5);
	assert_string_equal(followed(f).etag, "e9");
	/* What is known is not read again. */
	read_list(f, 200, first_page);
	assert_int_equal(f->answers.calls, 1);
}

/* What was read before a page that failed is there, and the list is read again from its beginning. */
static void a_page_that_fails_leaves_the_list_unread(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);
	struct followed_channel channel = followed(f);
	struct error err;

	f->answers =
	    (struct scripted){.answers = {{.status = 200, .body = first_page}, {.status = 500, .body = ""}}, .answer_count = 2};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	assert_int_equal(f->result.failures, 1);
	channel = followed(f);
	assert_int_equal(channel.read_at, 0);
	assert_int_equal(channel.failures, 1);
	assert_string_equal(channel.etag, "");
}

/* What a channel had before it was followed is no news for alerts, however many readings it takes. */
static void a_first_reading_in_two_parts_is_no_news(void **state)
{
	struct run_fixture *f = *state;
	int64_t before, last;
	struct error err;

	alerts_add_rule(f->store, "", 1, FIXTURE_NOW);
	int64_t query = follow(f);
	struct followed_channel channel = followed(f);
	assert_true(store_recorded_last(f->store, &before, &err));
	f->answers =
	    (struct scripted){.answers = {{.status = 200, .body = first_page}, {.status = 500, .body = ""}}, .answer_count = 2};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	assert_true(store_recorded_last(f->store, &last, &err));
	assert_true(last > before);
	assert_int_equal(fixture_number(f->store, "SELECT after FROM backfill"), before);
	assert_int_equal(fixture_number(f->store, "SELECT until FROM backfill"), last);
	/* Its end; what comes later is news. */
	read_list(f, 200, last_page);
	assert_true(store_recorded_last(f->store, &last, &err));
	assert_int_equal(fixture_number(f->store, "SELECT until FROM backfill"), last);
	read_list(f, 200, uploads);
	assert_int_equal(fixture_number(f->store, "SELECT until FROM backfill"), last);
}

static void without_quota_for_a_page_the_list_is_left_unread(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = follow(f);
	struct followed_channel channel = followed(f);
	struct error err;

	f->run.client.quota.per_day[BUCKET_UNITS] = 1;
	f->answers = (struct scripted){.answers = {{.status = 200, .body = first_page}}, .answer_count = 1};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	assert_int_equal(f->result.failures, 0);
	assert_true(f->run.units_over);
	assert_int_equal(followed(f).read_at, 0);
}

static void a_list_without_end_is_left_after_ten_pages(void **state)
{
	struct run_fixture *f = *state;
	struct followed_channel channel;
	struct error err;

	follow(f);
	channel = followed(f);
	f->answers = (struct scripted){.answers = {{.status = 200, .body = first_page}}, .answer_count = 1};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(f->run.client.made[BUCKET_UNITS], 10);
	assert_int_equal(followed(f).read_at, f->time.now);
}

static void the_record_of_a_source_begins_with_a_page(void **state)
{
	struct run_fixture *f = *state;
	struct error err;

	fixture_query(f->store, CHANNEL);
	assert_true(uploads_resolve_sources(&f->run, &err));
	read_list(f, 200, first_page);
	assert_int_equal(f->answers.calls, 1);
	/* Later more than a page is read down to what is known. */
	f->time.now += SECONDS_PER_DAY;
	f->run.client.deadline = f->time.now + 60;
	struct followed_channel channel = followed(f);
	f->answers =
	    (struct scripted){.answers = {{.status = 200,
	                                   .body = PAGE("e6", "second", UPLOAD("aaaaaaaaaaU", "Burst", "2026-11-23T09:00:00Z"))},
	                                  {.status = 200, .body = first_page}},
	                      .answer_count = 2};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(f->answers.calls, 2);
	assert_string_equal(followed(f).etag, "e6");
}

/* In a world of busy channels, of whose videos searches never show a half. */
static void bursts_of_more_than_a_page_are_read_to_their_end(void **state)
{
	enum { START = 1795341600, RATE = 1000 };
	struct world_options options = {.seed = 5, .rate_per_day = RATE, .fate = {.never_share = 0.5}};
	AUTO(stage_close) struct stage *stage = stage_make(&options, START);

	(void)state;
	stage->config.start_days = 1;
	stage_add_key(stage, "key-of-project-one-0001", "111", -1, -1);
	stage_add_query(stage, "solar eclipse");
	stage_run_until(stage, START + 2 * SECONDS_PER_HOUR);
	/* Newly followed, down to where the query begins. */
	assert_true(stage_assert_lists(stage, START - SECONDS_PER_DAY + SECONDS_PER_HOUR).beyond > 0);
	stage->youtube->time.now += 2 * SECONDS_PER_DAY;
	stage_run_until(stage, stage_now(stage) + SECONDS_PER_HOUR);
	assert_true(
	    stage_number(stage, "SELECT count(*) FROM followed_channel WHERE read_at > CAST(?1 AS BIGINT)", "1795514400") > 10);
	assert_true(stage_assert_lists(stage, START).beyond > 0);
	stage_assert_sound(stage);
}

/* ---- sources ---- */

static void resolve(struct run_fixture *f, int status, const char *body)
{
	struct error err;

	f->answers = (struct scripted){.answers = {{.status = status, .body = body}}, .answer_count = 1};
	assert_true(uploads_resolve_sources(&f->run, &err));
}

static void every_upload_of_a_source_is_a_match(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "https://www.youtube.com/channel/" CHANNEL "/videos");

	resolve(f, 500, "");
	assert_int_equal(f->answers.calls, 0); /* its id is known */
	assert_true(followed(f).is_source);
	read_list(f, 200, uploads);
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	AUTO(query_clear) struct query after = load(f, query);
	assert_string_equal(after.text, CHANNEL);
	assert_int_equal(after.source, QUERY_SOURCE_CHANNEL);
	assert_int_equal(after.succeeded_at, FIXTURE_NOW);
	assert_int_equal(after.gaps_count, 0);
	assert_null(after.error);
}

static void a_handle_is_asked_for_once(void **state)
{
	struct run_fixture *f = *state;

	fixture_query(f->store, "@NASA");
	resolve(f, 200,
	        "{\"kind\":\"youtube#channelListResponse\",\"items\":[{\"id\":\"" CHANNEL
	        "\",\"snippet\":{\"title\":\"NASA\"}}]}");
	assert_int_equal(f->answers.calls, 1);
	assert_string_equal(followed(f).channel_id, CHANNEL);
	assert_int_equal(f->run.client.made[BUCKET_UNITS], 1);
	resolve(f, 500, "");
	assert_int_equal(f->answers.calls, 0);
}

static void an_unknown_handle_is_told_with_the_query(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, "@nobody");

	resolve(f, 200, "{\"kind\":\"youtube#channelListResponse\"}");
	AUTO(query_clear) struct query after = load(f, query);
	assert_non_null(strstr(after.error, "no channel"));
	assert_int_equal(f->result.failures, 0);
	resolve(f, 500, "");
	assert_int_equal(f->answers.calls, 0); /* not before tomorrow */
	f->time.now += SECONDS_PER_DAY;
	resolve(f, 200, "{\"kind\":\"youtube#channelListResponse\"}");
	assert_int_equal(f->answers.calls, 1);
}

/* Also where its list was read a moment ago, for another query. */
static void a_new_source_is_read_before_all_others(void **state)
{
	struct run_fixture *f = *state;
	int64_t query;
	struct error err;

	follow(f);
	read_list(f, 200, uploads);
	assert_int_equal(followed(f).tried_at, f->time.now);
	query = fixture_query(f->store, CHANNEL);
	resolve(f, 500, "");
	assert_int_equal(followed(f).tried_at, 0);
	assert_int_equal(followed(f).read_at, 0);
	read_list(f, 200, uploads);
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
	/* The same when it is resumed. */
	assert_true(store_query_set_state(f->store, query, ENTRY_PAUSED_BY_OWNER, &err));
	assert_true(store_query_set_state(f->store, query, ENTRY_ACTIVE, &err));
	assert_int_equal(followed(f).read_at, 0);
}

/* What came meanwhile may be more than a page. */
static void a_source_that_is_resumed_is_read_to_what_was_known(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, CHANNEL);
	struct error err;

	resolve(f, 500, "");
	read_list(f, 200, last_page);
	assert_true(store_query_set_state(f->store, query, ENTRY_PAUSED_BY_OWNER, &err));
	assert_true(store_query_set_state(f->store, query, ENTRY_ACTIVE, &err));
	struct followed_channel channel = followed(f);
	f->answers = (struct scripted){.answers = {{.status = 200, .body = first_page}, {.status = 200, .body = last_page}},
	                               .answer_count = 2};
	assert_true(uploads_read(&f->run, &channel, &err));
	assert_int_equal(f->answers.calls, 2);
	assert_int_equal(fixture_count(f->store, NULL, query), 2);
}

static void a_source_goes_on_in_silence_and_when_it_is_gone(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, CHANNEL);

	resolve(f, 500, "");
	read_list(f, 200, old_uploads);
	assert_int_not_equal(followed(f).id, 0);
	read_list(f, 404, not_found);
	assert_int_not_equal(followed(f).id, 0);
	assert_int_equal(f->result.failures, 0);
	AUTO(query_clear) struct query after = load(f, query);
	assert_non_null(after.error);
}

/* Its list, unchanged as it is, is read in full. */
static void a_source_that_is_purged_and_tracked_again_begins_anew(void **state)
{
	struct run_fixture *f = *state;
	int64_t query = fixture_query(f->store, CHANNEL);
	struct error err;
	bool left;

	resolve(f, 500, "");
	read_list(f, 200, uploads);
	assert_true(store_query_set_state(f->store, query, ENTRY_REMOVED, &err));
	assert_true(store_query_purge(f->store, query, 100, &left, &err));
	assert_int_equal(followed(f).id, 0);
	assert_int_equal(fixture_query(f->store, CHANNEL), query);
	read_list(f, 200, uploads);
	assert_int_equal(fixture_count(f->store, NULL, query), 3);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, run_fixture_set_up, run_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(uploads_that_match_are_recorded),
	    CASE(an_unchanged_list_costs_a_unit_and_nothing_else),
	    CASE(a_channel_that_is_gone_ends_without_a_failure),
	    CASE(a_channel_that_is_closed_or_suspended_ends_as_well),
	    CASE(forty_five_silent_days_end_it),
	    CASE(a_fault_is_noted_and_other_lists_wait),
	    CASE(one_odd_item_does_not_undo_the_others),
	    CASE(a_newly_followed_channel_is_read_to_where_its_query_begins),
	    CASE(a_page_that_fails_leaves_the_list_unread),
	    CASE(a_first_reading_in_two_parts_is_no_news),
	    CASE(without_quota_for_a_page_the_list_is_left_unread),
	    CASE(a_list_without_end_is_left_after_ten_pages),
	    CASE(the_record_of_a_source_begins_with_a_page),
	    cmocka_unit_test(bursts_of_more_than_a_page_are_read_to_their_end),
	    CASE(every_upload_of_a_source_is_a_match),
	    CASE(a_handle_is_asked_for_once),
	    CASE(an_unknown_handle_is_told_with_the_query),
	    CASE(a_new_source_is_read_before_all_others),
	    CASE(a_source_that_is_resumed_is_read_to_what_was_known),
	    CASE(a_source_goes_on_in_silence_and_when_it_is_gone),
	    CASE(a_source_that_is_purged_and_tracked_again_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
