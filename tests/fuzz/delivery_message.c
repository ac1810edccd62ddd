/* Titles in messages of every kind: within the limits, valid JSON, e-mails of plain lines. */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "delivery/message.h"
#include "tests/fuzz/fuzz.h"

enum { NOW = 1795341600, LINE_MAX_BYTES = 998 };

static void check_mail(const struct buf *body)
{
	for (const char *line = buf_text(body); *line;) {
		size_t len = strcspn(line, "\r\n");

		PROMISE(len <= LINE_MAX_BYTES);
		PROMISE(line[len] == '\r' && line[len + 1] == '\n');
		line += len + 2;
	}
	PROMISE(strlen(buf_text(body)) == body->len);
}

static void check(enum destination_kind kind, struct video *video)
{
	static char empty[] = "", url[] = "https://example.org", secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		    to[] = "a@example.org";
	struct alert alert = {.label = utf8_length(video->title) <= ALERT_LABEL_MAX ? video->title : empty,
	                      .filter = empty,
	                      .kind = kind,
	                      .url = url,
	                      .secret = secret,
	                      .old_secret = empty,
	                      .recipient = to};
	struct delivery delivery = {.message_id = "msg_1", .made_at = NOW};
	struct video_list videos = {video, 1};
	struct news news = {.alert = &alert,
	                    .delivery = &delivery,
	                    .videos = &videos,
	                    .list_url = "",
	                    .unsubscribe_url = "",
	                    .mail_from = to,
	                    .now = NOW};
	AUTO(outgoing_clear) struct outgoing out = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;

	PROMISE(message_write(&news, &out, &err));
	if (kind == DESTINATION_EMAIL)
		check_mail(&out.body);
	else if (kind != DESTINATION_NTFY)
		PROMISE(json_parse(buf_text(&out.body), out.body.len, &json, &err));
	fuzz_promise_text(buf_text(&out.body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char empty[] = "", object[] = "{}";
	char *title = fuzz_take_text(data, size);
	struct video video = {.id = "abcdefghijk",
	                      .title = title,
	                      .description = empty,
	                      .channel_title = title,
	                      .thumbnail_url = empty,
	                      .thumbnails = object,
	                      .published_at = NOW};

	if (utf8_is_valid(title, strlen(title)) && strlen(title) <= VIDEO_TITLE_MAX_BYTES)
		for (enum destination_kind kind = DESTINATION_WEBHOOK; kind < DESTINATION_COUNT; kind++)
			check(kind, &video);
	free(title);
	return 0;
}
