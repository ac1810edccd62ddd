#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "cron/budget/budget.h"
#include "cron/budget/poll.h"
#include "cron/budget/scouts.h"
#include "cron/cycle.h"
#include "cron/scout.h"
#include "store/coverage.h"
#include "store/keys.h"
#include "store/queries.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted.h"
#include "tests/support/stage.h"
#include "tests/support/store_fixture.h"

enum { DAY = SECONDS_PER_DAY, HOUR = SECONDS_PER_HOUR, NOW = FIXTURE_NOW, QUERIES_MAX = 30 };

/* ---- which queries, and when ---- */

/* Quiet queries of one word, polled a while ago, half a day before the reset. */
struct scene {
	struct query queries[QUERIES_MAX];
	char texts[QUERIES_MAX][64];
	struct key key;
	struct query_list query_list;
	struct key_list key_list;
	struct schedule_table schedule;
	struct budget_input input;
};

static struct scene *scene_of(size_t queries)
{
	static struct scene s;

	s = (struct scene){
	    .key = {.id = 1,
	            .health = KEY_OK,
	            .project = {.id = 1, .quota = {[BUCKET_SEARCHES] = {.limit = 100}, [BUCKET_UNITS] = {.limit = 10000}}}}};
	s.query_list = (struct query_list){s.queries, queries};
	s.key_list = (struct key_list){&s.key, 1};
	s.input = (struct budget_input){.now = NOW,
	                                .day = NOW - DAY / 2,
	                                .reset = NOW + DAY / 2,
	                                .interval_s = 60,
	                                .start_days = 7,
	                                .queries = &s.query_list,
	                                .keys = &s.key_list,
	                                .schedule = &s.schedule,
	                                .scouts = true};
	for (size_t i = 0; i < queries; i++) {
		snprintf(s.texts[i], sizeof(s.texts[i]), "word%zu", i);
		s.queries[i] = (struct query){.id = (int64_t)i + 1,
		                              .text = s.texts[i],
		                              .origin = ORIGIN_OWNER,
		                              .rate = 20,
		                              .attempted_at = NOW - HOUR / 3,
		                              .covered_since = NOW - 7 * DAY,
		                              .covered_until = NOW - HOUR / 3};
	}
	return &s;
}

/* The scout that is planned; one of no query when there is none. */
static struct search_job scout_of(const struct scene *s)
{
	AUTO(plan_clear) struct plan plan = {0};
	struct search_job job = {0};
	struct error err;

	assert_true(budget_plan(&s->input, &plan, &err));
	for (size_t i = 0; i < plan.count; i++)
		if (plan.calls[i].kind == PLAN_SEARCH && plan.calls[i].job.category == BUDGET_SCOUTS)
			job = plan.calls[i].job;
	return job;
}

static void quiet_queries_share_a_search(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	struct search_job job = scout_of(s);
	assert_int_equal(job.group.count, 3);
	assert_null(job.query);
	assert_int_equal(job.pages_max, 1);
	/* As much as a page holds of 60 videos a day, down from now. */
	assert_int_equal(job.until, NOW);
	assert_int_equal(job.since, NOW - DAY * 40 / 60);
}

static void nothing_is_shared_unless_the_owner_wants_it(void **state)
{
	struct scene *s = scene_of(3);

	(void)state;
	s->input.scouts = false;
	assert_int_equal(scout_of(s).group.count, 0);
}

