#include "store/channels/followed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/internal.h"

/* Matches that are looked through in a transaction: others can write in between. */
enum { FOLLOW_STEP = 500 };

enum followed_statement {
	FOLLOWED_LIST,
	FOLLOWED_COUNT,
	FOLLOWED_CHANNEL_OF,
	FOLLOWED_INSERT,
	FOLLOWED_FOLLOW,
	FOLLOWED_WRITE,
	FOLLOWED_END,
	FOLLOWED_FORGET,
	FOLLOWED_BEGIN,
	UNFOLLOWED_SET,
	UNFOLLOWED_QUERY,
	UNFOLLOWED_MATCHES,
	FOLLOWER_LIST,
	SOURCE_NEXT,
	SOURCE_SET,
	SOURCE_FAILED,
	SOURCE_READ,
	SOURCE_UNREAD,
};

/* Channels with each query that follows them; a channel that none does is left out. */
#define FOLLOWED_TABLES                                                                                                          \
	" FROM followed_channel f JOIN channel c ON c.id = f.channel JOIN following g ON g.channel = f.channel"                  \
	" JOIN q ON q.id = g.query"

#define FOLLOWED_ROW(FIRST, NEXT)                                                                                                \
	FIRST(FOLLOWED_COL_ID, "f.channel")                                                                                      \
	NEXT(FOLLOWED_COL_CHANNEL_ID, "c.youtube_id")                                                                            \
	NEXT(FOLLOWED_COL_QUERY, "q.id")                                                                                         \
	NEXT(FOLLOWED_COL_IS_SOURCE, "q.source")                                                                                 \
	NEXT(FOLLOWED_COL_RATE, "q.rate")                                                                                        \
	NEXT(FOLLOWED_COL_SINCE, "f.since")                                                                                      \
	NEXT(FOLLOWED_COL_READ_AT, "f.read_at")                                                                                  \
	NEXT(FOLLOWED_COL_TRIED_AT, "f.tried_at")                                                                                \
	NEXT(FOLLOWED_COL_FAILURES, "f.failures")                                                                                \
	NEXT(FOLLOWED_COL_NEWEST_AT, "f.newest_at")                                                                              \
	NEXT(FOLLOWED_COL_UPLOADS, "f.uploads")                                                                                  \
	NEXT(FOLLOWED_COL_OBSERVED_S, "f.observed_s")                                                                            \
	NEXT(FOLLOWED_COL_HOURS, "f.hours")                                                                                      \
	NEXT(FOLLOWED_COL_ETAG, "f.etag")

enum { POSITIONS(FOLLOWED_ROW) };

enum { FOLLOWER_COL_ID, FOLLOWER_COL_TEXT, FOLLOWER_COL_SOURCE, FOLLOWER_COL_CHANNEL_ID, FOLLOWER_COL_SINCE };

