#include "delivery/message.h"

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "delivery/mail.h"
#include "model/video/json.h"

enum {
	URL_MAX_BYTES = 4 * ALERT_TEXT_MAX_BYTES,
	HEADER_MAX_BYTES = ALERT_TEXT_MAX_BYTES + 100,
	TITLE_SHOWN_BYTES = 300,
	NAME_SHOWN_BYTES = 120,
};

void outgoing_clear(struct outgoing *outgoing)
{
	buf_clear(&outgoing->url);
	text_list_clear(&outgoing->headers);
	buf_clear(&outgoing->body);
	*outgoing = (struct outgoing){0};
}

/* ---- the text of a chat ---- */

/* How a kind of chat writes. With destination_videos_max() a message is within what it takes, however hostile: 2,000 characters of Discord,
 * 4,096 of Telegram, 4,096 bytes of ntfy, 40,000 characters of Slack, 64 kB of Matrix. */
struct style {
	struct escaping escaping;
	bool entities;       /* & < > are written as in HTML */
	size_t title, name;  /* bytes shown at most, before they are escaped */
	const char *link[3]; /* around URL and title: "<URL|title>"; NULL: the title, and the URL on the line below */
};

/* A word joiner behind '@' keeps chats from taking a name for somebody to be called. */
#define JOINER "\xE2\x81\xA0"

static const struct style styles[DESTINATION_COUNT] = {
    [DESTINATION_SLACK] = {{"@*_~`|", "", JOINER}, true, TITLE_SHOWN_BYTES, NAME_SHOWN_BYTES, {"<", "|", ">"}},
    [DESTINATION_DISCORD] = {{"\\*_~`|>#[]()<@:-", "\\", ""}, false, 100, 24, {"<", ">", NULL}},
    [DESTINATION_TELEGRAM] = {{"@/", "", JOINER}, false, 110, 60, {NULL, NULL, NULL}},
    [DESTINATION_NTFY] = {{"", "", ""}, false, 150, 60, {NULL, NULL, NULL}},
    [DESTINATION_MATRIX] = {{"@", "", JOINER}, false, TITLE_SHOWN_BYTES, NAME_SHOWN_BYTES, {NULL, NULL, NULL}},
    [DESTINATION_EMAIL] = {{"", "", ""}, false, TITLE_SHOWN_BYTES, NAME_SHOWN_BYTES, {NULL, NULL, NULL}},
};

/* & < > as entities where the style has them. */
static void add_text(struct buf *out, const struct style *style, const char *text, size_t max)
{
	AUTO(buf_clear) struct buf line = BUF(16 * TITLE_SHOWN_BYTES);

	message_add_line(style->entities ? &line : out, text, max, &style->escaping);
	for (const char *at = buf_text(&line); *at; at++) {
		const char *entity = *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : NULL;

		if (entity)
			buf_add_text(out, entity);
		else
			buf_add_char(out, *at);
	}
}

static void add_moment(struct buf *out, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	buf_printf(out, "%.10s %.5s UTC", text, text + 11);
}

static void add_facts(struct buf *out, const struct style *style, const struct video *video)
{
	if (video->channel_title && *video->channel_title) {
		add_text(out, style, video->channel_title, style->name);
		buf_add_text(out, " · ");
	}
	add_moment(out, video->published_at);
}

static void add_video(struct buf *out, const struct style *style, const struct video *video)
{
	const char *title = video_shown_title(video->title);
	char url[WATCH_URL_SIZE];

	video_watch_url(video->id, url);
	if (style->link[2]) {
		buf_printf(out, "\n%s%s%s", style->link[0], url, style->link[1]);
		add_text(out, style, title, style->title);
		buf_printf(out, "%s\n", style->link[2]);
		add_facts(out, style, video);
		return;
	}
	buf_add_text(out, "\n");
	add_text(out, style, title, style->title);
	buf_add_text(out, "\n");
	add_facts(out, style, video);
	buf_printf(out, "\n%s%s%s", style->link[0] ? style->link[0] : "", url, style->link[0] ? style->link[1] : "");
}

