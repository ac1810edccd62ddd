#include "cron/push/feeds.h"

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/timestamp.h"
#include "cron/push/hosts.h"
#include "feed/atom.h"
#include "store/push/feeds.h"
#include "store/push/notes.h"

enum {
	FEEDS_PER_RUN = 10,
	PAUSE_S = 900,     /* YouTube caches a feed so long */
	DOUBLINGS_MAX = 6, /* of that pause, with failures in a row */
	FRESH_S =
	    2 * SECONDS_PER_DAY, /* of a feed that is read for the first time, what is older is left to searches and lists */
	URL_MAX_BYTES = 2048,
	STATUS_GOOD = 200
};

/* What a reading failed by; TEXT "" when it did not. */
struct reading {
	struct feed feed;
	int64_t retry_after;
	char text[160];
};

/* False only without memory. */
static bool read_feed(struct fetch_run *run, const struct channel_feed *channel, struct reading *out, struct error *err)
{
	const struct transport *transport = &run->client.youtube->transport;
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	*out = (struct reading){.retry_after = -1};
	buf_printf(&url, "%s?channel_id=", run->config->rss_url);
	percent_encode(&url, channel->channel_id);
	bool done = buf_ok(&url, err) && transport->get(transport->context, buf_text(&url), NULL, &response, err);
	if (done && response.status != STATUS_GOOD) {
		out->retry_after = response.retry_after;
		done = error_set(err, ERR_UPSTREAM, "status %d", response.status);
	}
	if (done && feed_parse(buf_text(&response.body), response.body.len, &out->feed, err))
		return true;
	snprintf(out->text, sizeof(out->text), "%.150s", err->text);
	return err->code != ERR_NO_MEMORY;
}

/* Notes what is newer than what was seen of the feed before. */
static bool note_new(struct fetch_run *run, const struct feed *feed, struct channel_feed *channel, int64_t now, struct error *err)
{
	int64_t since = channel->newest_at ? channel->newest_at : now - FRESH_S;

	for (size_t i = 0; i < feed->count; i++) {
		const struct feed_entry *entry = &feed->entries[i];

		if (entry->gone || entry->published_at <= since || entry->published_at > now ||
		    strcmp(entry->channel_id, channel->channel_id) != 0)
			continue;
		/* What the channel had before it was followed is no news. */
		bool is_backfill = entry->published_at < channel->followed_since;
		if (!store_feed_note(run->store, entry->video_id, channel->channel_id, is_backfill, now, err))
			return false;
		if (entry->published_at > channel->newest_at)
			channel->newest_at = entry->published_at;
	}
	return true;
}

static bool take(struct fetch_run *run, const struct reading *reading, struct channel_feed *channel, struct error *err)
{
	AUTO(store_transaction_end) struct store *transaction = run->store;
	int64_t now = clock_now(&run->clock);

	channel->failures = 0;
	return store_begin(run->store, err) && note_new(run, &reading->feed, channel, now, err) &&
	       store_feed_read(run->store, channel, now + PAUSE_S, err) && store_host_answered(run->store, HOST_FEED, err) &&
	       store_commit(run->store, err);
}

/* There are spells of 404 for channels that live: it is like any other failure. */
static bool take_failure(struct fetch_run *run, const struct reading *reading, struct channel_feed *channel, struct error *err)
{
	int64_t doublings = channel->failures < DOUBLINGS_MAX ? channel->failures : DOUBLINGS_MAX;
	int64_t until;

	channel->failures++;
	return store_feed_read(run->store, channel, clock_now(&run->clock) + ((int64_t)PAUSE_S << doublings), err) &&
	       hosts_failed(run, HOST_FEED, reading->retry_after, reading->text, &until, err);
}

static bool read_next(struct fetch_run *run, bool *more, struct error *err)
{
	struct channel_feed channel;
	struct reading reading;
	bool may;

	if (!hosts_may_ask(run, HOST_FEED, &may, err) ||
	    !store_feed_next(run->store, clock_now(&run->clock), &channel, more, err))
		return false;
	*more = *more && may;
	if (!*more)
		return true;
	if (!read_feed(run, &channel, &reading, err))
		return false;
	*more = reading.text[0] == '\0';
	return *more ? take(run, &reading, &channel, err) : take_failure(run, &reading, &channel, err);
}

bool feeds_read(struct fetch_run *run, struct error *err)
{
	bool more = run->config->rss != 0;

	for (int i = 0; i < FEEDS_PER_RUN && more; i++)
		if (!read_next(run, &more, err))
			return false;
	return true;
}
