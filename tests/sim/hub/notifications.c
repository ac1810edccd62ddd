#include "tests/sim/hub/notifications.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/timestamp.h"
#include "tests/sim/escape.h"

enum { NOTIFICATION_MAX = 16 * 1024, TIME_BYTES = 40 };

#define HEAD "<?xml version='1.0' encoding='UTF-8'?>\n<feed "
#define SITE "https://www.youtube.com"

/* To the second, or with a fraction of it, as both occur. */
static const char *write_time(int64_t time, const char *fraction, char out[TIME_BYTES])
{
	timestamp_format(time, out);
	snprintf(out + strlen(out) - 1, TIME_BYTES - strlen(out), "%s+00:00", fraction);
	return out;
}

bool notification_of_video(const char *topic, const struct world_video *video, int64_t at, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(NOTIFICATION_MAX);
	char time[TIME_BYTES];

	buf_add_text(&text, HEAD "xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" xmlns=\"http://www.w3.org/2005/Atom\">"
	                         "<link rel=\"hub\" href=\"https://pubsubhubbub.appspot.com\"/><link rel=\"self\" href=\"");
	escape_text(topic, &text);
	buf_printf(&text, "\"/><title>YouTube video feed</title><updated>%s</updated><entry>\n", write_time(at, ".038244", time));
	buf_printf(&text, "  <id>yt:video:%s</id>\n  <yt:videoId>%s</yt:videoId>\n  <yt:channelId>%s</yt:channelId>\n  <title>",
	           video->id, video->id, video->channel_id);
	escape_text(video->title, &text);
	buf_printf(&text, "</title>\n  <link rel=\"alternate\" href=\"" SITE "/watch?v=%s\"/>\n  <author>\n   <name>", video->id);
	escape_text(video->channel_title, &text);
	buf_printf(&text, "</name>\n   <uri>" SITE "/channel/%s</uri>\n  </author>\n", video->channel_id);
	buf_printf(&text, "  <published>%s</published>\n", write_time(fate_published_at(&video->fate, at), "", time));
	buf_printf(&text, "  <updated>%s</updated>\n </entry></feed>\n", write_time(at, ".038244394", time));
	return buf_take(&text, out, err);
}

bool notification_of_deletion(const struct world_video *video, int64_t at, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(NOTIFICATION_MAX);
	char time[TIME_BYTES];

	buf_printf(&text,
	           HEAD "xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
	                " <at:deleted-entry ref=\"yt:video:%s\" when=\"%s\">\n  <link href=\"" SITE "/watch?v=%s\"/>\n"
	                "  <at:by>\n   <name>",
	           video->id, write_time(at, ".642702", time), video->id);
	escape_text(video->channel_title, &text);
	buf_printf(&text, "</name>\n   <uri>" SITE "/channel/%s</uri>\n  </at:by>\n </at:deleted-entry>\n</feed>\n",
	           video->channel_id);
	return buf_take(&text, out, err);
}
