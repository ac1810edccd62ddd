/* Channels that publish at hours and rates of their own: invented ones, and those that are made after a corpus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "tests/sim/world/world.h"

enum { NOW = 1795341600, DAYS = 40, HOURS = 24, LINES = 1200 };

struct fixture {
	struct world *world;
	struct corpus *corpus;
	struct world_hits all; /* of "cats", in the last DAYS */
	char file[64];
};

static const char *const topics[] = {"rockets"};

static void open_world(struct fixture *f, const struct world_options *options, double per_day)
{
	struct error err;

	assert_true(world_open(options, &f->world, &err) && world_set_rate(f->world, "cats", per_day, &err) &&
	            world_all(f->world, "cats", NOW - DAYS * (int64_t)SECONDS_PER_DAY, NOW, &f->all, &err));
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	open_world(f, &(struct world_options){.seed = 3, .rhythm = true}, 300);
	*state = f;
	return 0;
}

/* Twenty channels that publish every other day, each at an hour of its own, and as many that did so once. */
static void write_corpus(struct fixture *f)
{
	snprintf(f->file, sizeof(f->file), "/tmp/newsreel-corpus-XXXXXX");
	int fd = mkstemp(f->file);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	char time[TIMESTAMP_SIZE];

	assert_non_null(to);
	for (int i = 0; i < LINES; i++) {
		int channel = i % 20;
		int64_t at = NOW - NOW % SECONDS_PER_DAY - (i / 20) * 2 * (int64_t)SECONDS_PER_DAY +
		             channel * (int64_t)SECONDS_PER_HOUR + i % 3000;

		timestamp_format(at, time);
		fprintf(to,
		        "{\"id\":\"video%05dA\",\"title\":\"Rockets %d\",\"published_at\":\"%s\",\"channel_id\":\"UC%s%03d\"}\n",
		        i, i, time, i < 20 ? "single" : "steady", channel);
	}
	assert_int_equal(fclose(to), 0);
}

static int set_up_after_corpus(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct error err;

	assert_non_null(f);
	write_corpus(f);
	assert_true(corpus_open(f->file, 0, &f->corpus, &err));
	open_world(f, &(struct world_options){.seed = 3, .model = f->corpus, .model_topics = topics, .model_topic_count = 1}, 50);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	world_hits_clear(&f->all);
	world_close(&f->world);
	corpus_close(&f->corpus);
	if (f->file[0])
		unlink(f->file);
	free(f);
	return 0;
}

static size_t count_of(const struct fixture *f, const char *channel_id)
{
	size_t count = 0;

	for (size_t i = 0; i < f->all.count; i++)
		count += strcmp(f->all.items[i].channel_id, channel_id) == 0;
	return count;
}

static const char *busiest(const struct fixture *f)
{
	const char *found = NULL;
	size_t most = 0;

	for (size_t i = 0; i < f->all.count; i++) {
		size_t count = count_of(f, f->all.items[i].channel_id);

		if (count > most) {
			most = count;
			found = f->all.items[i].channel_id;
		}
	}
	return found;
}

static void a_topic_has_its_rate(void **state)
{
	struct fixture *f = *state;

	assert_in_range(f->all.count, 300 * DAYS * 95 / 100, 300 * DAYS * 105 / 100);
}

static void three_hours_hold_most_of_a_channels_videos(void **state)
{
	struct fixture *f = *state;
	const char *channel_id = busiest(f);
	int hours[HOURS] = {0};
	int all = 0;
	int best = 0;

	for (size_t i = 0; i < f->all.count; i++)
		if (strcmp(f->all.items[i].channel_id, channel_id) == 0) {
			hours[f->all.items[i].fate.announced_at / SECONDS_PER_HOUR % HOURS]++;
			all++;
		}
	for (int hour = 0; hour < HOURS; hour++) {
		int sum = hours[hour] + hours[(hour + 1) % HOURS] + hours[(hour + 2) % HOURS];
		best = sum > best ? sum : best;
	}
	assert_true(all > 200);
	assert_in_range(best * 100 / all, 54, 68);
}

/* A list of uploads has all that search could show, and other videos, whose titles say nothing of the query. */
static void channels_upload_other_videos_too(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	const char *channel_id = busiest(f);
	struct error err;
	size_t others = 0;
	size_t matches = 0;

	assert_true(world_uploads(f->world, channel_id, NOW, &uploads, &err));
	for (size_t i = 0; i < uploads.count; i++) {
		struct world_video *video = &uploads.items[i];

		if (video->fate.announced_at < NOW - DAYS * (int64_t)SECONDS_PER_DAY)
			continue;
		assert_true(world_tell(f->world, NOW, video, &err));
		assert_string_equal(video->channel_id, channel_id);
		bool about_cats = strstr(video->title, "cats") || strstr(video->title, "Cats");
		matches += about_cats;
		others += !about_cats;
	}
	assert_int_equal(matches, count_of(f, channel_id));
	assert_true(others > 0);
}

