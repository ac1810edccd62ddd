#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cron/alerts/evaluate.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "store/matches.h"
#include "store/queries.h"
#include "tests/support/alerts.h"
#include "tests/support/store_fixture.h"

enum { NOW = FIXTURE_NOW, MINUTE = 60 };

static int64_t evaluate(struct store *store, int64_t now)
{
	struct error err = {0};
	int64_t made;

	if (!alerts_evaluate(store, now, &made, &err))
		fail_msg("%s", err.text);
	return made;
}

/* The newest message of a rule; the caller's to clear. */
static struct delivery last(struct store *store, int64_t alert_id)
{
	AUTO(delivery_list_clear) struct delivery_list list = {0};
	struct error err;

	assert_true(store_deliveries_list(store, alert_id, 0, 1, &list, &err));
	assert_int_equal(list.count, 1);
	struct delivery delivery = list.items[0];
	list.count = 0;
	return delivery;
}

/* As if it were sent. */
static void deliver(struct store *store, int64_t alert_id, int64_t now)
{
	AUTO(delivery_clear) struct delivery delivery = last(store, alert_id);
	struct error err;

	delivery.state = DELIVERY_DELIVERED;
	delivery.tried_at = now;
	assert_true(store_delivery_tried(store, &delivery, ALERT_ACTIVE, &err));
}

static void assert_last(struct store *store, int64_t alert_id, const char *videos)
{
	AUTO(delivery_clear) struct delivery delivery = last(store, alert_id);

	assert_string_equal(delivery.videos, videos);
}

static void what_is_recorded_later_and_matches_is_told_once(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	alerts_record(store, 1, 3, NOW);
	int64_t rule = alerts_add_rule(store, "query=odd", 1, NOW);
	assert_int_equal(evaluate(store, NOW), 0);
	alerts_record(store, 4, 4, NOW);
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, rule, "v0000000005 v0000000007 ");
	deliver(store, rule, NOW);
	assert_int_equal(evaluate(store, NOW + MINUTE), 0);
	alerts_record(store, 8, 1, NOW + MINUTE);
	assert_int_equal(evaluate(store, NOW + MINUTE), 0);
	alerts_record(store, 9, 1, NOW + MINUTE);
	assert_int_equal(evaluate(store, NOW + MINUTE), 1);
	assert_last(store, rule, "v0000000009 ");
}

static void a_burst_is_gathered_fifty_a_minute(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	int64_t told = 0;

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	alerts_record(store, 1, 120, NOW);
	assert_int_equal(evaluate(store, NOW), 1);
	assert_int_equal(evaluate(store, NOW + MINUTE), 0); /* the first one waits in the outbox */
	for (int minute = 1; minute < 5; minute++) {
		AUTO(delivery_clear) struct delivery delivery = last(store, rule);

		told += delivery.count;
		assert_int_equal(delivery.count, minute < 3 ? 50 : 20);
		deliver(store, rule, NOW + minute * MINUTE);
		assert_int_equal(evaluate(store, NOW + minute * MINUTE - 10), 0); /* not yet a minute since the last one */
		if (evaluate(store, NOW + minute * MINUTE) == 0)
			break;
	}
	assert_int_equal(told, 120);
}

static void backfills_are_no_news_unless_they_are_wanted(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;
	int64_t before;

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	int64_t all = alerts_add_rule(store, "", 1, NOW);
	fixture_number(store, "UPDATE alert SET backfill = 1 WHERE id = 2 RETURNING 1");
	alerts_record(store, 1, 2, NOW);
	for (int i = 0; i < 2; i++) { /* two batches of an import */
		assert_true(store_recorded_last(store, &before, &err));
		alerts_record(store, 10 + i, 1, NOW);
		assert_true(store_backfill_note(store, before, &err));
	}
	alerts_record(store, 3, 1, NOW);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM backfill"), 1);
	assert_int_equal(evaluate(store, NOW), 2);
	assert_last(store, rule, "v0000000001 v0000000002 v0000000003 ");
	assert_last(store, all, "v0000000001 v0000000002 v0000000010 v0000000011 v0000000003 ");
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM backfill"), 0); /* all rules are past it */
}

