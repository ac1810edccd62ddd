#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "base/encoding.h"
#include "delivery/mail.h"
#include "delivery/message.h"

enum { NOW = 1795341600 };

/* A rule, a message and its videos. */
struct sample {
	struct alert alert;
	struct delivery delivery;
	struct video_list videos;
	const char *list_url;
};

static char *copy(const char *text)
{
	char *out = strdup(text);

	assert_non_null(out);
	return out;
}

static void sample_clear(struct sample *s)
{
	alert_clear(&s->alert);
	delivery_clear(&s->delivery);
	video_list_clear(&s->videos);
}

static void sample_make(struct sample *s, enum destination_kind kind, const char *title, size_t count)
{
	*s = (struct sample){.alert = {.id = 7,
	                               .kind = kind,
	                               .label = copy("Moon"),
	                               .filter = copy(""),
	                               .url = copy("https://h/x"),
	                               .secret =
	                                   copy(kind == DESTINATION_WEBHOOK ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "t0ken"),
	                               .old_secret = copy(""),
	                               .recipient = copy(kind == DESTINATION_EMAIL ? "a@example.org" : "!room:h"),
	                               .timezone = copy(""),
	                               .unsubscribe = copy("u")},
	                     .delivery = {.message_id = "msg_1", .made_at = NOW, .videos = copy("")},
	                     .list_url = "https://n/?sort=recorded"};
	for (size_t i = 0; i < count; i++) {
		struct video *video = video_list_add(&s->videos);

		assert_non_null(video);
		snprintf(video->id, sizeof(video->id), "abcdefgh%03d", (int)i);
		video->title = copy(title);
		video->description = copy("");
		video->channel_title = copy(title);
		video->thumbnail_url = copy("");
		video->thumbnails = copy("{}");
		video->published_at = NOW;
	}
}

static void set_label(struct sample *s, const char *label)
{
	struct error err;

	assert_true(text_replace(&s->alert.label, label, &err));
}

static void write(struct sample *s, struct outgoing *out)
{
	struct news news = {.alert = &s->alert,
	                    .delivery = &s->delivery,
	                    .videos = &s->videos,
	                    .list_url = s->list_url,
	                    .unsubscribe_url = "https://n/alerts/unsubscribe/u",
	                    .mail_from = "news@example.org",
	                    .now = NOW};
	struct error err;

	if (!message_write(&news, out, &err))
		fail_msg("%s", err.text);
}

static bool has_header(const struct outgoing *out, const char *header)
{
	return text_list_has(&out->headers, header);
}

static void check_body(enum destination_kind kind, const char *title, const char *body)
{
	AUTO(sample_clear) struct sample s;
	AUTO(outgoing_clear) struct outgoing out = {0};

	sample_make(&s, kind, title, 1);
	write(&s, &out);
	assert_string_equal(buf_text(&out.body), body);
}

static void each_chat_gets_its_body(void **state)
{
	(void)state;
	check_body(DESTINATION_SLACK, "Moon",
	           "{\"text\":\"Moon: 1 new video\\n\\n<https://www.youtube.com/watch?v=abcdefgh000|Moon>\\nMoon · "
	           "2026-11-22 10:00 UTC\",\"unfurl_links\":false,\"unfurl_media\":false}");
	check_body(DESTINATION_DISCORD, "Moon",
	           "{\"content\":\"Moon: 1 new video\\n\\nMoon\\nMoon · 2026-11-22 10:00 UTC\\n<https://"
	           "www.youtube.com/watch?v=abcdefgh000>\",\"allowed_mentions\":{\"parse\":[]},\"flags\":4}");
	check_body(
	    DESTINATION_TELEGRAM, "Moon",
	    "{\"text\":\"Moon: 1 new video\\n\\nMoon\\nMoon · 2026-11-22 10:00 UTC\\nhttps://"
	    "www.youtube.com/watch?v=abcdefgh000\",\"chat_id\":\"!room:h\",\"link_preview_options\":{\"is_disabled\":true}}");
	check_body(DESTINATION_MATRIX, "Moon",
	           "{\"body\":\"Moon: 1 new video\\n\\nMoon\\nMoon · 2026-11-22 10:00 UTC\\nhttps://"
	           "www.youtube.com/watch?v=abcdefgh000\",\"msgtype\":\"m.text\",\"m.mentions\":{}}");
	check_body(DESTINATION_NTFY, "Moon",
	           "Moon: 1 new video\n\nMoon\nMoon · 2026-11-22 10:00 UTC\nhttps://www.youtube.com/watch?v=abcdefgh000");
}