/* "Falcon: 3 new videos" */
static void add_heading(struct buf *out, const struct style *style, const struct news *news)
{
	size_t count = news->videos->count;

	if (news->delivery->is_test)
		buf_add_text(out, "Test: ");
	if (*news->alert->label) {
		add_text(out, style, news->alert->label, 4 * ALERT_LABEL_MAX);
		buf_add_text(out, ": ");
	}
	if (news->delivery->is_test && count == 0)
		buf_add_text(out, "no video matches yet");
	else
		buf_printf(out, "%zu %s%s", count, news->delivery->is_test ? "video" : "new video", count == 1 ? "" : "s");
}

static void add_chat_text(struct buf *out, const struct news *news)
{
	const struct style *style = &styles[news->alert->kind];

	add_heading(out, style, news);
	for (size_t i = 0; i < news->videos->count; i++) {
		buf_add_text(out, "\n");
		add_video(out, style, &news->videos->items[i]);
	}
}

/* ---- requests ---- */

static bool add_header(struct outgoing *out, const char *name, const char *value, struct error *err)
{
	AUTO(buf_clear) struct buf header = BUF(HEADER_MAX_BYTES);

	buf_printf(&header, "%s: %s", name, value);
	return buf_ok(&header, err) && text_list_add(&out->headers, buf_text(&header), err);
}

static bool add_bearer(struct outgoing *out, const char *token, struct error *err)
{
	AUTO(buf_clear) struct buf value = BUF(HEADER_MAX_BYTES);

	if (!*token)
		return true;
	buf_printf(&value, "Bearer %s", token);
	return add_header(out, "Authorization", buf_text(&value), err);
}

static bool write_webhook(const struct news *news, struct outgoing *out, struct error *err)
{
	AUTO(buf_clear) struct buf signature = BUF(HEADER_MAX_BYTES);
	const struct alert *alert = news->alert;
	const char *const secrets[2] = {alert->secret, alert->old_secret_until > news->now ? alert->old_secret : ""};
	const struct video_members members = video_members_first(VIDEO_MEMBER_LIGHT_COUNT);
	struct writer w = writer_json(&out->body);
	char timestamp[24];

	write_object(&w, NULL);
	write_text(&w, "type", news->delivery->is_test ? "test" : "videos.recorded");
	write_time(&w, "timestamp", news->delivery->made_at);
	write_object(&w, "data");
	write_object(&w, "alert");
	write_int(&w, "id", alert->id);
	write_text(&w, "label", alert->label);
	write_end(&w);
	write_filled_text(&w, "list_url", news->list_url);
	write_int(&w, "count", (int64_t)news->videos->count);
	write_array(&w, "videos");
	for (size_t i = 0; i < news->videos->count; i++)
		video_write_json(&w, &news->videos->items[i], &members);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	snprintf(timestamp, sizeof(timestamp), "%lld", (long long)news->now);
	buf_add_text(&out->url, alert->url);
	return buf_ok(&out->body, err) &&
	       webhook_sign(secrets, news->delivery->message_id, news->now, &out->body, &signature, err) &&
	       add_header(out, "Content-Type", "application/json", err) &&
	       add_header(out, "webhook-id", news->delivery->message_id, err) &&
	       add_header(out, "webhook-timestamp", timestamp, err) &&
	       add_header(out, "webhook-signature", buf_text(&signature), err);
}

/* The body of a chat: an object with the text as NAME. What else is in it, MORE adds. */
static bool write_chat(const struct news *news, const char *name, void (*more)(struct writer *w, const struct news *news),
                       struct outgoing *out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(MESSAGE_MAX_BYTES);
	struct writer w = writer_json(&out->body);

	add_chat_text(&text, news);
	write_object(&w, NULL);
	write_buf(&w, name, &text);
	more(&w, news);
	write_end(&w);
	return add_header(out, "Content-Type", "application/json", err);
}

static void more_of_slack(struct writer *w, const struct news *news)
{
	(void)news;
	write_bool(w, "unfurl_links", false);
	write_bool(w, "unfurl_media", false);
}

static void more_of_discord(struct writer *w, const struct news *news)
{
	(void)news;
	write_object(w, "allowed_mentions");
	write_array(w, "parse");
	write_end(w);
	write_end(w);
	write_int(w, "flags", 4); /* no previews of links */
}

