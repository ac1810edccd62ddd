#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "store/coverage.h"
#include "store/channels/followed.h"
#include "store/queries.h"
#include "store/statement.h"
#include "store/videos.h"
#include "tests/support/store_fixture.h"

enum { INTERVAL_S = 300 };

/* ---- making and unmaking ---- */

/* Memory that a forked child shares. */
static struct stage_youtube *share_memory(void)
{
	FILE *file = tmpfile();
	void *memory = MAP_FAILED;

	assert_non_null(file);
	if (ftruncate(fileno(file), (off_t)sizeof(struct stage_youtube)) == 0)
		memory = mmap(NULL, sizeof(struct stage_youtube), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
	fclose(file);
	assert_true(memory != MAP_FAILED);
	return memory;
}

void stage_open(struct stage *stage)
{
	struct error err = {0};

	if (!store_open(stage->path, STORE_CREATE, &stage->store, &err))
		fail_msg("%s", err.text);
	stage->cycle.store = stage->store;
}

void stage_shut(struct stage *stage)
{
	store_close(&stage->reader);
	store_close(&stage->store);
}

struct stage *stage_make(const struct world_options *options, int64_t start)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	struct error err;

	assert_non_null(stage);
	assert_true(quota_day_open(&err));
	/* In memory where there is such a place: nobody pulls a plug here. */
	snprintf(stage->folder, sizeof(stage->folder), "%s/newsreel-stage.XXXXXX",
	         access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(stage->folder));
	test_database_in(stage->folder, "newsreel.db", stage->path);
	assert_true(world_open(options, &stage->world, &err));
	stage->youtube = share_memory();
	stage->youtube->time.now = start;
	stage->youtube->sim =
	    (struct sim){.world = stage->world, .pictures = "https://i.ytimg.com", .faults = {.rng = rng_from(options->seed)}};
	stage->config = (struct config){
	    .interval_s = INTERVAL_S, .start_days = 7, .searches_per_day = 100, .units_per_day = STAGE_UNITS, .refresh_days = 25};
	stage->transport = (struct sim_transport){.sim = &stage->youtube->sim, .clock = fake_clock(&stage->youtube->time)};
	stage->cycle =
	    (struct cycle){.config = &stage->config,
	                   .youtube = {.base_url = "http://127.0.0.1/youtube/v3", .transport = sim_transport(&stage->transport)},
	                   .clock = fake_clock(&stage->youtube->time),
	                   .random = options->seed | 1};
	stage_open(stage);
	return stage;
}

static void remove_database(const struct stage *stage)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal", "-new"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/newsreel.db%s", stage->folder, suffixes[i]);
		unlink(path);
	}
	rmdir(stage->folder);
}

void stage_close(struct stage **stage)
{
	if (!*stage)
		return;
	stage_shut(*stage);
	world_close(&(*stage)->world);
	munmap((*stage)->youtube, sizeof(*(*stage)->youtube));
	text_list_clear(&(*stage)->config.api_keys);
	text_list_clear(&(*stage)->config.queries);
	remove_database(*stage);
	free(*stage);
	*stage = NULL;
}

void stage_add_key(struct stage *stage, const char *key, const char *number, int64_t searches, int64_t units)
{
	struct error err;

	assert_true(projects_add(&stage->youtube->sim.projects, key, number, searches, units < 0 ? STAGE_UNITS : units, &err));
	assert_true(text_list_add(&stage->config.api_keys, key, &err));
}

void stage_add_query(struct stage *stage, const char *text)
{
	struct error err;

	assert_true(world_know(stage->world, text, &err) && text_list_add(&stage->config.queries, text, &err));
}

/* ---- time ---- */

int64_t stage_now(const struct stage *stage)
{
	return clock_now(&stage->cycle.clock);
}

int64_t stage_run(struct stage *stage)
{
	AUTO(run_clear) struct run run = {0};
	struct error err = {0};
	bool no_key;

	if (!cycle_run(&stage->cycle, &run, &no_key, &err))
		fail_msg("the run could not go on: %s", err.text);
	assert_false(no_key);
	stage->youtube->time.now += stage->config.interval_s;
	stage->youtube->time.slept_ms = 0;
	return run.failures;
}

void stage_run_until(struct stage *stage, int64_t end)
{
	while (stage_now(stage) < end)
		stage_run(stage);
}

/* ---- what must hold ---- */

/* On a row of SQL. */
static struct statement *read_row(struct stage *stage, const char *sql, const char *id)
{
	struct error err = {0};

	if (!stage->reader && !store_open(stage->path, STORE_READ, &stage->reader, &err))
		fail_msg("%s", err.text);
	struct statement *row = fixture_statement(stage->reader, sql);
	bind_text(row, 1, id);
	if (!statement_row(row, "row", &err))
		fail_msg("%s: %s", sql, err.text);
	return row;
}

int64_t stage_number(struct stage *stage, const char *sql, const char *id)
{
	AUTO(statement_done) struct statement *row = read_row(stage, sql, id);

	return column_int(row, 0);
}

void stage_text(struct stage *stage, const char *sql, const char *id, char *out, size_t size)
{
	AUTO(statement_done) struct statement *row = read_row(stage, sql, id);

	snprintf(out, size, "%s", column_text(row, 0));
}

