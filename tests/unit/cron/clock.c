/* A clock that jumps forward and back by a day: no damage, no more calls than YouTube allows, and all is as it should be once it
 * is right again. YouTube's own clock never jumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "store/queries.h"
#include "tests/support/stage.h"

enum { START = 1795341600, INTERVAL_S = 180 };

#define KEY "key-a-of-project-one-00"

/* Time on our machine, which is wrong by SLIP_S. */
struct wrong_clock {
	const struct fake_clock *right;
	int64_t slip_s;
};

static int64_t wrong_now(void *context)
{
	const struct wrong_clock *clock = context;

	return clock->right->now + clock->right->slept_ms / 1000 + clock->slip_s;
}

static void no_sleep(void *context, int64_t milliseconds)
{
	(void)context;
	(void)milliseconds;
}

static struct stage *make_stage(struct wrong_clock *wrong)
{
	struct world_options options = {.seed = 11, .rate_per_day = 60};
	struct stage *stage = stage_make(&options, START);

	stage->config.start_days = 1;
	stage->config.interval_s = INTERVAL_S;
	stage_add_key(stage, KEY, "111", -1, -1);
	stage_add_query(stage, "solar eclipse");
	stage_add_query(stage, "lunar eclipse");
	*wrong = (struct wrong_clock){.right = &stage->youtube->time};
	stage->cycle.clock = (struct clock){.now = wrong_now, .sleep = no_sleep, .context = wrong};
	return stage;
}

/* Runs for so long by YouTube's clock. */
static void run_for(struct stage *stage, int64_t seconds)
{
	for (int64_t end = stage->youtube->time.now + seconds; stage->youtube->time.now < end;)
		stage_run(stage);
}

/* All that was published since the start is recorded, and the newest is not waited for. */
static void assert_complete(struct stage *stage)
{
	static const char *const queries[] = {"solar eclipse", "lunar eclipse"};
	int64_t until = stage->youtube->time.now - 3 * SECONDS_PER_HOUR;

	for (int i = 0; i < 2; i++) {
		AUTO(world_hits_clear) struct world_hits hits = {0};
		struct error err;

		assert_true(world_all(stage->world, queries[i], START, until, &hits, &err));
		assert_true(hits.count > 0);
		for (size_t v = 0; v < hits.count; v++)
			if (!stage_number(stage, "SELECT count(*) FROM video WHERE id = ?1", hits.items[v].id))
				fail_msg("%s of %s is missing", hits.items[v].id, queries[i]);
	}
	stage_assert_sound(stage);
	stage_assert_claims(stage);
}

/* A day without a network: no quota is spent on it, nobody has to wait for pauses to end afterwards, and nothing is missing. */
static void a_day_without_network_costs_nothing(void **state)
{
	static const char used[] = "SELECT coalesce(sum(used), 0) FROM ledger";
	struct wrong_clock right;
	struct stage *stage = make_stage(&right);

	(void)state;
	run_for(stage, SECONDS_PER_DAY);
	int64_t before = stage_number(stage, used, NULL);
	stage->transport.no_network = true;
	run_for(stage, SECONDS_PER_DAY);
	assert_int_equal(stage_number(stage, used, NULL), before);
	assert_true(stage_number(stage, "SELECT failures FROM run ORDER BY id DESC LIMIT 1", NULL) > 0);
	stage->transport.no_network = false;
	stage_run(stage);
	assert_true(stage_number(stage, used, NULL) > before);
	run_for(stage, SECONDS_PER_DAY);
	assert_complete(stage);
	stage_close(&stage);
}

static void assert_jump_does_no_harm(int64_t slip_s, int64_t lasts_s)
{
	struct wrong_clock wrong;
	AUTO(stage_close) struct stage *stage = make_stage(&wrong);
	const struct sim_project *project = &stage->youtube->sim.projects.projects[0];

	run_for(stage, SECONDS_PER_DAY);
	wrong.slip_s = slip_s;
	run_for(stage, lasts_s);
	wrong.slip_s = 0;
	run_for(stage, 2 * SECONDS_PER_DAY);
	assert_complete(stage);
	/* Refusals are counted: a wrong day's ledger may not lead to hammering. */
	print_message("%lld searches, %lld of them refused\n", (long long)project->calls[BUCKET_SEARCHES],
	              (long long)project->refused[BUCKET_SEARCHES]);
	assert_true(project->refused[BUCKET_SEARCHES] <= 4);
	assert_true(stage_number(stage, "SELECT max(until) FROM coverage", NULL) <= stage->youtube->time.now);
}

static void a_day_forward_and_back_after_an_hour(void **state)
{
	(void)state;
	assert_jump_does_no_harm(SECONDS_PER_DAY, SECONDS_PER_HOUR);
}

static void a_day_back_and_forward_after_an_hour(void **state)
{
	(void)state;
	assert_jump_does_no_harm(-SECONDS_PER_DAY, SECONDS_PER_HOUR);
}

static void a_day_forward_for_two_days(void **state)
{
	(void)state;
	assert_jump_does_no_harm(SECONDS_PER_DAY, 2 * SECONDS_PER_DAY);
}

static void a_day_back_for_two_days(void **state)
{
	(void)state;
	assert_jump_does_no_harm(-SECONDS_PER_DAY, 2 * SECONDS_PER_DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_day_without_network_costs_nothing),
	    cmocka_unit_test(a_day_forward_and_back_after_an_hour),
	    cmocka_unit_test(a_day_back_and_forward_after_an_hour),
	    cmocka_unit_test(a_day_forward_for_two_days),
	    cmocka_unit_test(a_day_back_for_two_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