static void more_of_telegram(struct writer *w, const struct news *news)
{
	write_text(w, "chat_id", news->alert->recipient);
	write_object(w, "link_preview_options");
	write_bool(w, "is_disabled", true);
	write_end(w);
}

static void more_of_matrix(struct writer *w, const struct news *news)
{
	(void)news;
	write_text(w, "msgtype", "m.text");
	write_object(w, "m.mentions");
	write_end(w);
}

static bool write_telegram(const struct news *news, struct outgoing *out, struct error *err)
{
	buf_printf(&out->url, "%s/bot%s/sendMessage", *news->alert->url ? news->alert->url : "https://api.telegram.org",
	           news->alert->secret);
	return write_chat(news, "text", more_of_telegram, out, err);
}

/* Where a click leads; servers take no header of any length. */
static bool add_click(struct outgoing *out, const char *list_url, struct error *err)
{
	return !*list_url || strlen(list_url) > ALERT_TEXT_MAX_BYTES || add_header(out, "Click", list_url, err);
}

static bool write_ntfy(const struct news *news, struct outgoing *out, struct error *err)
{
	buf_add_text(&out->url, news->alert->url);
	add_chat_text(&out->body, news);
	return add_header(out, "Content-Type", "text/plain; charset=utf-8", err) && add_header(out, "Title", "newsreel", err) &&
	       add_click(out, news->list_url, err) && add_bearer(out, news->alert->secret, err);
}

/* The server knows a message that it has had by its id. */
static bool write_matrix(const struct news *news, struct outgoing *out, struct error *err)
{
	out->method = "PUT";
	buf_printf(&out->url, "%s/_matrix/client/v3/rooms/", news->alert->url);
	percent_encode(&out->url, news->alert->recipient);
	buf_printf(&out->url, "/send/m.room.message/%s", news->delivery->message_id);
	return write_chat(news, "body", more_of_matrix, out, err) && add_bearer(out, news->alert->secret, err);
}

static bool write_mail(const struct news *news, struct outgoing *out, struct error *err)
{
	AUTO(buf_clear) struct buf subject = BUF(HEADER_MAX_BYTES);
	AUTO(buf_clear) struct buf text = BUF(MESSAGE_MAX_BYTES);

	add_heading(&subject, &styles[DESTINATION_EMAIL], news);
	add_chat_text(&text, news);
	if (*news->list_url)
		buf_printf(&text, "\n\nAll videos of this list: %s", news->list_url);
	if (*news->unsubscribe_url)
		buf_printf(&text, "\nStop these e-mails: %s", news->unsubscribe_url);
	buf_add_text(&text, "\n");
	out->recipient = news->alert->recipient;
	return buf_ok(&subject, err) && buf_ok(&text, err) &&
	       mail_write(news, buf_text(&subject), buf_text(&text), &out->body, err);
}

static bool write_for_kind(const struct news *news, struct outgoing *out, struct error *err)
{
	switch (news->alert->kind) {
	case DESTINATION_WEBHOOK:
		return write_webhook(news, out, err);
	case DESTINATION_SLACK:
		buf_add_text(&out->url, news->alert->url);
		return write_chat(news, "text", more_of_slack, out, err);
	case DESTINATION_DISCORD:
		buf_add_text(&out->url, news->alert->url);
		return write_chat(news, "content", more_of_discord, out, err);
	case DESTINATION_TELEGRAM:
		return write_telegram(news, out, err);
	case DESTINATION_NTFY:
		return write_ntfy(news, out, err);
	case DESTINATION_MATRIX:
		return write_matrix(news, out, err);
	case DESTINATION_EMAIL:
		return write_mail(news, out, err);
	case DESTINATION_NONE:
	case DESTINATION_COUNT:
		break;
	}
	return error_set(err, ERR_INTERNAL, "the rule has no destination");
}

bool message_write(const struct news *news, struct outgoing *out, struct error *err)
{
	AUTO(outgoing_clear)
	struct outgoing outgoing = {.method = "POST", .url = BUF(URL_MAX_BYTES), .body = BUF(MESSAGE_MAX_BYTES)};

	if (!write_for_kind(news, &outgoing, err) || !buf_ok(&outgoing.url, err) || !buf_ok(&outgoing.body, err))
		return false;
	*out = outgoing;
	outgoing = (struct outgoing){0};
	return true;
}
