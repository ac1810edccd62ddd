#include "delivery/mail.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/encoding.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "template/template.h"

/* An encoded word has 75 characters at most, of which "=?UTF-8?B?" and "?=" are 12: 63 of base64 are 45 bytes. A line of a body has 76. */
enum { WORD_BYTES = 45, LINE_BYTES = 57, DATE_SIZE = 40 };

static const char boundary[] = "=_newsreel_alternative";

void mail_add_words(struct buf *out, const char *text)
{
	bool first = true;

	while (*text) {
		size_t len = utf8_cut(text, WORD_BYTES);

		buf_add_text(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		base64_encode(out, text, len);
		buf_add_text(out, "?=");
		text += len;
		first = false;
	}
}

/* RFC 5322, section 3.3; names of days and months are English in any locale. */
static void format_date(int64_t time, char out[DATE_SIZE])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)time;
	struct tm utc;

	gmtime_r(&at, &utc);
	snprintf(out, DATE_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000", days + (size_t)(utc.tm_wday * 3), utc.tm_mday,
	         months + (size_t)(utc.tm_mon * 3), utc.tm_year % 8000 + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* ---- headers ---- */

static void add_unsubscribe(struct buf *out, const struct news *news)
{
	if (!*news->unsubscribe_url) {
		buf_printf(out, "List-Unsubscribe: <mailto:%s?subject=unsubscribe>\r\n", news->mail_from);
		return;
	}
	buf_printf(out, "List-Unsubscribe: <%s>\r\n", news->unsubscribe_url);
	/* RFC 8058 wants https. */
	if (strncmp(news->unsubscribe_url, "https://", 8) == 0)
		buf_add_text(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void add_headers(struct buf *out, const struct news *news, const char *subject)
{
	const char *host = strchr(news->mail_from, '@');
	char date[DATE_SIZE];

	format_date(news->now, date);
	buf_printf(out, "Date: %s\r\nFrom: newsreel <%s>\r\nTo: <%s>\r\nSubject: ", date, news->mail_from,
	           news->alert->recipient);
	mail_add_words(out, subject);
	buf_printf(out, "\r\nMessage-ID: <%s%s>\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
	           news->delivery->message_id, host ? host : "@localhost");
	add_unsubscribe(out, news);
	buf_printf(out, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
}

/* ---- parts ---- */

static void add_part(struct buf *out, const char *type, const char *text, size_t len)
{
	buf_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary, type);
	for (size_t at = 0; at < len; at += LINE_BYTES) {
		base64_encode(out, text + at, len - at < LINE_BYTES ? len - at : LINE_BYTES);
		buf_add_text(out, "\r\n");
	}
}

static const struct escaping plain = {"", "", ""};

static void write_line(struct writer *w, const char *name, const char *text)
{
	AUTO(buf_clear) struct buf line = BUF(4 * VIDEO_TITLE_MAX_BYTES);

	message_add_line(&line, text, VIDEO_TITLE_MAX_BYTES, &plain);
	write_buf(w, name, &line);
}

static void write_video(struct writer *w, const struct video *video)
{
	char url[WATCH_URL_SIZE];
	char time[TIMESTAMP_SIZE];

	video_watch_url(video->id, url);
	timestamp_format(video->published_at, time);
	time[10] = ' ';
	time[16] = '\0';
	write_object(w, NULL);
	write_text(w, "url", url);
	write_line(w, "title", video_shown_title(video->title));
	write_line(w, "channel", video->channel_title ? video->channel_title : "");
	write_text(w, "time", time);
	write_end(w);
}

static void write_values(struct writer *w, const struct news *news, const char *subject)
{
	write_object(w, NULL);
	write_text(w, "subject", subject);
	write_text(w, "list_url", news->list_url);
	write_text(w, "unsubscribe_url", news->unsubscribe_url);
	write_array(w, "videos");
	for (size_t i = 0; i < news->videos->count; i++)
		write_video(w, &news->videos->items[i]);
	write_end(w);
	write_end(w);
}

static void close_set(struct tmpl_set **set)
{
	if (*set)
		tmpl_set_close(set);
}

static bool add_html(struct buf *out, const struct news *news, const char *subject, struct error *err)
{
	AUTO(close_set) struct tmpl_set *templates = NULL;
	AUTO(tree_clear) struct tree tree = {0};
	AUTO(buf_clear) struct buf html = BUF(MESSAGE_MAX_BYTES);
	struct writer w = writer_values(&tree);

	write_values(&w, news, subject);
	if (!tree_ok(&tree, err) || !tmpl_set_open(&embedded_mails, &templates, err) ||
	    !tmpl_render(templates, "alert", tree.root, &html, err))
		return false;
	add_part(out, "text/html", buf_text(&html), html.len);
	return true;
}

bool mail_write(const struct news *news, const char *subject, const char *text, struct buf *out, struct error *err)
{
	add_headers(out, news, subject);
	add_part(out, "text/plain", text, strlen(text));
	if (!add_html(out, news, subject, err))
		return false;
	buf_printf(out, "--%s--\r\n", boundary);
	return buf_ok(out, err);
}