static const char *const sql[] = {
    [FOLLOWED_LIST] = "WITH q AS MATERIALIZED (SELECT q.id, q.source, q.rate FROM query q WHERE " QUERY_FOLLOWS
		      ") SELECT " COLUMNS(FOLLOWED_ROW) FOLLOWED_TABLES " ORDER BY f.channel, g.query",
    [FOLLOWED_COUNT] = "SELECT count(DISTINCT g.channel) FROM following g JOIN query q ON q.id = g.query WHERE " QUERY_FOLLOWS,
    [FOLLOWED_CHANNEL_OF] = "SELECT v.channel FROM video v JOIN channel c ON c.id = v.channel JOIN query q ON q.id = ?1"
			    " WHERE v.seq = ?2 AND substr(c.youtube_id, 1, 2) = 'UC'"
			    " AND q.source = " SQL_SEARCH " AND " QUERY_FOLLOWS
			    " AND NOT EXISTS (SELECT 1 FROM following g WHERE g.channel = v.channel AND g.query = ?1)"
			    " AND (SELECT count(*) FROM (SELECT 1 FROM video o JOIN match m ON m.query = ?1 AND m.seq = o.seq"
			    " WHERE o.channel = v.channel ORDER BY o.seq DESC LIMIT 2) matches) = 2",
    [FOLLOWED_INSERT] = "INSERT INTO followed_channel (channel, since) VALUES (?1, ?2)"
			" ON CONFLICT (channel) DO UPDATE SET etag = '', observed_s = 0",
    [FOLLOWED_FOLLOW] = "INSERT INTO following (channel, query) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [FOLLOWED_WRITE] = "UPDATE followed_channel SET read_at = ?2, tried_at = ?3, failures = ?4, newest_at = ?5, uploads = ?6,"
		       " observed_s = ?7, hours = ?8, etag = ?9 WHERE channel = ?1",
    [FOLLOWED_END] = "DELETE FROM followed_channel WHERE channel = ?1",
    [FOLLOWED_FORGET] =
	"UPDATE followed_channel SET etag = '', observed_s = 0 WHERE channel IN (SELECT channel FROM following WHERE query = ?1)",
    [FOLLOWED_BEGIN] = "UPDATE followed_channel SET read_at = 0, tried_at = 0, failures = 0"
		       " WHERE channel = (SELECT source_channel FROM query WHERE id = ?1)",
    [UNFOLLOWED_SET] = "UPDATE query SET follow_below = ?2 WHERE id = ?1",
    [UNFOLLOWED_QUERY] = "SELECT q.id, q.follow_below FROM query q WHERE q.follow_below > 0 AND q.source = " SQL_SEARCH
			 " AND " QUERY_FOLLOWS " ORDER BY q.id LIMIT 1",
    [UNFOLLOWED_MATCHES] = "SELECT seq FROM match WHERE query = ?1 AND seq < ?2 AND seq >= ?3 ORDER BY seq DESC LIMIT ?4",
    [FOLLOWER_LIST] = "SELECT q.id, q.text, q.source, c.youtube_id,"
		      " CASE WHEN q.source = " SQL_CHANNEL " THEN q.kept_since"
		      " WHEN q.covered_until > 0 THEN q.covered_since"
		      " WHEN q.created_at - ?1 < q.kept_since THEN q.kept_since ELSE q.created_at - ?1 END"
		      " FROM query q LEFT JOIN channel c ON c.id = q.source_channel WHERE " QUERY_FOLLOWS
		      " AND (q.source = " SQL_SEARCH " OR q.source_channel IS NOT NULL) ORDER BY q.id",
    [SOURCE_NEXT] = "SELECT q.id, q.text FROM query q WHERE q.source = " SQL_CHANNEL
		    " AND q.source_channel IS NULL AND q.in_period = 1 AND q.entry_state = " SQL_ACTIVE
		    " AND q.next_poll_at <= ?1 ORDER BY q.id LIMIT 1",
    [SOURCE_SET] = "UPDATE query SET source_channel = ?2, next_poll_at = 0, failures = 0, error = NULL WHERE id = ?1",
    [SOURCE_FAILED] = "UPDATE query SET attempted_at = ?2, next_poll_at = ?3, failures = failures + 1, error = ?4 WHERE id = ?1",
    [SOURCE_READ] = "UPDATE query SET attempted_at = ?2, succeeded_at = ?2, failures = 0, error = NULL WHERE source_channel = ?1"
		    " AND entry_state = " SQL_ACTIVE,
    [SOURCE_UNREAD] = "UPDATE query SET attempted_at = ?2, failures = failures + 1, error = ?3 WHERE source_channel = ?1"
		      " AND entry_state = " SQL_ACTIVE,
};

const struct statements followed_statements = STATEMENTS(sql);

/* ---- channels ---- */

/* The query that a channel is followed for, of several the one that counts: its source, or the one that brings most. */
struct following {
	int64_t query_id;
	bool is_source;
	double rate; /* videos a day */
};

static bool counts_more(const struct following *following, const struct following *other)
{
	return following->is_source != other->is_source ? following->is_source : following->rate > other->rate;
}

static bool add_followed(struct followed_list *list, struct statement *row, struct error *err)
{
	struct followed_channel *channel = followed_list_add(list);

	if (!channel)
		return error_no_memory(err);
	channel->id = column_int(row, FOLLOWED_COL_ID);
	channel->since = column_int(row, FOLLOWED_COL_SINCE);
	channel->read_at = column_int(row, FOLLOWED_COL_READ_AT);
	channel->tried_at = column_int(row, FOLLOWED_COL_TRIED_AT);
	channel->failures = column_int(row, FOLLOWED_COL_FAILURES);
	channel->newest_at = column_int(row, FOLLOWED_COL_NEWEST_AT);
	channel->uploads = column_real(row, FOLLOWED_COL_UPLOADS);
	channel->observed_s = column_real(row, FOLLOWED_COL_OBSERVED_S);
	followed_channel_read_hours(channel, column_text(row, FOLLOWED_COL_HOURS));
	snprintf(channel->channel_id, sizeof(channel->channel_id), "%s", column_text(row, FOLLOWED_COL_CHANNEL_ID));
	snprintf(channel->etag, sizeof(channel->etag), "%s", column_text(row, FOLLOWED_COL_ETAG));
	return true;
}

