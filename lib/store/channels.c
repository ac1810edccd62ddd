#include "store/channels.h"

#include <string.h>

#include "base/text.h"
#include "store/videos_internal.h"

enum channel_statement { CHANNEL_GET, CHANNEL_INSERT, CHANNEL_RENAME };

static const char *const sql[] = {
    [CHANNEL_GET] = "SELECT id, title FROM channel WHERE youtube_id = ?1",
    [CHANNEL_INSERT] = "INSERT INTO channel (youtube_id, title) VALUES (?1, ?2)",
    [CHANNEL_RENAME] = "UPDATE channel SET title = ?2 WHERE id = ?1",
};

const struct statements channels_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum channel_statement which)
{
	return db_use(store, NOUN_CHANNELS, (int)which);
}

/* Every video of the channel is indexed under its title: all of them are indexed again. */
static bool rename_channel(struct store *store, int64_t id, const char *title, struct error *err)
{
	if (!index_delete_channel(store, id, err))
		return false;
	sqlite3_stmt *rename = use(store, CHANNEL_RENAME);
	db_bind_int(rename, 1, id);
	db_bind_text(rename, 2, title);
	db_public_change(store);
	return db_run(store, rename, err) && index_insert_channel(store, id, err);
}

static bool insert_channel(struct store *store, const char *youtube_id, const char *title, int64_t *id, struct error *err)
{
	sqlite3_stmt *insert = use(store, CHANNEL_INSERT);

	db_bind_text(insert, 1, youtube_id);
	db_bind_text(insert, 2, title);
	if (!db_run(store, insert, err))
		return false;
	*id = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool channel_keep(struct store *store, const struct video *video, bool may_rename, int64_t *id, struct error *err)
{
	const char *title = video->channel_title ? video->channel_title : "";
	AUTO(text_free) char *known = NULL;
	bool row = false;

	*id = 0;
	if (!video->channel_id[0])
		return true;
	AUTO(db_done) sqlite3_stmt *get = use(store, CHANNEL_GET);
	db_bind_text(get, 1, video->channel_id);
	if (!db_step(store, get, &row, err))
		return false;
	if (!row)
		return insert_channel(store, video->channel_id, title, id, err);
	*id = sqlite3_column_int64(get, 0);
	if (!db_copy(get, 1, &known, err))
		return false;
	sqlite3_reset(get);
	bool change = *title && strcmp(title, known) != 0 && (may_rename || !*known);
	return !change || rename_channel(store, *id, title, err);
}