/* With U+202E and U+2066, which turn text around. */
static const char turned[] = {'a', '\r',       '\n',       'b',        (char)0xE2, (char)0x80, (char)0xAE,
                              'c', (char)0xE2, (char)0x81, (char)0xA6, 'd',        '\0'};

static void hostile_titles_call_nobody_and_break_nothing(void **state)
{
	(void)state;
	check_body(DESTINATION_SLACK, "<!channel>&\n*x*",
	           "{\"text\":\"Moon: 1 new video\\n\\n<https://www.youtube.com/watch?v=abcdefgh000|&lt;!channel&gt;&amp; "
	           "*\u2060x*\u2060>\\n&lt;"
	           "!channel&gt;&amp; *\u2060x*\u2060 · 2026-11-22 10:00 UTC\",\"unfurl_links\":false,\"unfurl_media\":false}");
	check_body(DESTINATION_DISCORD, "@everyone [x](y)",
	           "{\"content\":\"Moon: 1 new video\\n\\n\\\\@everyone \\\\[x\\\\]\\\\(y\\\\)\\n\\\\@everyone "
	           "\\\\[x\\\\]\\\\(y\\\\) · 2026-11-22 10:00 "
	           "UTC\\n<https://www.youtube.com/watch?v=abcdefgh000>\",\"allowed_mentions\":{\"parse\":[]},\"flags\":4}");
	check_body(DESTINATION_NTFY, turned,
	           "Moon: 1 new video\n\na  b c d\na  b c d · 2026-11-22 10:00 UTC\nhttps://www.youtube.com/watch?v=abcdefgh000");
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

static void a_full_message_of_hostile_titles_is_within_the_limits(void **state)
{
	static const struct {
		enum destination_kind kind;
		const char *member;
		size_t most;
	} limits[] = {{DESTINATION_SLACK, "text", 40000},
	              {DESTINATION_DISCORD, "content", 2000},
	              {DESTINATION_TELEGRAM, "text", 4096},
	              {DESTINATION_MATRIX, "body", 60000}};
	char title[101] = "";

	(void)state;
	memset(title, '@', 100);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		AUTO(sample_clear) struct sample s;
		AUTO(outgoing_clear) struct outgoing out = {0};
		AUTO(json_free) cJSON *json = NULL;
		struct error err;

		sample_make(&s, limits[i].kind, title, destination_videos_max(limits[i].kind));
		set_label(&s, title);
		write(&s, &out);
		assert_true(json_parse(buf_text(&out.body), out.body.len, &json, &err));
		assert_in_range(characters(json_text(json, limits[i].member)), 100, limits[i].most);
		assert_true(out.body.len < 65000);
	}
	AUTO(sample_clear) struct sample s;
	AUTO(outgoing_clear) struct outgoing out = {0};
	sample_make(&s, DESTINATION_NTFY, title, destination_videos_max(DESTINATION_NTFY));
	write(&s, &out);
	assert_in_range(out.body.len, 1000, 4096);
}