/* BEST is what counts of the channel that LIST has last. */
static bool read_followed(struct followed_list *list, struct statement *row, struct following *best, struct error *err)
{
	struct following following = {.query_id = column_int(row, FOLLOWED_COL_QUERY),
	                              .is_source = column_int(row, FOLLOWED_COL_IS_SOURCE) == QUERY_SOURCE_CHANNEL,
	                              .rate = column_real(row, FOLLOWED_COL_RATE)};
	bool known = list->count && list->items[list->count - 1].id == column_int(row, FOLLOWED_COL_ID);

	if (!known && !add_followed(list, row, err))
		return false;
	if (known && !counts_more(&following, best))
		return true;
	*best = following;
	list->items[list->count - 1].query_id = following.query_id;
	list->items[list->count - 1].is_source = following.is_source;
	return true;
}

bool store_followed_list(struct store *store, struct followed_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[FOLLOWED_LIST]);
	AUTO(followed_list_clear) struct followed_list channels = {0};
	struct following best = {0};
	bool row = true;

	while (row)
		if (!statement_step(list, &row, err) || (row && !read_followed(&channels, list, &best, err)))
			return false;
	*out = channels;
	channels = (struct followed_list){0};
	return true;
}

bool store_followed_count(struct store *store, int64_t *out, struct error *err)
{
	return statement_number(statement_use(store, sql[FOLLOWED_COUNT]), out, err);
}

/* For one more query it counts its list anew. */
static bool insert(struct store *store, int64_t channel, int64_t query_id, int64_t now, struct error *err)
{
	return statement_run_ints(store, sql[FOLLOWED_INSERT], INTS(channel, now), err) &&
	       statement_run_ints(store, sql[FOLLOWED_FOLLOW], INTS(channel, query_id), err);
}

static bool follow(struct store *store, int64_t query_id, int64_t seq, int64_t now, struct error *err)
{
	struct statement *get = statement_use(store, sql[FOLLOWED_CHANNEL_OF]);
	int64_t channel;

	bind_ints(get, INTS(query_id, seq));
	if (!statement_number(get, &channel, err))
		return false;
	return !channel || insert(store, channel, query_id, now, err);
}

bool store_follow(struct store *store, int64_t query_id, int64_t seq, int64_t now, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, follow(store, query_id, seq, now, err), err);
}

static bool write(struct store *store, const struct followed_channel *channel, struct error *err)
{
	AUTO(statement_done) struct statement *update = statement_use(store, sql[FOLLOWED_WRITE]);
	char hours[HOURS_TEXT_SIZE];

	followed_channel_write_hours(channel, hours);
	bind_ints(update, INTS(channel->id, channel->read_at, channel->tried_at, channel->failures, channel->newest_at));
	bind_real(update, 6, channel->uploads);
	bind_real(update, 7, channel->observed_s);
	bind_text(update, 8, hours);
	bind_text(update, 9, channel->etag);
	return statement_run(update, err);
}

bool store_followed_write(struct store *store, const struct followed_channel *channel, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, write(store, channel, err), err);
}

bool store_followed_end(struct store *store, int64_t channel, struct error *err)
{
	return transaction_begin(store, err) &&
	       transaction_end(store, statement_run_ints(store, sql[FOLLOWED_END], INTS(channel), err), err);
}

/* ---- matches from before ---- */

bool followed_look_again(struct store *store, int64_t query_id, struct error *err)
{
	return statement_run_ints(store, sql[FOLLOWED_FORGET], INTS(query_id), err) &&
	       statement_run_ints(store, sql[FOLLOWED_BEGIN], INTS(query_id), err) &&
	       statement_run_ints(store, sql[UNFOLLOWED_SET], INTS(query_id, INT64_MAX), err);
}

/* Keys of the query's matches below BELOW, of videos that a channel's silence has not outlived, the newest first. */
static bool read_matches(struct store *store, int64_t query_id, int64_t below, int64_t now, int64_t seqs[FOLLOW_STEP],
                         int64_t *count, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[UNFOLLOWED_MATCHES]);
	int64_t since = now - FOLLOWED_SILENT_DAYS * SECONDS_PER_DAY;
	bool row;

	bind_ints(list, INTS(query_id, below, since << 10, FOLLOW_STEP));
	for (*count = 0; *count < FOLLOW_STEP; seqs[(*count)++] = column_int(list, 0)) {
		if (!statement_step(list, &row, err))
			return false;
		if (!row)
			break;
	}
	return true;
}

static bool follow_matches(struct store *store, int64_t query_id, int64_t below, int64_t now, struct error *err)
{
	int64_t seqs[FOLLOW_STEP];
	int64_t count;

	if (!read_matches(store, query_id, below, now, seqs, &count, err))
		return false;
	for (int64_t i = 0; i < count; i++)
		if (!follow(store, query_id, seqs[i], now, err))
			return false;
	return statement_run_ints(store, sql[UNFOLLOWED_SET], INTS(query_id, count == FOLLOW_STEP ? seqs[count - 1] : 0), err);
}

