#include "store/search/video_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "store/internal.h"

enum { KEYS_BYTES = VIDEO_PAGE_MAX * 24 }; /* of keys as text */

enum video_list_statement { LIST_VIDEOS, LIST_VISITORS };

static const char *const sql[] = {
    /* The videos of a page in one go, in the order of the keys in ?1, a JSON array; once for each query that found a video, by its id. */
    [LIST_VIDEOS] =
	"SELECT " VIDEO_COLUMNS ", q.id, q.text, m.how, m.found_at FROM json_each(?1) k CROSS JOIN video v ON v.seq = k.value"
	" LEFT JOIN channel c ON c.id = v.channel LEFT JOIN match m INDEXED BY match_by_video ON m.seq = v.seq"
	" LEFT JOIN query q ON q.id = m.query AND q.origin <> 2 AND q.entry_state <> 3",
    /* Those of the page that only visitors' requests found. */
    [LIST_VISITORS] = "SELECT " VIDEO_COLUMNS ", NULL FROM json_each(?1) k CROSS JOIN visitor_video v ON v.seq = k.value"
		      " LEFT JOIN channel c ON c.id = v.channel",
};

const struct statements video_list_statements = STATEMENTS(sql);

void list_clear(struct list *list)
{
	search_plan_clear(&list->plan);
	scan_result_clear(&list->found);
}

static unsigned plan_flags_of(const struct video_request *request)
{
	if (request->sort == SORT_RELEVANCE)
		return PLAN_BY_RELEVANCE;
	if (request->public_only)
		return PLAN_PUBLIC_ONLY;
	return request->sort == SORT_NEWEST && request->counting != COUNT_EXACTLY ? PLAN_SOME_WORDS : 0;
}

bool list_plan(struct list *list, struct error *err)
{
	return search_plan_make(list->store, &list->request->filter, plan_flags_of(list->request), &list->plan, err);
}

/* The videos of a page while they are read: an engine may give its rows in any order. */
struct reading {
	struct video_list *videos;
	int64_t sorted[VIDEO_PAGE_MAX + 1]; /* the keys */
	size_t place[VIDEO_PAGE_MAX + 1];   /* of the video of each: 1 is the first one, 0 = not read yet */
	size_t count;
};

static int compare_keys(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static size_t *place_of(struct reading *reading, int64_t seq)
{
	const int64_t *key = bsearch(&seq, reading->sorted, reading->count, sizeof(seq), compare_keys);

	return &reading->place[key - reading->sorted];
}

/* Adds a query that found the video, by its id. */
static bool add_found(struct video *video, struct statement *row, struct error *err)
{
	if (!video_add_found(video, row, VIDEO_COLUMN_COUNT, err))
		return false;
	for (size_t i = video->found_count - 1; i > 0 && video->found[i - 1].query_id > video->found[i].query_id; i--) {
		struct found later = video->found[i - 1];
		video->found[i - 1] = video->found[i];
		video->found[i] = later;
	}
	return true;
}

/* Takes a row: of a video that is there, or of another one. */
static bool take_row(struct statement *row, struct reading *reading, struct error *err)
{
	size_t *place = place_of(reading, column_int(row, VIDEO_COL_SEQ));

	if (*place == 0) {
		struct video *video = video_list_add(reading->videos);

		if (!video)
			return error_no_memory(err);
		if (!video_read(row, video, err))
			return false;
		*place = reading->videos->count;
	}
	return column_is_null(row, VIDEO_COLUMN_COUNT) || add_found(&reading->videos->items[*place - 1], row, err);
}

static void write_keys(const int64_t *keys, size_t count, struct buf *out)
{
	struct writer w = writer_json(out);

	write_array(&w, NULL);
	for (size_t i = 0; i < count; i++)
		write_int(&w, NULL, keys[i]);
	write_end(&w);
}

/* Appends those of WHICH. */
static bool add_videos(struct store *store, enum video_list_statement which, const int64_t *keys, size_t count,
                       struct video_list *videos, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_BYTES);
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);
	struct reading reading = {.videos = videos, .count = count};
	bool row = true;

	memcpy(reading.sorted, keys, count * sizeof(*keys));
	qsort(reading.sorted, count, sizeof(*keys), compare_keys);
	write_keys(keys, count, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(list, 1, buf_text(&array));
	while (row) {
		if (!statement_step(list, &row, err) || (row && !take_row(list, &reading, err)))
			return false;
	}
	return true;
}

static void swap(struct video *a, struct video *b)
{
	struct video video = *a;

	*a = *b;
	*b = video;
}

/* Puts the videos, of which some may be missing, in the order of the keys. */
static void put_in_order(const int64_t *keys, size_t count, struct video_list *videos)
{
	size_t placed = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = placed;

		while (at < videos->count && videos->items[at].seq != keys[i])
			at++;
		if (at == videos->count)
			continue;
		if (at > placed)
			swap(&videos->items[at], &videos->items[placed]);
		placed++;
	}
}

/* Adds those that only visitors' requests found. */
static bool add_unlisted(struct store *store, const int64_t *keys, size_t count, struct video_list *videos, struct error *err)
{
	size_t listed = videos->count;

	if (listed < count && !add_videos(store, LIST_VISITORS, keys, count, videos, err))
		return false;
	for (size_t i = listed; i < videos->count; i++)
		videos->items[i].unlisted = true;
	put_in_order(keys, count, videos);
	return true;
}

static bool read_videos(struct store *store, const int64_t *keys, size_t count, struct video_list *videos, struct error *err)
{
	return count == 0 ||
	       (add_videos(store, LIST_VIDEOS, keys, count, videos, err) && add_unlisted(store, keys, count, videos, err));
}

bool list_read_videos(const struct list *list, struct video_list *out, struct error *err)
{
	return read_videos(list->store, list->keys, list->count, out, err) &&
	       (out->count == list->count || error_set(err, ERR_INTERNAL, "the database: a listed video is missing"));
}

bool store_videos_by_keys(struct store *store, const int64_t *keys, size_t count, struct video_list *out, struct error *err)
{
	AUTO(video_list_clear) struct video_list videos = {0};

	assert(count <= VIDEO_PAGE_MAX);
	if (!store_read_begin(store, err))
		return false;
	bool done = read_videos(store, keys, count, &videos, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = videos;
	videos = (struct video_list){0};
	return true;
}