static void what_is_announced_is_all_that_channels_upload(void **state)
{
	struct fixture *f = *state;
	AUTO(world_hits_clear) struct world_hits announced = {0};
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	const char *channel_id = busiest(f);
	int64_t from = NOW - 10 * (int64_t)SECONDS_PER_DAY;
	struct error err;
	size_t own = 0;
	size_t expected = 0;

	assert_true(world_announced(f->world, from, NOW, &announced, &err) &&
	            world_uploads(f->world, channel_id, NOW, &uploads, &err));
	for (size_t i = 0; i < announced.count; i++)
		own += strcmp(announced.items[i].channel_id, channel_id) == 0;
	for (size_t i = 0; i < uploads.count; i++)
		expected += uploads.items[i].fate.announced_at >= from;
	assert_true(own > 20);
	assert_int_equal(own, expected);
}

static void some_channels_publish_a_single_video(void **state)
{
	struct fixture *f = *state;
	struct error err;
	size_t single = 0;

	for (size_t i = 0; i < f->all.count && i < 500; i++) {
		AUTO(world_hits_clear) struct world_hits uploads = {0};
		struct world_channel channel;

		assert_true(world_channel(f->world, f->all.items[i].channel_id, NULL, &channel));
		assert_string_equal(channel.id, f->all.items[i].channel_id);
		assert_string_equal(channel.title, f->all.items[i].channel_title);
		assert_true(world_uploads(f->world, channel.id, NOW, &uploads, &err));
		assert_true(uploads.count > 0);
		if (uploads.count > 1)
			continue;
		assert_string_equal(uploads.items[0].id, f->all.items[i].id);
		single++;
	}
	assert_in_range(single, 80, 170); /* a quarter */
}

static void every_video_is_found_by_its_id(void **state)
{
	struct fixture *f = *state;
	struct error err;

	for (size_t i = 0; i < f->all.count; i += 100) {
		AUTO(world_video_clear) struct world_video video = {0};
		bool found;

		assert_true(world_find(f->world, f->all.items[i].id, NOW, &found, &video, &err));
		assert_true(found);
		assert_string_equal(video.title, f->all.items[i].title);
		assert_string_equal(video.channel_id, f->all.items[i].channel_id);
		assert_int_equal(video.fate.announced_at, f->all.items[i].fate.announced_at);
	}
}

/* One half of the corpus's channels publish when they did there, the other half is many. */
static void a_world_is_made_after_a_corpus(void **state)
{
	struct fixture *f = *state;
	size_t copied = 0;
	size_t alike = 0;

	assert_in_range(f->all.count, 50 * DAYS * 85 / 100, 50 * DAYS * 115 / 100);
	for (size_t i = 0; i < corpus_count(f->corpus); i++) {
		const struct corpus_video *real = corpus_at(f->corpus, i);

		for (size_t k = 0; k < f->all.count; k++)
			copied += f->all.items[k].fate.announced_at == real->published_at;
	}
	for (size_t i = 0; i < f->all.count; i++)
		alike += count_of(f, f->all.items[i].channel_id) > 5;
	assert_in_range(copied, 100, 300); /* about ten of the channels, every other day */
	assert_in_range(alike, 1400, f->all.count);
}

static void a_corpus_without_the_topic_is_an_error(void **state)
{
	struct fixture *f = *state;
	static const char *const unknown[] = {"submarines"};
	struct world_options options = {.seed = 3, .model = f->corpus, .model_topics = unknown, .model_topic_count = 1};
	AUTO(world_close) struct world *world = NULL;
	struct error err;

	assert_true(world_open(&options, &world, &err));
	assert_false(world_know(world, "cats", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "submarines"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define AFTER(name) cmocka_unit_test_setup_teardown(name, set_up_after_corpus, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_topic_has_its_rate),
	    CASE(three_hours_hold_most_of_a_channels_videos),
	    CASE(channels_upload_other_videos_too),
	    CASE(what_is_announced_is_all_that_channels_upload),
	    CASE(some_channels_publish_a_single_video),
	    CASE(every_video_is_found_by_its_id),
	    AFTER(a_world_is_made_after_a_corpus),
	    AFTER(a_corpus_without_the_topic_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