static void only_a_word_or_a_quoted_phrase_is_shared(void **state)
{
	static const struct {
		const char *text;
		bool shared;
	} cases[] = {{"eclipse", true},   {"\"static fire\"", true}, {"x-ray", true},
	             {"日食", true},      {"static fire", false},    {"-eclipse", false},
	             {"sun|moon", false}, {"\"a\" \"b\"", false},    {"\"static fire\" x", false},
	             {"\"open", false},   {"\"a|b\"", false},        {"\"\"", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene *s = scene_of(3);

		snprintf(s->texts[1], sizeof(s->texts[1]), "%s", cases[i].text);
		if (scout_of(s).group.count != (cases[i].shared ? 3 : 2))
			fail_msg("%s", cases[i].text);
	}
}

static void what_is_not_quiet_is_asked_for_alone(void **state)
{
	struct scene *s = scene_of(6);

	(void)state;
	s->queries[1].rate = 200;
	s->queries[1].covered_until = NOW - 60; /* it does not wait too long for its poll */
	s->queries[2].rate = 0;                 /* unknown */
	s->queries[3].origin = ORIGIN_VISITOR;
	s->schedule.of[BUDGET_VISITORS].next_ms = (NOW + HOUR) * 1000LL;
	s->queries[4].source = QUERY_SOURCE_CHANNEL;
	struct search_job job = scout_of(s);
	assert_int_equal(job.group.count, 2);
	assert_int_equal(job.group.queries[0]->id, 1);
	assert_int_equal(job.group.queries[1]->id, 6);
}

static void groups_take_turns(void **state)
{
	struct scene *s = scene_of(25);

	(void)state;
	for (size_t i = 0; i < 25; i++)
		s->queries[i].scouted_at = NOW - (i < 8 ? HOUR : i < 16 ? 3 * HOUR : 2 * HOUR);
	struct search_job job = scout_of(s);
	assert_int_equal(job.group.count, 8);
	assert_int_equal(job.group.queries[0]->id, 9);
	assert_int_equal(job.group.queries[7]->id, 16);
}

static void half_of_the_searches_of_quiet_queries_are_shared(void **state)
{
	struct scene *s = scene_of(30);

	(void)state;
	assert_true(budget_share(&s->input, BUDGET_SCOUTS) == 0.5);
	/* Not at the expense of others: those of 16 times the rate have 4 times the searches. */
	for (size_t i = 0; i < 15; i++)
		s->queries[i].rate = 320;
	assert_true(fabs(budget_share(&s->input, BUDGET_SCOUTS) - 0.1) < 1e-9);
	assert_true(fabs(budget_share(&s->input, BUDGET_NEWEST) - 0.9) < 1e-9);
	budget_charge(&s->input, BUDGET_SCOUTS, 1, &s->schedule);
	assert_true(s->schedule.of[BUDGET_SCOUTS].planned > 0);
	s->schedule.of[BUDGET_ALL].next_ms = 0;
	assert_int_equal(scout_of(s).group.count, 0);
	s->schedule.of[BUDGET_SCOUTS].next_ms = 0;
	assert_int_equal(scout_of(s).group.count, 7);
}

/* ---- when they end ---- */

/* What 8 queries remember, each with this BALANCE, after a scout that brought each FOUND new videos, where a poll would have brought 16. */
static struct scouts weighed(struct scene *s, double balance, int64_t found)
{
	struct search_job job = scout_of(s);
	int64_t each[SCOUT_QUERIES_MAX];
	struct scouts out[SCOUT_QUERIES_MAX];

	assert_int_equal(job.group.count, 8);
	for (size_t i = 0; i < 8; i++) {
		each[i] = found;
		s->queries[i].scouts.balance = balance;
	}
	job.alone = 16;
	scouts_weigh(&job, each, NOW, out);
	return out[7];
}

static void scouts_end_where_they_bring_less_than_polls(void **state)
{
	struct scene *s = scene_of(8);
	struct scouts scouts = weighed(s, -1, 1);

	(void)state;
	assert_true(scouts.balance == -2 && scouts.end == 0);
	scouts = weighed(s, -1, 0);
	assert_true(scouts.balance == 0 && scouts.end == NOW + 7 * DAY);
	/* What they won does not count later. */
	scouts = weighed(s, -1, 9);
	assert_true(scouts.balance == 0 && scouts.end == 0);
}

static void scouts_that_ended_leave_the_polls_as_they_were(void **state)
{
	struct scene *s = scene_of(8);
	double with = poll_period_s(&s->input, &s->queries[0]);

	(void)state;
	for (size_t i = 0; i < 8; i++)
		s->queries[i].scouts.end = NOW + 1;
	assert_int_equal(scout_of(s).group.count, 0);
	assert_true(budget_share(&s->input, BUDGET_NEWEST) == 1);
	assert_true(with > 1.99 * poll_period_s(&s->input, &s->queries[0]));
	s->queries[3].scouts.end = NOW;
	assert_int_equal(scout_of(s).group.count, 1);
	assert_false(scouts_are_possible(&s->input));
}

/* What a poll of one of them would bring: 20 videos a day in eight times the pause between searches. */
static void what_polls_alone_would_bring_is_known(void **state)
{
	struct scene *s = scene_of(8);
	double pause_s = budget_pause_ms(&s->input) / 1000;

	(void)state;
	assert_in_range((int64_t)(1000 * scout_of(s).alone), (int64_t)(1000 * 20 * 8 * pause_s / DAY) - 1,
	                (int64_t)(1000 * 20 * 8 * pause_s / DAY) + 1);
}

/* ---- the search ---- */

struct fixture {
	struct store *store;
	struct fake_clock time;
	struct config config;
	struct scripted script;
	struct youtube youtube;
	struct run result;
	uint64_t random;
	struct fetch_run run;
	struct query_list queries;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;
	int64_t id;

	assert_non_null(f);
	f->store = fixture_store();
	f->time.now = NOW;
	f->youtube = (struct youtube){.base_url = "http://127.0.0.1/youtube/v3", .transport = scripted_transport(&f->script)};
	f->run = (struct fetch_run){.store = f->store,
	                            .config = &f->config,
	                            .clock = fake_clock(&f->time),
	                            .client = {.store = f->store,
	                                       .youtube = &f->youtube,
	                                       .clock = fake_clock(&f->time),
	                                       .quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}},
	                                       .deadline = NOW,
	                                       .random = &f->random},
	                            .result = &f->result};
	assert_true(store_key_add(f->store, "key-a-of-project-one-00", NULL, NOW, &id, &err));
	fixture_query(f->store, "eclipse");
	fixture_query(f->store, "\"static fire\"");
	fixture_query(f->store, "aurora");
	assert_true(store_queries_list(f->store, QUERIES_ACTIVE, NOW, &f->queries, &err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	fetch_run_clear(&f->run);
	query_list_clear(&f->queries);
	run_clear(&f->result);
	store_close(&f->store);
	free(f);
	return 0;
}

static void scout(struct fixture *f, int status, const char *body)
{
	struct search_job job = {.category = BUDGET_SCOUTS, .since = NOW - HOUR, .until = NOW, .alone = 15, .pages_max = 1};
	struct error err = {0};

	for (size_t i = 0; i < f->queries.count; i++)
		job.group.queries[job.group.count++] = &f->queries.items[i];
	f->script.answers[f->script.answer_count++] = (struct scripted_answer){.status = status, .body = body};
	if (!scout_run(&f->run, &job, &err))
		fail_msg("%s", err.text);
	fixture_check(f->store);
}

#define ITEM(id, title)                                                                                                          \
	"{\"id\":{\"videoId\":\"" id "\"},\"snippet\":{\"publishedAt\":\"2026-11-22T09:30:00Z\",\"title\":\"" title              \
	"\",\"channelTitle\":\"Eclipse TV\"}}"
#define BODY(items) "{\"kind\":\"youtube#searchListResponse\",\"items\":[" items "]}"

static void videos_belong_to_the_queries_that_their_title_matches(void **state)
{
	struct fixture *f = *state;

	scout(f, 200,
	      BODY(ITEM("aaaaaaaaaaA", "The eclipse, and a static fire") "," ITEM("aaaaaaaaaaE", "Aurora") "," ITEM(
		  "aaaaaaaaaaI", "A fire that is static") "," ITEM("aaaaaaaaaaM", "Nothing of that")));
	assert_non_null(strstr(f->script.urls[0], "&q=eclipse%7C%22static%20fire%22%7Caurora&"));
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM video"), 2);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM match WHERE how = 0"), 3);
	assert_int_equal(f->result.added, 2);
	/* Nothing is covered by it, and no poll is put off. */
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM coverage"), 0);
	assert_int_equal(fixture_number(f->store, "SELECT max(attempted_at) FROM query"), 0);
}

