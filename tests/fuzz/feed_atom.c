/* Atom from the hub and of feeds: entries fit for the store, or an error. */

#include <string.h>

#include "feed/atom.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_UPSTREAM, ERR_NONE};
	struct feed feed = {0};
	struct error err = {0};

	if (!feed_parse((const char *)data, size, &feed, &err)) {
		fuzz_promise_error(&err, allowed);
		return 0;
	}
	PROMISE(feed.count <= FEED_ENTRIES_MAX);
	for (size_t i = 0; i < feed.count; i++) {
		PROMISE(video_id_is_valid(feed.entries[i].video_id));
		PROMISE(strlen(feed.entries[i].channel_id) < CHANNEL_ID_SIZE);
		fuzz_promise_text(feed.entries[i].channel_id);
		PROMISE(!feed.entries[i].gone || feed.entries[i].channel_id[0] == '\0');
	}
	return 0;
}
