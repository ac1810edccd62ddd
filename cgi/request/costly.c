#include "cgi/request/costly.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { DATASETS_MAX = 2, LONG_BYTES = 60, WAIT_MS = 250, DEEP_FROM = 1000, MS_PER_S = 1000, NS_PER_MS = 1000000 };

/* Half of the threads may be at work on costly requests, and a quarter may wait: what is left is for all others. */
static int64_t share(const struct shared *shared, int64_t part)
{
	int64_t threads = shared->config->threads / part;

	return threads > 1 ? threads : 1;
}

static bool is_free(const struct shared *shared)
{
	return shared->costly.running < share(shared, 2);
}

static struct timespec in(int64_t ms)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	int64_t ns = end.tv_nsec + ms % MS_PER_S * NS_PER_MS;
	end.tv_sec += (time_t)(ms / MS_PER_S + ns / (MS_PER_S * NS_PER_MS));
	end.tv_nsec = (long)(ns % (MS_PER_S * NS_PER_MS));
	return end;
}

static void wait(struct shared *shared)
{
	const struct timespec end = in(WAIT_MS);
	int why = 0;

	if (shared->costly.waiting >= share(shared, 4))
		return;
	shared->costly.waiting++;
	while (!is_free(shared) && why == 0)
		why = pthread_cond_timedwait(&shared->costly.freed, &shared->costly.guard, &end);
	shared->costly.waiting--;
}

bool costly_begin(struct shared *shared, struct error *err)
{
	pthread_mutex_lock(&shared->costly.guard);
	if (!is_free(shared))
		wait(shared);
	bool taken = is_free(shared);
	shared->costly.running += taken;
	pthread_mutex_unlock(&shared->costly.guard);
	return taken || error_set(err, ERR_BUSY, "too many expensive requests are running: try again in a few seconds");
}

void costly_end(struct shared *shared)
{
	pthread_mutex_lock(&shared->costly.guard);
	shared->costly.running--;
	pthread_cond_signal(&shared->costly.freed);
	pthread_mutex_unlock(&shared->costly.guard);
}

static bool take_dataset(struct shared *shared)
{
	pthread_mutex_lock(&shared->costly.guard);
	bool taken = shared->costly.datasets < DATASETS_MAX;
	shared->costly.datasets += taken;
	pthread_mutex_unlock(&shared->costly.guard);
	return taken;
}

static void give_dataset_back(struct shared *shared)
{
	pthread_mutex_lock(&shared->costly.guard);
	shared->costly.datasets--;
	pthread_mutex_unlock(&shared->costly.guard);
}

bool costly_dataset_begin(struct shared *shared, struct error *err)
{
	if (!take_dataset(shared))
		return error_set(err, ERR_BUSY, "%d data sets are being sent: try again when one is done", DATASETS_MAX);
	if (costly_begin(shared, err))
		return true;
	give_dataset_back(shared);
	return false;
}

void costly_dataset_end(struct shared *shared)
{
	costly_end(shared);
	give_dataset_back(shared);
}

/* Whether most videos may fail, and many have to be looked at for one that does not: by kind, length, language, channels to leave out or time of recording, by a
 * phrase or a word to leave out, by many words. */
static bool is_narrow(const struct video_filter *filter)
{
	const char *words = filter->words;

	return (words && (strpbrk(words, "\"-") || strlen(words) > LONG_BYTES)) || filter->one_kind || filter->min_duration_s ||
	       filter->max_duration_s || filter->language || filter->excluded_channels || filter->recorded_after ||
	       filter->recorded_before;
}

static bool is_costly(const struct video_request *request)
{
	const struct video_filter *filter = &request->filter;
	bool deep =
	    !request->after && (filter->words || filter->channel_id) && request->page_number > DEEP_FROM / request->page_size;

	return request->with_hidden || video_sort_ranks(request->sort) || is_narrow(filter) || deep ||
	       request->counting == COUNT_EXACTLY;
}

bool costly_videos_page(struct app *app, const struct video_request *request, struct video_page *out, struct error *err)
{
	if (!is_costly(request))
		return store_videos_page(app->store, request, out, err);
	if (!costly_begin(app->shared, err))
		return false;
	bool done = store_videos_page(app->store, request, out, err);
	costly_end(app->shared);
	return done;
}

bool costly_volume(struct app *app, const struct video_filter *filter, enum volume_bucket bucket, struct volume *out,
                   struct error *err)
{
	if (!is_narrow(filter))
		return store_volume(app->store, filter, bucket, out, err);
	if (!costly_begin(app->shared, err))
		return false;
	bool done = store_volume(app->store, filter, bucket, out, err);
	costly_end(app->shared);
	return done;
}

bool costly_breakdown(struct app *app, const struct video_filter *filter, int64_t most, enum video_trait group,
                      enum video_trait parts, struct breakdown *out, struct error *err)
{
	if (!costly_begin(app->shared, err))
		return false;
	bool done = store_breakdown(app->store, filter, most, group, parts, out, err);
	costly_end(app->shared);
	return done;
}

bool costly_breakdown_by_query(struct app *app, const struct video_filter *filter, int64_t most, const int64_t *queries,
                               size_t count, enum video_trait parts, struct breakdown *out, struct error *err)
{
	if (!costly_begin(app->shared, err))
		return false;
	bool done = store_breakdown_by_query(app->store, filter, most, queries, count, parts, out, err);
	costly_end(app->shared);
	return done;
}
