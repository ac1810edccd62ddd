/* Rules beside runs: what is told of what polls, gaps and imports record, and what that costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cron/alerts/evaluate.h"
#include "cron/import/import.h"
#include "base/text.h"
#include "store/alerts/alerts.h"
#include "store/alerts/outbox.h"
#include "tests/support/alerts.h"
#include "tests/support/stage.h"

enum { START = 1795341600, DAYS = 3 };

static struct stage *make_stage(void)
{
	struct world_options options = {.seed = 5, .rate_per_day = 40};
	struct stage *stage = stage_make(&options, START);

	stage->config.start_days = 7;
	stage_add_key(stage, "key-a-of-project-one-00", "111", -1, -1);
	stage_add_query(stage, "solar eclipse");
	return stage;
}

/* A run, and messages that are delivered at once. */
static void run_and_tell(struct stage *stage)
{
	struct error err;
	int64_t made;

	stage_run(stage);
	assert_true(alerts_evaluate(stage->store, stage_now(stage), &made, &err));
	assert_true(store_begin(stage->store, &err));
	AUTO(delivery_list_clear) struct delivery_list due = {0};
	assert_true(store_deliveries_due(stage->store, stage_now(stage), 100, &due, &err));
	for (size_t i = 0; i < due.count; i++) {
		due.items[i].state = DELIVERY_DELIVERED;
		assert_true(store_delivery_tried(stage->store, &due.items[i], ALERT_ACTIVE, &err));
	}
	assert_true(store_commit(stage->store, &err));
}

/* How many videos were told by the rule, and how many of these were published before SINCE. */
static int64_t told(struct stage *stage, const char *rule)
{
	return stage_number(stage, "SELECT coalesce(sum(count), 0) FROM alert_delivery WHERE alert = CAST(?1 AS BIGINT)", rule);
}

static const char told_of_before[] = "SELECT count(*) FROM video v JOIN alert_delivery d ON d.alert = CAST(?1 AS BIGINT) AND "
				     "replace(d.videos, v.id, '') <> d.videos"
				     " WHERE v.published_at < 1795341600";

/* Nor is what they give as bare ids, which is looked up later. */
static void a_first_poll_and_gaps_are_no_news_but_to_those_who_want_them(void **state)
{
	AUTO(stage_close) struct stage *stage = make_stage();

	(void)state;
	stage->youtube->sim.without_snippet = 0.3;
	alerts_add_rule(stage->store, "", 1, START);
	alerts_add_rule(stage->store, "", 1, START);
	struct error err;
	AUTO(alert_clear) struct alert all = {0};
	assert_true(store_alert_get(stage->store, 2, &all, &err));
	all.backfill = true;
	assert_true(store_alert_change(stage->store, &all, START, &err));
	while (stage_now(stage) < START + DAYS * SECONDS_PER_DAY)
		run_and_tell(stage);
	int64_t before = stage_number(stage, "SELECT count(*) FROM video WHERE published_at < 1795341600", NULL);
	int64_t since = stage_number(stage, "SELECT count(*) FROM video WHERE published_at >= 1795341600", NULL);
	print_message("%lld videos of before, %lld since\n", (long long)before, (long long)since);
	assert_true(before > 150 && since > 50);
	assert_int_equal(told(stage, "2"), before + since);
	assert_true(stage_number(stage, told_of_before, "1") <= 5); /* what search brought late */
	assert_in_range(told(stage, "1") - stage_number(stage, told_of_before, "1"), since - since / 10, since);
}

static void an_import_is_no_news(void **state)
{
	static const char line[] = "{\"id\": \"abcdefghijk\", \"title\": \"Old\", \"published_at\": \"2026-11-22T09:00:00Z\"}\n";
	AUTO(stage_close) struct stage *stage = make_stage();
	struct import_result result;
	struct error err;
	int64_t made;

	(void)state;
	alerts_add_rule(stage->store, "", 1, START);
	FILE *from = tmpfile();
	FILE *progress = tmpfile();
	assert_true(from && progress && fputs(line, from) >= 0);
	rewind(from);
	assert_true(import_videos(stage->store, from, progress, &stage->cycle.clock, &result, &err));
	fclose(from);
	fclose(progress);
	assert_int_equal(result.added, 1);
	alerts_record(stage->store, 1, 1, START);
	assert_true(alerts_evaluate(stage->store, START, &made, &err));
	assert_int_equal(made, 1);
	assert_int_equal(told(stage, "1"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_first_poll_and_gaps_are_no_news_but_to_those_who_want_them),
	    cmocka_unit_test(an_import_is_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
