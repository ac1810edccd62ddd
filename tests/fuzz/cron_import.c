/* A line of NDJSON: a video that can be saved and read back, or a reason in words. */

#include <string.h>

#include "cron/import/import.h"
#include "store/videos.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/store_fixture.h"

static void promise_saved(struct store *store, const struct video *video)
{
	AUTO(store_transaction_end) struct store *transaction = store;
	AUTO(video_clear) struct video read = {0};
	bool possible = video_time_is_possible(video->published_at, FIXTURE_NOW);
	enum video_saved saved;
	struct error err = {0};

	PROMISE(store_begin(store, &err));
	PROMISE(store_video_save(store, video, SOURCE_IMPORT, FIXTURE_NOW, &saved, NULL, &err));
	PROMISE(saved == VIDEO_ADDED);
	PROMISE(store_video_get(store, video->id, &read, &err));
	PROMISE(read.published_at == (possible ? video->published_at : FIXTURE_NOW));
	PROMISE(read.published_unknown == (video->published_unknown || !possible));
	PROMISE(read.kind == video->kind && read.views == video->views);
	PROMISE(strncmp(read.title, video->title, strlen(read.title)) == 0);
	fuzz_promise_text(read.title);
	fuzz_promise_text(read.description);
	fuzz_promise_text(read.thumbnails);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_INVALID, ERR_NONE};
	static struct store *store;
	AUTO(video_clear) struct video video = {0};
	struct error err = {0};

	store = store ? store : fixture_store();
	if (import_line((const char *)data, size, &video, &err))
		promise_saved(store, &video);
	else
		fuzz_promise_error(&err, allowed);
	return 0;
}