/* Ids that polls gave, and a later look-up completes: news of one query is news, a visitor's request makes none. */
static void what_only_backfills_wait_for_is_no_news(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	int64_t query = fixture_query(store, "moon"), other = fixture_query(store, "sun"), visitors;
	enum query_added added;
	struct error err;

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	assert_true(store_query_add(store, "stars", ORIGIN_VISITOR, 10, NOW, &visitors, &added, &err));
	assert_true(store_lookup_request(store, query, "a0000000000", true, NOW, &err) &&
	            store_lookup_request(store, visitors, "a0000000000", false, NOW, &err) &&
	            store_lookup_request(store, query, "b0000000000", true, NOW, &err) &&
	            store_lookup_request(store, other, "b0000000000", false, NOW, &err));
	fixture_save(store, "a0000000000", "no news", "", NULL, NOW, SOURCE_DETAILS);
	fixture_save(store, "b0000000000", "news", "", NULL, NOW, SOURCE_DETAILS);
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, rule, "b0000000000 ");
}

/* A video that a search gave has no length until it is looked up: a rule must not miss it for that. */
static void a_video_without_details_waits_for_them(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	int64_t rule = alerts_add_rule(store, "min_duration=50", 1, NOW);
	fixture_save(store, "a0000000000", "first", "", NULL, NOW, SOURCE_SEARCH);
	assert_int_equal(evaluate(store, NOW), 0);
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW + MINUTE), 0);
	fixture_number(store, "UPDATE video SET checked_at = 1, duration_s = 60 WHERE id = 'a0000000000' RETURNING 1");
	assert_int_equal(evaluate(store, NOW + MINUTE), 1);
	assert_last(store, rule, "a0000000000 v0000000001 ");
}

static void one_that_never_gets_them_holds_up_nothing_for_longer_than_an_hour(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	fixture_save(store, "a0000000000", "first", "", NULL, NOW, SOURCE_SEARCH);
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW + 59 * MINUTE), 0);
	assert_int_equal(evaluate(store, NOW + 61 * MINUTE), 1);
	assert_last(store, rule, "a0000000000 v0000000001 ");
}

static void a_rule_of_a_tracked_query_is_told_of_its_matches(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;
	bool added;

	(void)state;
	int64_t query = fixture_query(store, "moon");
	int64_t seq = fixture_save(store, "a0000000000", "old", "", NULL, NOW - 86400, SOURCE_DETAILS);
	int64_t rule = alerts_add_rule(store, "tracked=1", 1, NOW);
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 0);
	assert_true(store_match_save(store, query, seq, FOUND_SEARCH, NOW, &added, &err));
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, rule, "a0000000000 ");
}

static void a_digest_comes_at_its_time_with_all_since(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW); /* 10:00 UTC */
	fixture_number(store, "UPDATE alert SET schedule = 2, minute = 480, timezone = 'Europe/Berlin' RETURNING 1");
	assert_int_equal(evaluate(store, NOW), 0);
	alerts_record(store, 1, 60, NOW);
	assert_int_equal(evaluate(store, NOW + 20 * 3600), 0);
	assert_int_equal(evaluate(store, NOW + 21 * 3600), 1); /* 08:00 in Berlin */
	deliver(store, rule, NOW + 21 * 3600);
	assert_int_equal(evaluate(store, NOW + 21 * 3600 + MINUTE), 1); /* the rest */
	assert_last(store, rule,
	            "v0000000051 v0000000052 v0000000053 v0000000054 v0000000055 v0000000056 v0000000057 v0000000058 "
	            "v0000000059 v0000000060 ");
	deliver(store, rule, NOW + 21 * 3600 + MINUTE);
	assert_int_equal(evaluate(store, NOW + 45 * 3600), 0); /* nothing to tell that day … */
	alerts_record(store, 61, 1, NOW + 46 * 3600);
	assert_int_equal(evaluate(store, NOW + 47 * 3600), 0); /* … and what comes later waits for the next one */
	assert_int_equal(evaluate(store, NOW + 69 * 3600), 1);
}

static void a_rule_that_cannot_be_read_holds_up_no_other(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	AUTO(alert_clear) struct alert alert = {0};
	struct error err;

	(void)state;
	int64_t broken = alerts_add_rule(store, "tracked=77", 1, NOW);
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, rule, "v0000000001 ");
	assert_true(store_alert_get(store, broken, &alert, &err));
	assert_non_null(strstr(alert.error, "there is no tracked query with this id"));
}

