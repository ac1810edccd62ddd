#include "youtube/client.h"

#include <stdio.h>

#include "base/encoding.h"
#include "base/timestamp.h"

enum { URL_MAX_BYTES = 16 * 1024 };

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
	if (request->page_token && *request->page_token)
		add_parameter(url, "pageToken", request->page_token);
}

static void write_details_url(const struct youtube *youtube, const struct text_list *ids, struct buf *url)
{
	buf_printf(url, "%s/videos?part=snippet,contentDetails,statistics,liveStreamingDetails&id=", youtube->base_url);
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

/* Makes the request and classifies the answer; RESPONSE holds it when the class is CLASS_OK. */
static bool get(const struct youtube *youtube, const char *key, const struct buf *url, struct http_response *response,
                struct outcome *outcome, struct error *err)
{
	*outcome = (struct outcome){.retry_after = -1};
	if (!buf_ok(url, err)) {
		set_fault(CLASS_REQUEST, "the call is too long", outcome);
		return err->code != ERR_NO_MEMORY;
	}
	if (!youtube->transport.get(youtube->transport.context, buf_text(url), key, response, err)) {
		set_fault(err->code == ERR_UNREACHED ? CLASS_UNREACHED : CLASS_TEMPORARY, err->text, outcome);
		return err->code != ERR_NO_MEMORY;
	}
	outcome->date = response->date;
	outcome->retry_after = response->retry_after;
	outcome->answer = classify_answer(response->status, buf_text(&response->body), response->body.len);
	return true;
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

	write_details_url(youtube, ids, &url);
	if (!get(youtube, key, &url, &response, outcome, err))
		return false;
	if (outcome->answer.class != CLASS_OK)
		return true;
	return accept_body(parse_details(buf_text(&response.body), response.body.len, out, err), outcome, err);
}
