#include "store/search/video_list.h"

#include <assert.h>

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

/* Mostly the last one. */
static struct video *find_video(struct video_list *videos, int64_t seq)
{
	for (size_t i = videos->count; i > 0; i--)
		if (videos->items[i - 1].seq == seq)
			return &videos->items[i - 1];
	return NULL;
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

/* Takes a row: of a video that is there, or of another one. An engine may give them in any order. */
static bool take_row(struct statement *row, struct video_list *videos, struct error *err)
{
	struct video *video = find_video(videos, column_int(row, VIDEO_COL_SEQ));

	if (!video) {
		video = video_list_add(videos);
		if (!video)
			return error_no_memory(err);
		if (!video_read(row, video, err))
			return false;
	}
	return column_is_null(row, VIDEO_COLUMN_COUNT) || add_found(video, row, err);
}

static void write_keys(const int64_t *keys, size_t count, struct buf *out)
{
	struct writer w = writer_json(out);

	write_array(&w, NULL);
	for (size_t i = 0; i < count; i++)
		write_int(&w, NULL, keys[i]);
	write_end(&w);
}

/* Appends those of WHICH, in the order of the keys. */
static bool add_videos(struct store *store, enum video_list_statement which, const int64_t *keys, size_t count,
                       struct video_list *videos, struct error *err)
{
	AUTO(buf_clear) struct buf array = BUF(KEYS_BYTES);
	AUTO(statement_done) struct statement *list = statement_use(store, sql[which]);
	bool row = true;

	write_keys(keys, count, &array);
	if (!buf_ok(&array, err))
		return false;
	bind_text(list, 1, buf_text(&array));
	while (row) {
		if (!statement_step(list, &row, err) || (row && !take_row(list, videos, err)))
			return false;
	}
	return true;
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
		struct video video = videos->items[at];
		videos->items[at] = videos->items[placed];
		videos->items[placed++] = video;
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