static void each_query_remembers_what_was_new_to_it(void **state)
{
	struct fixture *f = *state;
	const char *body = BODY(ITEM("aaaaaaaaaaA", "An eclipse") "," ITEM("aaaaaaaaaaE", "Eclipse and aurora"));

	scout(f, 200, body);
	assert_int_equal(fixture_number(f->store, "SELECT scouts_balance FROM query WHERE id = 1"), 2 - 5);
	assert_int_equal(fixture_number(f->store, "SELECT scouts_balance FROM query WHERE id = 2"), 0 - 5);
	assert_int_equal(fixture_number(f->store, "SELECT scouts_balance FROM query WHERE id = 3"), 1 - 5);
	assert_int_equal(fixture_number(f->store, "SELECT min(scouted_at) FROM query"), NOW);
	query_list_clear(&f->queries);
	struct error err;
	assert_true(store_queries_list(f->store, QUERIES_ACTIVE, NOW, &f->queries, &err));
	/* Nothing is new to any of them: that makes 27 videos less than polls would have brought. */
	scout(f, 200, body);
	assert_int_equal(fixture_number(f->store, "SELECT min(scouts_end) FROM query"), NOW + 7 * DAY);
}

static void a_scout_that_fails_is_a_failure_of_the_run(void **state)
{
	struct fixture *f = *state;

	scout(f, 503, "");
	assert_int_equal(f->result.failures, 1);
	assert_int_equal(fixture_number(f->store, "SELECT max(scouted_at) FROM query"), 0);
	assert_int_equal(fixture_number(f->store, "SELECT max(failures) FROM query"), 0);
}

