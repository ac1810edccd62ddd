#include "store/channels/channels.h"

#include <string.h>

#include "base/text.h"
#include "store/internal.h"
#include "store/figures/stats.h"

enum channel_statement {
	CHANNEL_GET,
	CHANNEL_INSERT,
	CHANNEL_RENAME,
	CHANNEL_PAGE,
	CHANNEL_COUNT,
	CHANNEL_PAGE_OF_QUERY,
	CHANNEL_COUNT_OF_QUERY,
	CHANNEL_QUERY_VIDEOS,
};

#define CHANNEL_ROW(FIRST, NEXT)                                                                                                 \
	FIRST(CHANNEL_COL_ID, "c.youtube_id")                                                                                    \
	NEXT(CHANNEL_COL_TITLE, "c.title")

enum { POSITIONS(CHANNEL_ROW) CHANNEL_COL_VIDEOS };

#define CHANNEL_COLUMNS COLUMNS(CHANNEL_ROW)
#define NEWEST_OF_QUERY                                                                                                          \
	"(SELECT m.seq FROM match m WHERE m.query = ?1 ORDER BY m.seq DESC LIMIT ?2) m JOIN video v ON v.seq = m.seq"

static const char *const sql[] = {
    [CHANNEL_GET] = "SELECT id, title FROM channel WHERE youtube_id = ?1",
    [CHANNEL_INSERT] = "INSERT INTO channel (youtube_id, title) VALUES (?1, ?2) RETURNING id",
    [CHANNEL_RENAME] = "UPDATE channel SET title = ?2 WHERE id = ?1",
    [CHANNEL_PAGE] = "SELECT " CHANNEL_COLUMNS ", c.videos FROM channel c WHERE c.videos > 0"
		     " ORDER BY c.videos DESC, c.id DESC LIMIT ?1 OFFSET ?2",
    [CHANNEL_COUNT] = "SELECT count(*) FROM channel WHERE videos > 0",
    [CHANNEL_PAGE_OF_QUERY] = "SELECT " CHANNEL_COLUMNS ", n.videos FROM"
			      " (SELECT v.channel, count(*) AS videos FROM " NEWEST_OF_QUERY " WHERE v.channel IS NOT NULL"
			      " GROUP BY v.channel ORDER BY videos DESC, v.channel DESC LIMIT ?3 OFFSET ?4) n"
			      " JOIN channel c ON c.id = n.channel ORDER BY n.videos DESC, c.id DESC",
    [CHANNEL_COUNT_OF_QUERY] = ("SELECT count(DISTINCT v.channel) FROM " NEWEST_OF_QUERY),
    [CHANNEL_QUERY_VIDEOS] = "SELECT videos FROM query WHERE id = ?1",
};

const struct statements channels_statements = STATEMENTS(sql);

/* ---- saving ---- */

/* Every video of the channel is indexed under its title. */
static bool rename_channel(struct store *store, int64_t id, const char *title, struct error *err)
{
	bool begun;

	if (!index_rename_begin(store, id, &begun, err))
		return false;
	if (!begun)
		return true;
	struct statement *rename = statement_use(store, sql[CHANNEL_RENAME]);
	bind_int(rename, 1, id);
	bind_text(rename, 2, title);
	public_change(store);
	return statement_run(rename, err) && index_rename_end(store, id, err);
}

static bool insert_channel(struct store *store, const char *youtube_id, const char *title, int64_t *id, struct error *err)
{
	struct statement *insert = statement_use(store, sql[CHANNEL_INSERT]);

	bind_text(insert, 1, youtube_id);
	bind_text(insert, 2, title);
	return statement_number(insert, id, err);
}

static const char *title_of(const struct video *video)
{
	return video->channel_title ? video->channel_title : "";
}

/* *RENAME tells whether the title that VIDEO gives is to be taken. */
static bool find_or_insert(struct store *store, const struct video *video, bool may_rename, int64_t *id, bool *rename,
                           struct error *err)
{
	const char *title = title_of(video);
	bool row = false;

