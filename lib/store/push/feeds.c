#include "store/push/feeds.h"

#include <stdio.h>

#include "base/timestamp.h"
#include "store/internal.h"

enum feed_statement { FEED_NEXT, FEED_READ, HOST_GET, HOST_FAILED, HOST_ANSWERED };

static const char *const sql[] = {
    [FEED_NEXT] = "SELECT c.id, c.youtube_id, coalesce(r.newest_at, 0), coalesce(r.failures, 0), f.since FROM followed_channel f"
		  " JOIN channel c ON c.id = f.channel LEFT JOIN channel_feed r ON r.channel = f.channel"
		  " WHERE (coalesce(r.next_at, 0) <= ?1 OR r.next_at > ?2) AND EXISTS (SELECT 1 " FOLLOWERS_OF(
		      "f.channel") ") ORDER BY coalesce(r.next_at, 0), c.id LIMIT 1",
    [FEED_READ] = "INSERT INTO channel_feed (channel, newest_at, failures, next_at) VALUES (?1, ?2, ?3, ?4)"
		  " ON CONFLICT (channel) DO UPDATE SET newest_at = excluded.newest_at, failures = excluded.failures,"
		  " next_at = excluded.next_at",
    [HOST_GET] = "SELECT failures, until, error FROM host_pause WHERE host = ?1",
    [HOST_FAILED] = "INSERT INTO host_pause (host, failures, until, error) VALUES (?1, 1, ?2, ?3)"
		    " ON CONFLICT (host) DO UPDATE SET failures = host_pause.failures + 1, until = excluded.until,"
		    " error = excluded.error",
    [HOST_ANSWERED] = "DELETE FROM host_pause WHERE host = ?1",
};

const struct statements feeds_statements = STATEMENTS(sql);

bool store_feed_next(struct store *store, int64_t now, struct channel_feed *out, bool *found, struct error *err)
{
	AUTO(statement_done) struct statement *next = statement_use(store, sql[FEED_NEXT]);

	bind_ints(next, INTS(now, now + SECONDS_PER_DAY)); /* nothing is put off so long: the clock was set back */
	if (!statement_step(next, found, err))
		return false;
	if (!*found)
		return true;
	*out = (struct channel_feed){.channel = column_int(next, 0),
	                             .newest_at = column_int(next, 2),
	                             .failures = column_int(next, 3),
	                             .followed_since = column_int(next, 4)};
	snprintf(out->channel_id, sizeof(out->channel_id), "%s", column_text(next, 1));
	return true;
}

bool store_feed_read(struct store *store, const struct channel_feed *feed, int64_t next_at, struct error *err)
{
	return statement_run_ints(store, sql[FEED_READ], INTS(feed->channel, feed->newest_at, feed->failures, next_at), err);
}

bool store_host_get(struct store *store, enum push_host host, struct host_pause *out, struct error *err)
{
	AUTO(statement_done) struct statement *get = statement_use(store, sql[HOST_GET]);
	bool row;

	bind_int(get, 1, host);
	if (!statement_step(get, &row, err))
		return false;
	*out = (struct host_pause){0};
	if (!row)
		return true;
	out->failures = column_int(get, 0);
	out->until = column_int(get, 1);
	snprintf(out->error, sizeof(out->error), "%s", column_text(get, 2));
	return true;
}

bool store_host_failed(struct store *store, enum push_host host, int64_t until, const char *error, struct error *err)
{
	struct statement *failed = statement_use(store, sql[HOST_FAILED]);

	bind_int(failed, 1, host);
	bind_int(failed, 2, until);
	bind_text(failed, 3, error);
	return statement_run(failed, err);
}

bool store_host_answered(struct store *store, enum push_host host, struct error *err)
{
	return statement_run_ints(store, sql[HOST_ANSWERED], INTS(host), err);
}