static void a_paused_rule_goes_on_with_what_is_new_and_a_failed_one_where_it_stopped(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	struct error err;

	(void)state;
	int64_t paused = alerts_add_rule(store, "", 1, NOW);
	int64_t failed = alerts_add_rule(store, "", 1, NOW);
	assert_true(store_alert_set_state(store, paused, ALERT_PAUSED, NOW, &err));
	fixture_number(store, "UPDATE alert SET state = 3 WHERE id = 2 RETURNING 1");
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 0);
	assert_true(store_alert_set_state(store, paused, ALERT_ACTIVE, NOW, &err));
	assert_true(store_alert_set_state(store, failed, ALERT_ACTIVE, NOW, &err));
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, failed, "v0000000001 ");
	assert_false(store_alert_set_state(store, 99, ALERT_ACTIVE, NOW, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void a_saved_filter_that_gets_a_destination_begins_then(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	AUTO(alert_clear) struct alert alert = {0};
	struct error err;

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	fixture_number(store, "UPDATE alert SET kind = 0 RETURNING 1");
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 0);
	assert_true(store_alert_get(store, rule, &alert, &err));
	alert.kind = DESTINATION_WEBHOOK;
	assert_true(store_alert_change(store, &alert, NOW, &err));
	assert_int_equal(evaluate(store, NOW), 0);
	alerts_record(store, 2, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 1);
	assert_last(store, rule, "v0000000002 ");
}

static int64_t next_try(struct store *store, int64_t alert_id)
{
	AUTO(delivery_clear) struct delivery delivery = last(store, alert_id);

	return delivery.next_at;
}

static void what_waits_for_a_destination_that_is_repaired_is_due_at_once(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();
	AUTO(alert_clear) struct alert alert = {0};
	struct error err;

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	alerts_record(store, 1, 1, NOW);
	assert_int_equal(evaluate(store, NOW), 1);
	fixture_number(store, "UPDATE alert_delivery SET tries = 9, next_at = next_at + 86400 RETURNING 1");
	assert_true(store_alert_get(store, rule, &alert, &err));
	assert_true(text_replace(&alert.label, "Another", &err) && store_alert_change(store, &alert, NOW + MINUTE, &err));
	assert_int_equal(next_try(store, rule), NOW + 86400); /* it still tells the same */
	assert_true(text_replace(&alert.url, "https://other.example.org/", &err) &&
	            store_alert_change(store, &alert, NOW + MINUTE, &err));
	assert_int_equal(next_try(store, rule), NOW + MINUTE);
	fixture_number(store, "UPDATE alert_delivery SET next_at = next_at + 86400 RETURNING 1");
	assert_true(store_alert_set_state(store, rule, ALERT_ACTIVE, NOW + 2 * MINUTE, &err));
	assert_int_equal(next_try(store, rule), NOW + 2 * MINUTE);
}

static void the_log_is_kept_for_thirty_days(void **state)
{
	AUTO(store_close) struct store *store = fixture_store();

	(void)state;
	int64_t rule = alerts_add_rule(store, "", 1, NOW);
	alerts_record(store, 1, 1, NOW);
	evaluate(store, NOW);
	evaluate(store, NOW + 40 * 86400); /* it still waits */
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM alert_delivery"), 1);
	deliver(store, rule, NOW);
	evaluate(store, NOW + 29 * 86400);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM alert_delivery"), 1);
	evaluate(store, NOW + 31 * 86400);
	assert_int_equal(fixture_number(store, "SELECT count(*) FROM alert_delivery"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_recorded_later_and_matches_is_told_once),
	    cmocka_unit_test(a_burst_is_gathered_fifty_a_minute),
	    cmocka_unit_test(backfills_are_no_news_unless_they_are_wanted),
	    cmocka_unit_test(what_only_backfills_wait_for_is_no_news),
	    cmocka_unit_test(a_video_without_details_waits_for_them),
	    cmocka_unit_test(one_that_never_gets_them_holds_up_nothing_for_longer_than_an_hour),
	    cmocka_unit_test(a_rule_of_a_tracked_query_is_told_of_its_matches),
	    cmocka_unit_test(a_digest_comes_at_its_time_with_all_since),
	    cmocka_unit_test(a_rule_that_cannot_be_read_holds_up_no_other),
	    cmocka_unit_test(a_paused_rule_goes_on_with_what_is_new_and_a_failed_one_where_it_stopped),
	    cmocka_unit_test(a_saved_filter_that_gets_a_destination_begins_then),
	    cmocka_unit_test(what_waits_for_a_destination_that_is_repaired_is_due_at_once),
	    cmocka_unit_test(the_log_is_kept_for_thirty_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
