#include "youtube/client.h"

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/timestamp.h"

enum { URL_MAX_BYTES = 16 * 1024, HTTP_NOT_MODIFIED = 304 };

/* ---- URLs ---- */

static void add_parameter(struct buf *url, const char *name, const char *value)
{
	buf_printf(url, "&%s=", name);
	percent_encode(url, value);
}

static void add_time(struct buf *url, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	add_parameter(url, name, text);
}

static void write_search_url(const struct youtube *youtube, const struct search_request *request, struct buf *url)
{
	buf_printf(url, "%s/search?part=snippet&type=video&order=date&safeSearch=%s&maxResults=%d", youtube->base_url,
	           safe_search_name(request->safe_search), SEARCH_PAGE_SIZE);
	add_parameter(url, "q", request->text);
	add_time(url, "publishedAfter", request->published_after);
	add_time(url, "publishedBefore", request->published_before);
	if (request->region && *request->region)
		add_parameter(url, "regionCode", request->region);
	if (request->language && *request->language)
		add_parameter(url, "relevanceLanguage", request->language);
	if (request->page_token && *request->page_token)
		add_parameter(url, "pageToken", request->page_token);
}

static void add_ids(struct buf *url, const struct text_list *ids)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (i)
			buf_add_char(url, ',');
		percent_encode(url, ids->items[i]);
	}
}

/* ---- calls ---- */

/* No answer, or a broken one. */
static void set_fault(enum error_class class, const char *text, struct outcome *outcome)
{
	outcome->answer = (struct answer_class){.class = class, .key_health = KEY_OK, .limit = -1, .reason = "no answer"};
	snprintf(outcome->answer.text, sizeof(outcome->answer.text), "%.*s", (int)sizeof(outcome->answer.text) - 1, text);
}

static bool send(const struct transport *transport, const char *url, const char *key, const char *etag,
                 struct http_response *response, struct error *err)
{
	if (*etag && transport->get_changed)
		return transport->get_changed(transport->context, url, key, etag, response, err);
	return transport->get(transport->context, url, key, response, err);
}

/* Makes the request and classifies the answer; RESPONSE holds it when the class is CLASS_OK. With an ETAG ("" = none) it may be a
 * status of 304. */
static bool get_changed(const struct youtube *youtube, const char *key, const struct buf *url, const char *etag,
                        struct http_response *response, struct outcome *outcome, struct error *err)
{
	*outcome = (struct outcome){.retry_after = -1};
	if (!buf_ok(url, err)) {
		set_fault(CLASS_REQUEST, "the call is too long", outcome);
		return err->code != ERR_NO_MEMORY;
	}
	if (!send(&youtube->transport, buf_text(url), key, etag, response, err)) {
		set_fault(err->code == ERR_UNREACHED ? CLASS_UNREACHED : CLASS_TEMPORARY, err->text, outcome);
		return err->code != ERR_NO_MEMORY;
	}
	outcome->date = response->date;
	outcome->retry_after = response->retry_after;
	/* Unchanged is as good an answer as any. */
	int status = response->status == HTTP_NOT_MODIFIED && *etag ? 200 : response->status;
	outcome->answer = classify_answer(status, buf_text(&response->body), response->body.len);
	return true;
}

static bool get(const struct youtube *youtube, const char *key, const struct buf *url, struct http_response *response,
                struct outcome *outcome, struct error *err)
{
	return get_changed(youtube, key, url, "", response, outcome, err);
}

/* A good status with a body that cannot be read is a fault that another try may mend. */
static bool accept_body(bool parsed, struct outcome *outcome, const struct error *err)
{
	if (parsed)
		return true;
	set_fault(CLASS_TEMPORARY, err->text, outcome);
	return err->code != ERR_NO_MEMORY;
}

bool youtube_search(const struct youtube *youtube, const char *key, const struct search_request *request,
                    struct search_answer *out, struct outcome *outcome, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	write_search_url(youtube, request, &url);
	if (!get(youtube, key, &url, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(parse_search(buf_text(&response.body), response.body.len, out, err), outcome, err);
}

bool youtube_details(const struct youtube *youtube, const char *key, const struct text_list *ids, struct details_answer *out,
                     struct outcome *outcome, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	buf_printf(&url, "%s/videos?part=snippet,contentDetails,statistics,status,liveStreamingDetails&id=", youtube->base_url);
	add_ids(&url, ids);
	if (!get(youtube, key, &url, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(parse_details(buf_text(&response.body), response.body.len, out, err), outcome, err);
}

static bool read_uploads(const struct http_response *response, const char *etag, struct uploads_answer *out, struct error *err)
{
	if (response->status == HTTP_NOT_MODIFIED) {
		*out = (struct uploads_answer){.unchanged = true};
		return true;
	}
	if (!parse_uploads(buf_text(&response->body), response->body.len, out, err))
		return false;
	if (!*etag || strcmp(etag, out->etag) != 0)
		return true;
	uploads_answer_clear(out);
	out->unchanged = true;
	return true;
}

static void write_uploads_url(const struct youtube *youtube, const struct uploads_request *request, struct buf *url)
{
	/* A channel's list of uploads has its id, but for the beginning. */
	size_t begin = strncmp(request->channel_id, "UC", 2) == 0 ? 2 : 0;

	buf_printf(url, "%s/playlistItems?part=snippet,contentDetails&maxResults=%d&playlistId=UU", youtube->base_url,
	           SEARCH_PAGE_SIZE);
	percent_encode(url, request->channel_id + begin);
	if (request->page_token && *request->page_token) {
		buf_add_text(url, "&pageToken=");
		percent_encode(url, request->page_token);
	}
}

bool youtube_uploads(const struct youtube *youtube, const char *key, const struct uploads_request *request,
                     struct uploads_answer *out, struct outcome *outcome, struct error *err)
{
	const char *etag = request->etag ? request->etag : "";

	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	write_uploads_url(youtube, request, &url);
	if (!get_changed(youtube, key, &url, etag, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(read_uploads(&response, etag, out, err), outcome, err);
}

bool youtube_handle(const struct youtube *youtube, const char *key, const char *handle, struct handle_answer *out,
                    struct outcome *outcome, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	buf_printf(&url, "%s/channels?part=snippet", youtube->base_url);
	add_parameter(&url, "forHandle", handle);
	if (!get(youtube, key, &url, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(parse_handle(buf_text(&response.body), response.body.len, out, err), outcome, err);
}

bool youtube_channels(const struct youtube *youtube, const char *key, const struct text_list *ids, struct channels_answer *out,
                      struct outcome *outcome, struct error *err)
{
	AUTO(buf_clear) struct buf url = BUF(URL_MAX_BYTES);
	AUTO(http_response_clear) struct http_response response = {0};

	buf_printf(&url, "%s/channels?part=statistics&id=", youtube->base_url);
	add_ids(&url, ids);
	if (!get(youtube, key, &url, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(parse_channels(buf_text(&response.body), response.body.len, out, err), outcome, err);
}
