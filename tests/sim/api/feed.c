/* The feed of a channel: Atom, its newest fifteen videos, as they were up to a quarter of an hour ago. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/timestamp.h"
#include "tests/sim/api/call.h"
#include "tests/sim/escape.h"

enum { ENTRIES_MAX = 15, CACHE_S = 900, SPELL_S = 6 * SECONDS_PER_HOUR, TIME_BYTES = 40 };

#define SITE "https://www.youtube.com"

/* "2026-01-22T15:01:42+00:00" */
static void write_time(int64_t time, char out[TIME_BYTES])
{
	timestamp_format(time, out);
	snprintf(out + strlen(out) - 1, TIME_BYTES - strlen(out), "+00:00");
}

static void add_element(struct buf *out, const char *indent, const char *name, const char *text)
{
	buf_printf(out, "%s<%s>", indent, name);
	escape_text(text, out);
	buf_printf(out, "</%s>\n", name);
}

static void add_time(struct buf *out, const char *indent, const char *name, int64_t time)
{
	char text[TIME_BYTES];

	write_time(time, text);
	add_element(out, indent, name, text);
}

static void add_author(struct buf *out, const char *indent, const char *title, const char *channel_id)
{
	buf_printf(out, "%s<author>\n%s <name>", indent, indent);
	escape_text(title, out);
	buf_printf(out, "</name>\n%s <uri>" SITE "/channel/%s</uri>\n%s</author>\n", indent, channel_id, indent);
}

static void add_media(struct buf *out, const struct call *call, const struct world_video *video, int64_t built_at)
{
	struct fate_counts counts = fate_counts(&video->fate, built_at);

	buf_add_text(out, "  <media:group>\n");
	add_element(out, "   ", "media:title", video->title);
	buf_printf(out,
	           "   <media:content url=\"" SITE "/v/%s?version=3\" type=\"application/x-shockwave-flash\" width=\"640\" "
	           "height=\"390\"/>\n"
	           "   <media:thumbnail url=\"%s/vi/%s/hqdefault.jpg\" width=\"480\" height=\"360\"/>\n",
	           video->id, call->sim->pictures, video->id);
	add_element(out, "   ", "media:description", video->description);
	buf_printf(out,
	           "   <media:community>\n    <media:starRating count=\"%lld\" average=\"5.00\" min=\"1\" max=\"5\"/>\n    "
	           "<media:statistics views=\"%lld\"/>\n   </media:community>\n  </media:group>\n",
	           counts.likes < 0 ? 0LL : (long long)counts.likes, counts.views < 0 ? 0LL : (long long)counts.views);
}

static void add_entry(struct buf *out, const struct call *call, const struct world_video *video, int64_t built_at)
{
	const struct fate *fate = &video->fate;
	int64_t published_at = fate_published_at(fate, built_at);

	buf_printf(out, " <entry>\n  <id>yt:video:%s</id>\n  <yt:videoId>%s</yt:videoId>\n  <yt:channelId>%s</yt:channelId>\n",
	           video->id, video->id, video->channel_id);
	add_element(out, "  ", "title", video->title);
	buf_printf(out, "  <link rel=\"alternate\" href=\"" SITE "/%s%s\"/>\n",
	           fate_is_short(fate) ? "shorts/" : "watch?v=", video->id);
	add_author(out, "  ", video->channel_title, video->channel_id);
	add_time(out, "  ", "published", published_at);
	add_time(out, "  ", "updated", fate_is_renamed(fate, built_at) ? fate->renamed_at : published_at);
	add_media(out, call, video, built_at);
	buf_add_text(out, " </entry>\n");
}

static bool write_feed(struct call *call, const struct world_channel *channel, struct world_hits *uploads, int64_t built_at,
                       struct error *err)
{
	struct buf *out = &call->out->body;
	int entries = 0;

	buf_printf(out,
	           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" "
	           "xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
	           " <link rel=\"self\" href=\"http://www.youtube.com/feeds/videos.xml?channel_id=%s\"/>\n"
	           " <id>yt:channel:%s</id>\n <yt:channelId>%s</yt:channelId>\n",
	           channel->id, channel->id + 2, channel->id + 2);
	add_element(out, " ", "title", channel->title);
	buf_printf(out, " <link rel=\"alternate\" href=\"" SITE "/channel/%s\"/>\n", channel->id);
	add_author(out, " ", channel->title, channel->id);
	add_time(out, " ", "published", channel->born_at);
	for (size_t i = 0; i < uploads->count && entries < ENTRIES_MAX; i++) {
		if (!fate_exists(&uploads->items[i].fate, built_at))
			continue;
		if (!world_tell(call->sim->world, built_at, &uploads->items[i], err))
			return false;
		add_entry(out, call, &uploads->items[i], built_at);
		entries++;
	}
	buf_add_text(out, "</feed>\n");
	return buf_ok(out, err);
}

/* Which channel is asked for: by id, by its list of uploads, or not at all. */
static bool find_asked(struct call *call, struct world_channel *out)
{
	const char *id = params_get(call->params, "channel_id");
	const char *list = params_get(call->params, "playlist_id");
	char channel_id[CHANNEL_ID_SIZE] = "";

	if (id)
		snprintf(channel_id, sizeof(channel_id), "%s", id);
	else if (list && strncmp(list, "UU", 2) == 0)
		snprintf(channel_id, sizeof(channel_id), "UC%s", list + 2);
	return *channel_id && world_channel(call->sim->world, channel_id, NULL, out);
}

/* For hours at a time the feeds of living channels are not to be had. */
static bool is_in_spell(const struct call *call, const struct world_channel *channel)
{
	struct rng rng = rng_from(rng_join(rng_text(channel->id), (uint64_t)(call->now / SPELL_S)));

	return rng_share(&rng) < call->sim->feed_spells;
}

static void add_cache_headers(struct call *call, int64_t age)
{
	char text[TIME_BYTES];
	time_t expires_at = (time_t)(call->now + CACHE_S - age);
	struct tm utc;

	sim_response_add(call->out, "Cache-Control", "public, max-age=900");
	snprintf(text, sizeof(text), "%lld", (long long)age);
	sim_response_add(call->out, "Age", text);
	gmtime_r(&expires_at, &utc);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
	sim_response_add(call->out, "Expires", text);
}

bool call_feed(struct call *call, struct error *err)
{
	AUTO(world_hits_clear) struct world_hits uploads = {0};
	struct world_channel channel;

	sim_response_add(call->out, "Server", "YouTube RSS Feeds server");
	if (!find_asked(call, &channel) || is_in_spell(call, &channel))
		return answer_page(call, 404, err);
	int64_t age = (call->now + (int64_t)(rng_text(channel.id) % CACHE_S)) % CACHE_S;
	if (!world_uploads(call->sim->world, channel.id, call->now - age, &uploads, err))
		return false;
	call->out->content_type = "text/xml; charset=UTF-8";
	add_cache_headers(call, age);
	return write_feed(call, &channel, &uploads, call->now - age, err);
}