static void a_webhook_is_json_with_its_headers(void **state)
{
	AUTO(sample_clear) struct sample s;
	AUTO(outgoing_clear) struct outgoing out = {0};
	AUTO(json_free) cJSON *json = NULL;
	struct error err;
	int64_t count;

	(void)state;
	sample_make(&s, DESTINATION_WEBHOOK, "Moon", 50);
	write(&s, &out);
	assert_string_equal(out.method, "POST");
	assert_string_equal(buf_text(&out.url), "https://h/x");
	assert_true(has_header(&out, "webhook-id: msg_1"));
	assert_true(has_header(&out, "webhook-timestamp: 1795341600"));
	assert_true(json_parse(buf_text(&out.body), out.body.len, &json, &err));
	assert_string_equal(json_text(json, "type"), "videos.recorded");
	assert_true(json_int(json_object(json, "data"), "count", &count) && count == 50);
	assert_int_equal(cJSON_GetArraySize(json_array(json_object(json, "data"), "videos")), 50);
}

static void matrix_knows_a_message_by_its_id(void **state)
{
	AUTO(sample_clear) struct sample s;
	AUTO(outgoing_clear) struct outgoing out = {0};

	(void)state;
	sample_make(&s, DESTINATION_MATRIX, "Moon", 1);
	write(&s, &out);
	assert_string_equal(out.method, "PUT");
	assert_string_equal(buf_text(&out.url), "https://h/x/_matrix/client/v3/rooms/%21room%3Ah/send/m.room.message/msg_1");
	assert_true(has_header(&out, "Authorization: Bearer t0ken"));
}

static void an_e_mail_has_no_header_of_others(void **state)
{
	AUTO(sample_clear) struct sample s;
	AUTO(outgoing_clear) struct outgoing out = {0};

	(void)state;
	sample_make(&s, DESTINATION_EMAIL, "x\r\nBcc: evil@example.org", 2);
	set_label(&s, "Łódź 🚀 a label that is much longer than one encoded word could ever be");
	write(&s, &out);
	assert_string_equal(out.recipient, "a@example.org");
	assert_null(strstr(buf_text(&out.body), "evil"));
	assert_non_null(
	    strstr(buf_text(&out.body), "From: newsreel <news@example.org>\r\nTo: <a@example.org>\r\nSubject: =?UTF-8?B?"));
	assert_non_null(strstr(buf_text(&out.body), "Message-ID: <msg_1@example.org>"));
	assert_non_null(strstr(
	    buf_text(&out.body),
	    "List-Unsubscribe: <https://n/alerts/unsubscribe/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
	for (const char *line = buf_text(&out.body); *line; line = strstr(line, "\r\n") + 2)
		assert_true(strcspn(line, "\r") <= 100);
}

/* The address of a list of many words may be longer than a header. */
static void ntfy_leads_to_the_list_unless_its_address_is_long(void **state)
{
	AUTO(buf_clear) struct buf long_url = BUF(4096);

	(void)state;
	buf_add_text(&long_url, "https://n/?query=");
	while (long_url.len < 4000)
		buf_add_text(&long_url, "word+");
	for (int is_long = 0; is_long < 2; is_long++) {
		AUTO(sample_clear) struct sample s;
		AUTO(outgoing_clear) struct outgoing out = {0};

		sample_make(&s, DESTINATION_NTFY, "Moon", 1);
		s.list_url = is_long ? buf_text(&long_url) : s.list_url;
		write(&s, &out);
		assert_int_equal(has_header(&out, "Click: https://n/?sort=recorded"), !is_long);
		assert_int_equal(out.headers.count, is_long ? 3 : 4);
		assert_non_null(strstr(buf_text(&out.body), "Moon"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_chat_gets_its_body),
	    cmocka_unit_test(hostile_titles_call_nobody_and_break_nothing),
	    cmocka_unit_test(a_full_message_of_hostile_titles_is_within_the_limits),
	    cmocka_unit_test(a_webhook_is_json_with_its_headers),
	    cmocka_unit_test(ntfy_leads_to_the_list_unless_its_address_is_long),
	    cmocka_unit_test(matrix_knows_a_message_by_its_id),
	    cmocka_unit_test(an_e_mail_has_no_header_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
