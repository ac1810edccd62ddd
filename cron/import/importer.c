#include "cron/import/importer.h"

#include <string.h>

#include "store/alerts/outbox.h"
#include "store/matches.h"
#include "store/videos.h"

enum {
	BATCH = 20000,       /* videos that are sorted and saved together */
	INDEX_BATCH = 50000, /* videos that go into the search index from one message to the next */
	PROGRESS_LINES = 10000,
};

int64_t import_videos_read(const struct import_result *result)
{
	return result->added + result->updated + result->unchanged;
}

/* ---- what is skipped; neighbours with the same reason together ---- */

static void print_skipped(struct importer *importer)
{
	long long first = (long long)importer->skipped_first, last = (long long)importer->skipped_last;

	if (first == 0)
		return;
	if (first == last)
		fprintf(importer->progress, "%s %lld skipped: %s\n", importer->unit, first, importer->skipped_reason);
	else
		fprintf(importer->progress, "%ss %lld-%lld skipped: %s\n", importer->unit, first, last, importer->skipped_reason);
	importer->skipped_first = 0;
}

void importer_skip(struct importer *importer, const char *reason)
{
	int64_t at = importer->result.lines;

	importer->result.skipped++;
	if (importer->skipped_first == 0 || importer->skipped_last + 1 != at || strcmp(importer->skipped_reason, reason) != 0) {
		print_skipped(importer);
		importer->skipped_first = at;
		snprintf(importer->skipped_reason, sizeof(importer->skipped_reason), "%s", reason);
	}
	importer->skipped_last = at;
}

/* ---- saving ---- */

static bool save_matches(struct store *store, const struct video *video, enum video_saved saved, int64_t seq, int64_t now,
                         struct error *err)
{
	for (size_t i = 0; i < video->found_count && saved != VIDEO_WAS_GONE; i++) {
		int64_t query = video->found[i].query_id;
		bool added;

		if (saved == VIDEO_HIDDEN ? !store_match_save_hidden(store, query, video->id, FOUND_IMPORT, now, &added, err)
		                          : !store_match_save(store, query, seq, FOUND_IMPORT, now, &added, err))
			return false;
	}
	return true;
}

static bool save_one(struct store *store, const struct video *video, int64_t now, struct import_result *saved, struct error *err)
{
	enum video_saved what;
	int64_t seq = 0;

	if (!store_video_save(store, video, SOURCE_IMPORT, now, &what, &seq, err) ||
	    !save_matches(store, video, what, seq, now, err))
		return error_wrap(err, "video %s", video->id);
	saved->added += what == VIDEO_ADDED;
	saved->updated += what == VIDEO_CHANGED;
	saved->unchanged += what == VIDEO_SAME || what == VIDEO_WAS_GONE || what == VIDEO_HIDDEN;
	return true;
}

/* Saves videos of the batch from *NEXT on, one at least, in one transaction: all, or as many as others can wait for. */
static bool save_some(struct importer *importer, size_t *next, int64_t now, struct error *err)
{
	struct store *store = importer->store;
	AUTO(store_transaction_end) struct store *transaction = store;
	struct import_result saved = importer->result;
	size_t at = *next;
	int64_t recorded;

	if (!store_begin(store, err) || !store_recorded_last(store, &recorded, err))
		return false;
	do {
		if (!save_one(store, &importer->batch.items[at++], now, &saved, err))
			return false;
	} while (at < importer->batch.count && !store_transaction_is_long(store));
	if (!store_backfill_note(store, recorded, err) || !store_commit(store, err))
		return false;
	*next = at;
	importer->result = saved;
	return true;
}

/* Saves the batch and empties it. */
static bool save_batch(struct importer *importer, struct error *err)
{
	int64_t now = clock_now(importer->clock);

	video_list_sort(&importer->batch);
	for (size_t next = 0; next < importer->batch.count;)
		if (!save_some(importer, &next, now, err))
			return false;
	video_list_clear(&importer->batch);
	return true;
}

bool importer_add(struct importer *importer, struct video *video, struct error *err)
{
	struct video *slot = video_list_add(&importer->batch);

	if (!slot)
		return error_no_memory(err);
	*slot = *video;
	*video = (struct video){0};
	return importer->batch.count < BATCH || save_batch(importer, err);
}

/* ---- progress ---- */

void importer_count(struct importer *importer)
{
	const struct import_result *result = &importer->result;
	int64_t ms = clock_monotonic_ms() - importer->started_ms;

	if (result->lines && result->lines % PROGRESS_LINES == 0) {
		fprintf(importer->progress, "%lld %ss, %lld videos, %lld skipped, %lld %ss/s\n", (long long)result->lines,
		        importer->unit, (long long)import_videos_read(result), (long long)result->skipped,
		        (long long)(result->lines * 1000 / (ms ? ms : 1)), importer->unit);
		fflush(importer->progress);
	}
	importer->result.lines++;
}

/* ---- the search index, last ---- */

bool import_fill_index(struct store *store, FILE *progress, struct error *err)
{
	int64_t left = 1;

	while (left) {
		if (!store_upkeep(store, INDEX_BATCH, &left, err))
			return false;
		if (left) {
			fprintf(progress, "search index: %lld videos left\n", (long long)left);
			fflush(progress);
		}
	}
	return true;
}

static bool finish(struct importer *importer, struct error *err)
{
	print_skipped(importer);
	if (!save_batch(importer, err) || !import_fill_index(importer->store, importer->progress, err))
		return false;
	if (importer->result.added < INDEX_BATCH)
		return true;
	fprintf(importer->progress, "search index: merging\n");
	fflush(importer->progress);
	return store_optimize(importer->store, err);
}

/* ---- all of it ---- */

bool importer_begin(struct importer *importer, struct error *err)
{
	importer->started_ms = clock_monotonic_ms();
	return store_bulk_begin(importer->store, err);
}

bool importer_end(struct importer *importer, bool done, struct error *err)
{
	struct error ignored;

	done = done && finish(importer, err);
	video_list_clear(&importer->batch);
	return store_bulk_end(importer->store, done ? err : &ignored) && done;
}