	*id = 0;
	*rename = false;
	if (!video->channel_id[0])
		return true;
	AUTO(statement_done) struct statement *get = statement_use(store, sql[CHANNEL_GET]);
	bind_text(get, 1, video->channel_id);
	if (!statement_step(get, &row, err))
		return false;
	if (!row)
		return insert_channel(store, video->channel_id, title, id, err);
	*id = column_int(get, 0);
	const char *known = column_text(get, 1);
	*rename = *title && strcmp(title, known) != 0 && (may_rename || !*known);
	return true;
}

bool channel_find(struct store *store, const struct video *video, int64_t *id, struct error *err)
{
	bool ignored;

	return find_or_insert(store, video, false, id, &ignored, err);
}

bool channel_save(struct store *store, const struct video *video, bool may_rename, int64_t *id, struct error *err)
{
	bool rename;

	return find_or_insert(store, video, may_rename, id, &rename, err) &&
	       (!rename || rename_channel(store, *id, title_of(video), err));
}

/* ---- pages ---- */

void channel_page_clear(struct channel_page *page)
{
	channel_list_clear(&page->channels);
	*page = (struct channel_page){0};
}

static bool count_channels(struct store *store, int64_t query_id, int64_t *out, struct error *err)
{
	struct statement *count = statement_use(store, sql[query_id ? CHANNEL_COUNT_OF_QUERY : CHANNEL_COUNT]);

	if (query_id)
		bind_ints(count, INTS(query_id, COUNTED_MAX));
	return statement_number(count, out, err);
}

static bool read_channels(struct store *store, int64_t query_id, int64_t offset, int64_t page_size, struct channel_page *page,
                          struct error *err)
{
	AUTO(statement_done)
	struct statement *list = statement_use(store, sql[query_id ? CHANNEL_PAGE_OF_QUERY : CHANNEL_PAGE]);
	bool row = false;

	bind_ints(list, query_id ? INTS(query_id, COUNTED_MAX, page_size + 1, offset) : INTS(page_size + 1, offset));
	for (;;) {
		if (!statement_step(list, &row, err))
			return false;
		page->more = row && (int64_t)page->channels.count == page_size;
		if (!row || page->more)
			return true;
		struct channel *channel = channel_list_add(&page->channels);
		if (!channel)
			return error_no_memory(err);
		channel->videos = column_int(list, CHANNEL_COL_VIDEOS);
		if (!column_copy(list, CHANNEL_COL_ID, &channel->id, err) ||
		    !column_copy(list, CHANNEL_COL_TITLE, &channel->title, err))
			return false;
	}
}

static bool read_page(struct store *store, int64_t query_id, int64_t offset, int64_t page_size, struct channel_page *page,
                      struct error *err)
{
	struct statement *query_videos = statement_use(store, sql[CHANNEL_QUERY_VIDEOS]);
	int64_t videos;

	bind_int(query_videos, 1, query_id);
	if (!statement_number(query_videos, &videos, err))
		return false;
	page->counted_within = videos > COUNTED_MAX ? COUNTED_MAX : 0;
	return count_channels(store, query_id, &page->count, err) && read_channels(store, query_id, offset, page_size, page, err);
}

bool store_channels_page(struct store *store, int64_t query_id, int64_t page_number, int64_t page_size, struct channel_page *out,
                         struct error *err)
{
	AUTO(channel_page_clear) struct channel_page page = {0};

	if (page_number < 1 || page_number > INT64_MAX / VIDEO_PAGE_MAX || page_size < 1 || page_size > VIDEO_PAGE_MAX)
		return error_set(err, ERR_INVALID, "there is no such page");
	if (!store_read_begin(store, err))
		return false;
	bool done = read_page(store, query_id, (page_number - 1) * page_size, page_size, &page, err);
	store_read_end(store);
	if (!done)
		return false;
	*out = page;
	page = (struct channel_page){0};
	return true;
}