static void what_cannot_be_saved_is_a_failure_of_the_run(void **state)
{
	struct fixture *f = *state;

	fixture_refuse(f->store, "aaaaaaaaaaE");
	scout(f, 200, BODY(ITEM("aaaaaaaaaaA", "An eclipse") "," ITEM("aaaaaaaaaaE", "Aurora")));
	assert_int_equal(f->result.failures, 1);
	assert_int_equal(fixture_number(f->store, "SELECT count(*) FROM video"), 0);
	assert_int_equal(fixture_number(f->store, "SELECT sum(scouts_balance) FROM query"), -15);
}

/* ---- days of runs ---- */

/* Whatever YouTube makes of the texts of scouts. */
static void coverage_holds_and_quota_is_kept_beside_scouts(void **state)
{
	struct world_options options = {.seed = 5, .rate_per_day = 20, .fate = fate_defaults()};

	(void)state;
	options.fate.stream_share = options.fate.gone_share = options.fate.misdated_share = 0; /* what changes its time */
	struct stage *stage = stage_make(&options, NOW);
	stage_add_key(stage, "key-a-of-project-one-00", "111", -1, -1);
	for (int i = 0; i < 12; i++) {
		char text[16];

		snprintf(text, sizeof(text), "topic%d", i);
		stage_add_query(stage, text);
	}
	stage->config.scouts = 1;
	stage_run_until(stage, NOW + 3 * DAY);
	stage_assert_sound(stage);
	stage_assert_claims(stage);
	assert_true(stage_number(stage, "SELECT min(scouted_at) FROM query", NULL) > 0);
	assert_int_equal(stage->youtube->sim.projects.projects[0].refused[BUCKET_SEARCHES], 0);
	stage_close(&stage);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quiet_queries_share_a_search),
	    cmocka_unit_test(nothing_is_shared_unless_the_owner_wants_it),
	    cmocka_unit_test(only_a_word_or_a_quoted_phrase_is_shared),
	    cmocka_unit_test(what_is_not_quiet_is_asked_for_alone),
	    cmocka_unit_test(groups_take_turns),
	    cmocka_unit_test(half_of_the_searches_of_quiet_queries_are_shared),
	    cmocka_unit_test(scouts_end_where_they_bring_less_than_polls),
	    cmocka_unit_test(scouts_that_ended_leave_the_polls_as_they_were),
	    cmocka_unit_test(what_polls_alone_would_bring_is_known),
	    CASE(videos_belong_to_the_queries_that_their_title_matches),
	    CASE(each_query_remembers_what_was_new_to_it),
	    CASE(a_scout_that_fails_is_a_failure_of_the_run),
	    CASE(what_cannot_be_saved_is_a_failure_of_the_run),
	    cmocka_unit_test(coverage_holds_and_quota_is_kept_beside_scouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