/* The next query with matches to look through; *QUERY_ID 0 when there is none. */
static bool next_unfollowed(struct store *store, int64_t *query_id, int64_t *below, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[UNFOLLOWED_QUERY]);
	bool row;

	if (!statement_step(next, &row, err))
		return false;
	*query_id = row ? column_int(next, 0) : 0;
	*below = row ? column_int(next, 1) : 0;
	return true;
}

static bool follow_known(struct store *store, int64_t now, bool *more, struct error *err)
{
	int64_t query_id, below;

	if (!next_unfollowed(store, &query_id, &below, err))
		return false;
	*more = query_id != 0;
	return !query_id || follow_matches(store, query_id, below, now, err);
}

bool store_follow_known(struct store *store, int64_t now, bool *more, struct error *err)
{
	return transaction_begin(store, err) && transaction_end(store, follow_known(store, now, more, err), err);
}

/* ---- queries ---- */

void follower_list_clear(struct follower_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		title_words_clear(&list->items[i].words);
	free(list->items);
	*list = (struct follower_list){0};
}

static bool add_follower(struct follower_list *list, struct statement *row, struct error *err)
{
	bool is_channel = column_int(row, FOLLOWER_COL_SOURCE) == QUERY_SOURCE_CHANNEL;

	if (!list_grow(&list->items, list->count, sizeof(*list->items)))
		return error_no_memory(err);
	struct follower *follower = &list->items[list->count];
	*follower = (struct follower){.id = column_int(row, FOLLOWER_COL_ID), .since = column_int(row, FOLLOWER_COL_SINCE)};
	snprintf(follower->channel_id, sizeof(follower->channel_id), "%s", column_text(row, FOLLOWER_COL_CHANNEL_ID));
	list->count++;
	return is_channel || title_words_read(column_text(row, FOLLOWER_COL_TEXT), &follower->words, err);
}

bool store_followers_list(struct store *store, int64_t start_days, struct follower_list *out, struct error *err)
{
	AUTO(statement_done) struct statement *list = statement_use(store, sql[FOLLOWER_LIST]);
	AUTO(follower_list_clear) struct follower_list followers = {0};
	bool row = true;

	bind_int(list, 1, start_days * SECONDS_PER_DAY);
	while (row)
		if (!statement_step(list, &row, err) || (row && !add_follower(&followers, list, err)))
			return false;
	*out = followers;
	followers = (struct follower_list){0};
	return true;
}

/* ---- sources ---- */

bool store_source_next(struct store *store, int64_t now, struct source *out, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[SOURCE_NEXT]);
	bool row;

	bind_int(next, 1, now);
	if (!statement_step(next, &row, err))
		return false;
	*out = (struct source){.query_id = row ? column_int(next, 0) : 0};
	snprintf(out->name, sizeof(out->name), "%s", row ? column_text(next, 1) : "");
	return true;
}

/* A list that was read for other queries before is read as if it were new: all of it is this one's. */
static bool set_source(struct store *store, int64_t query_id, struct video *video, int64_t now, struct error *err)
{
	int64_t channel;

	return channel_find(store, video, &channel, err) &&
	       statement_run_ints(store, sql[SOURCE_SET], INTS(query_id, channel), err) &&
	       insert(store, channel, query_id, now, err) && followed_look_again(store, query_id, err) &&
	       query_change(store, query_id, err);
}

bool store_source_set(struct store *store, int64_t query_id, const char *channel_id, const char *title, int64_t now,
                      struct error *err)
{
	AUTO(video_clear) struct video video = {0}; /* which is how channels are made */

	snprintf(video.channel_id, sizeof(video.channel_id), "%s", channel_id);
	return text_repair(title, strlen(title), &video.channel_title, err) && transaction_begin(store, err) &&
	       transaction_end(store, set_source(store, query_id, &video, now, err), err);
}

bool store_source_failed(struct store *store, int64_t query_id, const char *failure, int64_t now, int64_t next_at,
                         struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	struct statement *failed = statement_use(store, sql[SOURCE_FAILED]);
	bind_ints(failed, INTS(query_id, now, next_at));
	bind_text(failed, 4, failure);
	return transaction_end(store, statement_run(failed, err) && query_change(store, query_id, err), err);
}

bool store_source_note(struct store *store, int64_t channel, int64_t now, const char *failure, struct error *err)
{
	if (!transaction_begin(store, err))
		return false;
	struct statement *note = statement_use(store, sql[failure ? SOURCE_UNREAD : SOURCE_READ]);
	bind_ints(note, INTS(channel, now));
	if (failure)
		bind_text(note, 3, failure);
	bool done = statement_run(note, err);
	if (done && changed_rows(store))
		public_change(store);
	return transaction_end(store, done, err);
}