static bool is_recorded(struct stage *stage, const char *id)
{
	return stage_number(
		   stage,
		   "SELECT EXISTS (SELECT 1 FROM video WHERE id = ?1) OR EXISTS (SELECT 1 FROM pending_lookup WHERE id = ?1)"
		   " OR EXISTS (SELECT 1 FROM gone WHERE id = ?1)",
		   id) != 0;
}

void stage_assert_sound(struct stage *stage)
{
	struct error err = {0};

	if (!store_check(stage->store, &err))
		fail_msg("%s", err.text);
}

static const struct interval *interval_at(const struct coverage *coverage, int64_t time)
{
	for (size_t i = 0; i < coverage->count; i++)
		if (coverage->items[i].since <= time && time < coverage->items[i].until)
			return &coverage->items[i];
	return NULL;
}

static void assert_claims_of(struct stage *stage, const struct query *query)
{
	AUTO(world_hits_clear) struct world_hits hits = {0};
	struct error err;

	assert_true(world_all(stage->world, query->text, query->covered_since, stage_now(stage), &hits, &err));
	for (size_t i = 0; i < hits.count; i++) {
		const struct fate *fate = &hits.items[i].fate;
		const struct interval *interval = interval_at(&query->coverage, fate->announced_at);

		/* An interval of several readings has the time of the first; the index may lose what is gone before the last. */
		if (!interval || !interval->read_at || fate->shown_at > interval->read_at ||
		    !fate_is_in_index(fate, interval->read_at) || !fate_is_in_index(fate, stage_now(stage)))
			continue;
		if (!is_recorded(stage, hits.items[i].id))
			fail_msg("'%s' lost %s", query->text, hits.items[i].id);
	}
}

void stage_assert_claims(struct stage *stage)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	struct error err;

	assert_true(store_queries_list(stage->store, QUERIES_ACTIVE, stage_now(stage), &queries, &err));
	for (size_t i = 0; i < queries.count; i++)
		assert_claims_of(stage, &queries.items[i]);
}

/* ---- lists ---- */

static bool belongs(const struct follower_list *followers, const struct world_video *video)
{
	AUTO(title_clear) struct title title = {0};
	struct error err;
	bool any = false;

	assert_true(title_read(video->title, video->channel_title, &title, &err));
	for (size_t i = 0; i < followers->count; i++)
		any = any || strcmp(followers->items[i].channel_id, video->channel_id) == 0 ||
		      (!followers->items[i].channel_id[0] && title_matches(&title, &followers->items[i].words));
	return any;
}

/* Whether the video, as it was when its list was read, had to be recorded. */
static bool is_wanted(struct stage *stage, const struct follower_list *followers, int64_t read_at, struct world_video *video)
{
	struct error err;

	assert_true(world_tell(stage->world, read_at, video, &err));
	return fate_exists(&video->fate, read_at) && belongs(followers, video);
}

static void assert_list(struct stage *stage, const struct follower_list *followers, const struct followed_channel *channel,
                        int64_t since, struct stage_lists *lists)
{
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	struct error err;

	assert_true(world_uploads(stage->world, channel->channel_id, channel->read_at, &uploads, &err));
	for (size_t i = 0; i < uploads.count && uploads.items[i].fate.announced_at >= since; i++) {
		AUTO(video_clear) struct video video = {0};
		bool hidden = uploads.items[i].fate.shown_at == FATE_NEVER;

		if (!is_wanted(stage, followers, channel->read_at, &uploads.items[i]))
			continue;
		if (!store_video_get(stage->store, uploads.items[i].id, &video, &err) && err.code != ERR_GONE)
			fail_msg("upload %zu of %zu of %s: %s", i + 1, uploads.count, channel->channel_id, err.text);
		lists->hidden += hidden;
		lists->beyond += hidden && i >= SEARCH_PAGE_SIZE;
	}
}

struct stage_lists stage_assert_lists(struct stage *stage, int64_t since)
{
	AUTO(followed_list_clear) struct followed_list channels = {0};
	AUTO(follower_list_clear) struct follower_list followers = {0};
	struct stage_lists lists = {0};
	struct error err;

	assert_true(store_followed_list(stage->store, &channels, &err));
	assert_true(store_followers_list(stage->store, stage->config.start_days, &followers, &err));
	for (size_t i = 0; i < channels.count; i++)
		if (channels.items[i].read_at)
			assert_list(stage, &followers, &channels.items[i], since, &lists);
	return lists;
}

int stage_assert_told(struct stage *stage, const struct text_list *ids)
{
	AUTO(follower_list_clear) struct follower_list followers = {0};
	struct error err;
	int recorded = 0;

	assert_true(store_followers_list(stage->store, stage->config.start_days, &followers, &err));
	for (size_t i = 0; i < ids->count; i++) {
		AUTO(world_video_clear) struct world_video video = {0};
		bool found;

		if (is_recorded(stage, ids->items[i])) {
			recorded++;
			continue;
		}
		assert_true(world_find(stage->world, ids->items[i], stage_now(stage), &found, &video, &err));
		if (found && belongs(&followers, &video) &&
		    !stage_number(stage, "SELECT count(*) FROM noted_video WHERE id = ?1", ids->items[i]))
			fail_msg("the hub named %s, and nobody knows it", ids->items[i]);
	}
	return recorded;
}
