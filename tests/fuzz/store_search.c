/* Search text: whatever is typed is an expression that SQLite takes, and what is counted is listed, newest first. */

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "store/video_search.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/store_fixture.h"

enum { SEARCH_CHARACTERS_MAX = 500 };

static struct store *make_record(void)
{
	struct store *store = fixture_store();
	int64_t query = fixture_query(store, "block games");

	fixture_save(store, "aaaaaaaaaaA", "Minecraft with friends: don't panic", "a C++ house & a café", "AC/DC Fan",
	             FIXTURE_NOW, SOURCE_SEARCH);
	fixture_save(store, "aaaaaaaaaaE", "Pokémon オフィシャル ミュージックビデオ", "เพลงใหม่ล่าสุด 뮤직뱅크", NULL,
	             FIXTURE_NOW - 1, SOURCE_SEARCH);
	fixture_match(store, query,
	              fixture_save(store, "aaaaaaaaaaI", "NEAR AND NOT OR", "", NULL, FIXTURE_NOW - 2, SOURCE_SEARCH));
	return store;
}

static void promise_page(const struct video_page *page)
{
	PROMISE(page->count_is_exact && page->count == (int64_t)page->videos.count);
	for (size_t i = 1; i < page->videos.count; i++)
		PROMISE(page->videos.items[i - 1].seq > page->videos.items[i].seq);
}

static void search(struct store *store, const char *words, int64_t query_id)
{
	AUTO(video_page_clear) struct video_page page = {0};
	const struct video_request request = {.filter = {.words = words, .query_id = query_id},
	                                      .page_number = 1,
	                                      .page_size = VIDEO_PAGE_MAX};
	struct error err = {0};

	if (!store_videos_page(store, &request, &page, &err))
		fuzz_promise_error(&err, (const enum error_code[]){ERR_NONE});
	promise_page(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store *store;
	AUTO(text_free) char *words = fuzz_take_text(data, size);

	if (utf8_length(words) > SEARCH_CHARACTERS_MAX)
		return 0;
	store = store ? store : make_record();
	search(store, words, 0);
	search(store, words, 1);
	return 0;
}
