/*
 * Writes into a record as newsreel-fetch does, for the benchmark.
 *
 * usage: writer found RECORD NDJSON TEXT EVERY
 *		tracks TEXT; every EVERY-th video of the file, which are in the record already, is one that it found
 *	writer save RECORD NDJSON TRANSACTIONS VIDEOS PAUSE_MS
 *		saves VIDEOS of the file, found by the query 1, in each of so many transactions, and prints how many microseconds
 *		each took
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "cron/import/import.h"
#include "store/matches.h"
#include "store/queries.h"
#include "store/videos.h"

enum { BATCH = 1000 };

static int64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Reads up to COUNT videos. */
static bool read_videos(FILE *from, int64_t count, struct video_list *out, struct error *err)
{
	AUTO(text_free) char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((int64_t)out->count < count && (len = getline(&line, &room, from)) >= 0) {
		struct video *video = video_list_add(out);

		if (!video)
			return error_no_memory(err);
		if (!import_line(line, (size_t)len, video, err))
			return false;
	}
	return true;
}

/* Saves every EVERY-th of them, and that the query found it, in one transaction. */
static bool save(struct store *store, const struct video_list *videos, int64_t query_id, int64_t every, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = store;
	int64_t now = (int64_t)time(NULL);

	if (!store_begin(store, err))
		return false;
	for (size_t i = 0; i < videos->count; i += (size_t)every) {
		enum video_saved saved;
		bool added;
		int64_t seq;

		if (!store_video_save(store, &videos->items[i], SOURCE_SEARCH, now, &saved, &seq, err) ||
		    !store_match_save(store, query_id, seq, FOUND_SEARCH, now, &added, err))
			return false;
	}
	return store_commit(store, err);
}

static bool mark_found(struct store *store, FILE *from, const char *text, int64_t every, struct error *err)
{
	enum query_added added;
	int64_t query_id;

	if (!store_query_add(store, text, ORIGIN_OWNER, 0, (int64_t)time(NULL), &query_id, &added, err))
		return false;
	for (;;) {
		AUTO(video_list_clear) struct video_list videos = {0};

		if (!read_videos(from, BATCH / every * every + every, &videos, err) ||
		    !save(store, &videos, query_id, every, err))
			return false;
		if (videos.count == 0)
			return true;
	}
}

static bool save_all(struct store *store, FILE *from, int64_t transactions, int64_t count, int64_t pause_ms, struct error *err)
{
	const struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};

	for (; transactions > 0; transactions--) {
		AUTO(video_list_clear) struct video_list videos = {0};

		if (!read_videos(from, count, &videos, err))
			return false;
		if (videos.count == 0)
			return error_set(err, ERR_INVALID, "the file has too few videos");
		int64_t started = monotonic_us();
		if (!save(store, &videos, 1, 1, err))
			return false;
		printf("%" PRId64 "\n", monotonic_us() - started);
		fflush(stdout);
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool run(int argc, char *argv[], struct store *store, FILE *from, struct error *err)
{
	int64_t a, b, c;

	if (argc == 6 && strcmp(argv[1], "found") == 0 && text_int(argv[5], 1, BATCH, &a))
		return mark_found(store, from, argv[4], a, err);
	if (argc == 7 && strcmp(argv[1], "save") == 0 && text_int(argv[4], 1, INT32_MAX, &a) && text_int(argv[5], 1, BATCH, &b) &&
	    text_int(argv[6], 0, INT32_MAX, &c))
		return save_all(store, from, a, b, c, err);
	return error_set(err, ERR_INVALID,
	                 "usage: writer found RECORD NDJSON TEXT EVERY | writer save RECORD NDJSON TRANSACTIONS VIDEOS PAUSE_MS");
}

int main(int argc, char *argv[])
{
	AUTO(store_close) struct store *store = NULL;
	struct error err = {0};
	FILE *from = argc > 3 ? fopen(argv[3], "r") : NULL;
	bool done = (!from || store_open(argv[2], STORE_CREATE, &store, &err)) && run(argc, argv, store, from, &err);

	if (!done)
		fprintf(stderr, "writer: %s\n", err.text);
	if (from)
		fclose(from);
	return done ? 0 : 1;
}
