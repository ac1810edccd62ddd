/* Eight days of thirty queries: videos that change, go and come back, streams, an index that is late and wrong, faults. */
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
#include "store/videos.h"
#include "tests/support/stage.h"

enum { START = 1795341600, QUERIES = 30, REFRESH_DAYS = 3, INTERVAL_S = 180 };

#define KEY "key-a-of-project-one-00"

static struct stage *make_stage(uint64_t seed, int queries, double rate_per_day)
{
	struct world_options options = {.seed = seed, .rate_per_day = rate_per_day, .fate = fate_defaults()};
	struct stage *stage;

	options.fate.gone_share = 0.06;
	options.fate.back_share = 0.4;
	options.fate.renamed_share = 0.1;
	stage = stage_make(&options, START);
	stage->config.refresh_days = REFRESH_DAYS;
	stage->config.interval_s = INTERVAL_S;
	stage_add_key(stage, KEY, "111", -1, -1);
	for (int i = 0; i < queries; i++) {
		char text[32];

		snprintf(text, sizeof(text), "query number %d", i + 1);
		stage_add_query(stage, text);
	}
	return stage;
}

static void set_faults(struct sim *sim)
{
	sim->faults.share[FAULT_503] = 0.02;
	sim->faults.share[FAULT_HTML] = 0.01;
	sim->faults.share[FAULT_RESET] = 0.01;
	sim->faults.share[FAULT_HALF_JSON] = 0.01;
	sim->faults.share[FAULT_BURST] = 0.01;
	sim->faults.share[FAULT_FORBIDDEN] = 0.03;
	sim->faults.share[FAULT_NO_RESULTS] = 0.03;
	sim->without_snippet = 0.02;
	sim->swapped = 0.05;
	sim->withheld = 0.01;
	sim->endless = 0.1;
	sim->dropped = 0.01;
}

/* ---- what must hold on every day ---- */

/* No content is older than promised. */
static void assert_fresh(struct stage *stage)
{
	char before[24];

	snprintf(before, sizeof(before), "%lld", (long long)(stage_now(stage) - REFRESH_DAYS * SECONDS_PER_DAY));
	assert_int_equal(stage_number(stage,
	                              "SELECT count(*) FROM video WHERE checked_at > 0 AND missing_at = 0"
	                              " AND checked_at < CAST(?1 AS BIGINT)",
	                              before),
	                 0);
}

/* Nothing is both gone and there; what is there although it went was given by videos.list while YouTube had it. */
static void assert_gone_stays_gone(struct stage *stage, const struct text_list *gone)
{
	assert_int_equal(stage_number(stage, "SELECT count(*) FROM gone JOIN video USING (id)", NULL), 0);
	for (size_t i = 0; i < gone->count; i++) {
		AUTO(world_video_clear) struct world_video video = {0};
		struct error err;
		bool there;

		if (!stage_number(stage, "SELECT count(*) FROM video WHERE id = ?1", gone->items[i]))
			continue;
		int64_t checked_at = stage_number(stage, "SELECT checked_at FROM video WHERE id = ?1", gone->items[i]);
		assert_true(world_find(stage->world, gone->items[i], checked_at, &there, &video, &err));
		if (!there)
			fail_msg("%s is gone, and was announced again", gone->items[i]);
		assert_true(stage_number(stage, "SELECT first_seen_at FROM video WHERE id = ?1", gone->items[i]) <
		            video.fate.back_at);
	}
}

static void add_gone(struct stage *stage, struct text_list *gone)
{
	struct error err;
	int64_t count = stage_number(stage, "SELECT count(*) FROM gone", NULL);

	for (int64_t i = 0; i < count; i++) {
		char offset[24];
		char id[VIDEO_ID_SIZE];

		snprintf(offset, sizeof(offset), "%lld", (long long)i);
		stage_text(stage, "SELECT id FROM gone ORDER BY id LIMIT 1 OFFSET CAST(?1 AS BIGINT)", offset, id, sizeof(id));
		if (!text_list_has(gone, id))
			assert_true(text_list_add(gone, id, &err));
	}
}

/* ---- what must hold in the end ---- */

/* Title, time and kind are those that YouTube told when it was asked last. */
static void assert_true_to_life(struct stage *stage, const struct world_video *truth)
{
	AUTO(video_clear) struct video video = {0};
	struct error err;

	if (!stage_number(stage, "SELECT count(*) FROM video WHERE id = ?1", truth->id))
		return;
	int64_t at = stage_number(stage, "SELECT checked_at FROM video WHERE id = ?1", truth->id);
	if (at == 0)
		return;
	assert_true(store_video_get(stage->store, truth->id, &video, &err));
	assert_int_equal(strncmp(video.title, "Update: ", 8) == 0, fate_is_renamed(&truth->fate, at));
	assert_int_equal(video.kind, fate_kind(&truth->fate, at));
	assert_int_equal(video.published_at, fate_published_at(&truth->fate, at));
}

static void assert_all_true(struct stage *stage)
{
	for (size_t i = 0; i < stage->config.queries.count; i++) {
		AUTO(world_hits_clear) struct world_hits hits = {0};
		struct error err;

		assert_true(world_all(stage->world, stage->config.queries.items[i], START - 10 * SECONDS_PER_DAY,
		                      stage_now(stage), &hits, &err));
		for (size_t v = 0; v < hits.count; v++)
			assert_true_to_life(stage, &hits.items[v]);
	}
}

static void run_for(struct stage *stage, int days)
{
	AUTO(text_list_clear) struct text_list gone = {0};
	struct sim_project *project = &stage->youtube->sim.projects.projects[0];

	for (int day = 0; day < days; day++) {
		stage_run_until(stage, START + (day + 1) * SECONDS_PER_DAY);
		assert_true(project->used[BUCKET_SEARCHES] <= 100);
		assert_true(project->used[BUCKET_UNITS] <= STAGE_UNITS);
		assert_int_equal(project->refused[BUCKET_SEARCHES] + project->refused[BUCKET_UNITS], 0);
		assert_fresh(stage);
		assert_gone_stays_gone(stage, &gone);
		add_gone(stage, &gone);
	}
	print_message("%lld videos, %lld revisions, %zu went, %lld of them for good\n",
	              (long long)stage_number(stage, "SELECT count(*) FROM video", NULL),
	              (long long)stage_number(stage, "SELECT count(*) FROM revision", NULL), gone.count,
	              (long long)stage_number(stage, "SELECT count(*) FROM gone", NULL));
	assert_true(gone.count > 0);
	assert_true(gone.count > (size_t)stage_number(stage, "SELECT count(*) FROM gone", NULL));
	assert_true(stage_number(stage, "SELECT count(*) FROM revision", NULL) > 0);
	assert_true(stage_number(stage, "SELECT count(*) FROM video WHERE kind = 3", NULL) > 0);
}

/* ---- the tests ---- */

static void eight_days_of_thirty_queries_leave_a_sound_database(void **state)
{
	AUTO(stage_close) struct stage *stage = make_stage(1, QUERIES, 16);

	(void)state;
	set_faults(&stage->youtube->sim);
	run_for(stage, 8);
	stage_assert_sound(stage);
	assert_all_true(stage);
	stage_shut(stage);
	stage_open(stage);
	stage_assert_sound(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(eight_days_of_thirty_queries_leave_a_sound_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
