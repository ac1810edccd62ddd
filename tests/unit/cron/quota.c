/* Never more than a project has on a Pacific day, also on days of 23 and 25 hours; and what is made after its end is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "base/timestamp.h"
#include "tests/support/stage.h"

enum {
	BEFORE_SPRING = 1772841600 /* 2026-03-07T00:00Z */,
	BEFORE_AUTUMN = 1793404800 /* 2026-10-31T00:00Z */,
	DAYS = 3,
	QUERIES = 6
};

/* What a project's counters stood at when the day began. */
struct mark {
	int64_t calls[BUCKET_COUNT];
	int64_t refused[BUCKET_COUNT];
};

static struct stage *make_stage(int64_t start)
{
	struct world_options options = {.seed = 5, .rate_per_day = 40, .fate = fate_defaults()};
	struct stage *stage = stage_make(&options, start);

	for (int i = 0; i < QUERIES; i++) {
		char text[32];

		snprintf(text, sizeof(text), "query number %d", i + 1);
		stage_add_query(stage, text);
	}
	return stage;
}

static struct mark mark_now(const struct sim_project *project)
{
	struct mark mark;

	memcpy(mark.calls, project->calls, sizeof(mark.calls));
	memcpy(mark.refused, project->refused, sizeof(mark.refused));
	return mark;
}

/* How many keys there are of whose project newsreel has not learned the number. */
static int64_t count_unknown(struct stage *stage)
{
	return stage_number(stage, "SELECT count(*) FROM api_key k JOIN project p ON p.id = k.project WHERE p.number IS NULL",
	                    NULL);
}

/* UNTOLD = whether the bucket's limit is one that refusals do not tell. */
static void assert_day(const struct sim_project *project, const struct mark *before, enum bucket bucket, int64_t unknown,
                       bool untold)
{
	int64_t refused = project->refused[bucket] - before->refused[bucket];
	int64_t made = project->calls[bucket] - before->calls[bucket];

	print_message("  project %s: %lld %s, %lld of them refused\n", project->number, (long long)made, bucket_name(bucket),
	              (long long)refused);
	assert_true(made - refused <= project->limit[bucket]);
	/* One for each key that may belong to another project, one to learn of a limit that was not told, one to probe. */
	assert_true(refused <= unknown + untold + 1);
}

/* Runs through the days; *SHORT and *LONG become the number of those with 23 and 25 hours. */
static void run_days(struct stage *stage, bool units_untold, int *short_days, int *long_days)
{
	struct sim *sim = &stage->youtube->sim;

	*short_days = *long_days = 0;
	stage_run_until(stage, quota_day_end(stage_now(stage)));
	for (int day = 0; day < DAYS; day++) {
		int64_t begun = quota_day_start(stage_now(stage));
		int64_t hours = (quota_day_end(begun) - begun) / SECONDS_PER_HOUR;
		int64_t unknown = count_unknown(stage);
		struct mark marks[2];

		*short_days += hours == 23;
		*long_days += hours == 25;
		for (size_t p = 0; p < sim->projects.project_count; p++)
			marks[p] = mark_now(&sim->projects.projects[p]);
		stage_run_until(stage, quota_day_end(begun));
		print_message("a day of %lld hours, %lld keys of unknown projects\n", (long long)hours, (long long)unknown);
		for (size_t p = 0; p < sim->projects.project_count; p++) {
			const struct sim_project *project = &sim->projects.projects[p];

			assert_day(project, &marks[p], BUCKET_SEARCHES, unknown, false);
			assert_day(project, &marks[p], BUCKET_UNITS, unknown, units_untold);
			/* And yet they are used. */
			assert_true(project->calls[BUCKET_SEARCHES] - marks[p].calls[BUCKET_SEARCHES] >=
			            project->limit[BUCKET_SEARCHES] * 8 / 10);
		}
	}
}

static void assert_days_kept(int64_t start, int want_short, int want_long)
{
	AUTO(stage_close) struct stage *stage = make_stage(start);
	int short_days;
	int long_days;

	stage_add_key(stage, "key-a-of-project-one-00", "111", -1, -1);
	run_days(stage, false, &short_days, &long_days);
	assert_int_equal(short_days, want_short);
	assert_int_equal(long_days, want_long);
	/* One project with the usual quota: it is never exceeded, so never refused. */
	assert_int_equal(stage->youtube->sim.projects.projects[0].refused[BUCKET_SEARCHES], 0);
	assert_int_equal(stage->youtube->sim.projects.projects[0].refused[BUCKET_UNITS], 0);
}

static void the_day_of_23_hours_has_as_many_searches(void **state)
{
	(void)state;
	assert_days_kept(BEFORE_SPRING, 1, 0);
}

static void the_day_of_25_hours_has_no_more(void **state)
{
	(void)state;
	assert_days_kept(BEFORE_AUTUMN, 0, 1);
}

/* Two keys of one project, and one of a project that has less than is assumed. */
static void several_keys_of_one_project_share_its_quota(void **state)
{
	AUTO(stage_close) struct stage *stage = make_stage(BEFORE_AUTUMN);
	int short_days;
	int long_days;

	(void)state;
	stage_add_key(stage, "key-a-of-project-one-00", "111", -1, -1);
	stage_add_key(stage, "key-b-of-project-one-00", "111", -1, -1);
	stage_add_key(stage, "key-c-of-project-two-00", "222", 40, 60);
	run_days(stage, true, &short_days, &long_days);
}

/* Another program spends what is there: newsreel is refused at once, looks once some hours later, and otherwise leaves it alone.
 */
static void what_another_program_spends_is_not_hammered(void **state)
{
	AUTO(stage_close) struct stage *stage = make_stage(BEFORE_SPRING);
	struct sim_project *project;
	int64_t refused = 0;

	(void)state;
	stage_add_key(stage, "key-a-of-project-one-00", "111", -1, -1);
	project = &stage->youtube->sim.projects.projects[0];
	stage_run_until(stage, quota_day_end(BEFORE_SPRING) + SECONDS_PER_HOUR);
	project->used[BUCKET_SEARCHES] = project->limit[BUCKET_SEARCHES];
	stage_run_until(stage, quota_day_end(stage_now(stage)));
	refused = project->refused[BUCKET_SEARCHES];
	assert_in_range(refused, 1, 2);
	stage_run_until(stage, stage_now(stage) + SECONDS_PER_DAY / 2);
	assert_int_equal(project->refused[BUCKET_SEARCHES], refused);
	assert_true(project->used[BUCKET_SEARCHES] > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_day_of_23_hours_has_as_many_searches),
	    cmocka_unit_test(the_day_of_25_hours_has_no_more),
	    cmocka_unit_test(several_keys_of_one_project_share_its_quota),
	    cmocka_unit_test(what_another_program_spends_is_not_hammered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
