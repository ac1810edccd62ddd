/* What a run plans with many followed channels: "plan make FILE" fills a database with 3,000 of them for thirty queries, "plan run FILE"
 * reads them and plans, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "cron/budget/budget.h"
#include "cron/cycle.h"
#include "model/quota_day.h"
#include "store/channels/followed.h"
#include "store/keys.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/runs.h"
#include "store/videos.h"
#include "tests/sim/world/rng.h"

enum { NOW = 1795341600, QUERIES = 30, CHANNELS = 3000 };

#define KEY "key-of-the-only-project-0"

static void must(bool done, const struct error *err)
{
	if (done)
		return;
	fprintf(stderr, "plan: %s\n", err->text);
	exit(1);
}

static struct config make_config(void)
{
	struct config config = {
	    .interval_s = 60, .start_days = 7, .searches_per_day = 100, .units_per_day = 10000, .refresh_days = 25};
	struct error err;

	must(text_list_add(&config.api_keys, KEY, &err), &err);
	for (int i = 0; i < QUERIES; i++) {
		char text[32];

		snprintf(text, sizeof(text), "query %d", i + 1);
		must(text_list_add(&config.queries, text, &err), &err);
	}
	return config;
}

/* ---- making ---- */

/* Two videos of the channel, so that it is followed. */
static void follow(struct store *store, int channel, struct error *err)
{
	char title[] = "A query";

	for (int i = 0; i < 2; i++) {
		struct video video = {.title = title, .channel_title = title, .published_at = NOW - channel - i * 100000};
		enum video_saved saved;
		int64_t seq;
		bool added;

		snprintf(video.id, sizeof(video.id), "video%04d%dA", channel, i);
		snprintf(video.channel_id, sizeof(video.channel_id), "UCchannel%04dofthebenchA", channel);
		must(store_video_save(store, &video, SOURCE_DETAILS, NOW, &saved, &seq, err) &&
		         store_match_save(store, channel % QUERIES + 1, seq, FOUND_SEARCH, NOW, &added, err) &&
		         store_follow(store, channel % QUERIES + 1, seq, NOW, err),
		     err);
	}
}

/* Each was read within two hours, and uploads at hours of its own. */
static void write_numbers(struct store *store, struct error *err)
{
	AUTO(followed_list_clear) struct followed_list channels = {0};
	struct rng rng = rng_from(1);

	must(store_followed_list(store, &channels, err), err);
	for (size_t i = 0; i < channels.count; i++) {
		struct upload uploads[50];
		int64_t hour = rng_between(&rng, 0, 23);

		for (int k = 0; k < 50; k++)
			uploads[k] =
			    (struct upload){NOW - k * (int64_t)SECONDS_PER_DAY / 2 - hour * (int64_t)SECONDS_PER_HOUR, true};
		followed_channel_take(&channels.items[i], uploads, 50, NOW - rng_between(&rng, 300, 7200));
		must(store_followed_write(store, &channels.items[i], err), err);
	}
}

static void make(struct store *store)
{
	struct config config = make_config();
	struct error err;

	must(cycle_follow_environment(store, &config, NOW, &err) && store_begin(store, &err), &err);
	for (int channel = 0; channel < CHANNELS; channel++)
		follow(store, channel, &err);
	write_numbers(store, &err);
	must(store_commit(store, &err), &err);
	text_list_clear(&config.api_keys);
	text_list_clear(&config.queries);
}

/* ---- planning ---- */

static void run(struct store *store)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	AUTO(key_list_clear) struct key_list keys = {0};
	AUTO(followed_list_clear) struct followed_list followed = {0};
	AUTO(plan_clear) struct plan plan = {0};
	struct quota_defaults quota = {{[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}};
	struct schedule_table schedule;
	struct error err;
	struct budget_input input = {.now = NOW,
	                             .day = quota_day_start(NOW),
	                             .reset = quota_day_end(NOW),
	                             .interval_s = 60,
	                             .start_days = 7,
	                             .queries = &queries,
	                             .keys = &keys,
	                             .followed = &followed,
	                             .schedule = &schedule};

	must(store_queries_list(store, QUERIES_ACTIVE, NOW, &queries, &err) && store_keys_list(store, &quota, NOW, &keys, &err) &&
	         store_schedule_read(store, input.day, &schedule, &err) && store_followed_list(store, &followed, &err) &&
	         budget_plan(&input, &plan, &err),
	     &err);
	if (followed.count != CHANNELS || plan.count == 0) {
		fprintf(stderr, "plan: %zu channels, %zu calls\n", followed.count, plan.count);
		exit(1);
	}
}

int main(int argc, char *argv[])
{
	bool makes = argc == 3 && strcmp(argv[1], "make") == 0;
	struct store *store = NULL;
	struct error err;

	if (!makes && !(argc == 3 && strcmp(argv[1], "run") == 0)) {
		fputs("usage: plan make|run FILE\n", stderr);
		return 2;
	}
	must(quota_day_open(&err) && store_open(argv[2], STORE_CREATE, &store, &err), &err);
	if (makes)
		make(store);
	else
		run(store);
	store_close(&store);
	return 0;
}
