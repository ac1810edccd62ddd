#include "youtube/http.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/timestamp.h"
#include "model/loopback.h"

enum { CONNECT_TIMEOUT_S = 10, KEY_HEADER_MAX = 256, HEADER_VALUE_MAX = 128, RETRY_AFTER_MAX_S = SECONDS_PER_DAY };

void http_response_clear(struct http_response *response)
{
	buf_clear(&response->body);
	*response = (struct http_response){0};
}

/* A transport's own. */
struct line {
	CURL *curl; /* NULL until then */
	int64_t timeout_s;
};

/* ---- receiving ---- */

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct http_response *response = context;
	size_t len = size * count;

	buf_add(&response->body, bytes, len);
	return response->body.failed ? 0 : len; /* 0 ends the transfer */
}

/* The value of the header line LINE if it is called NAME, else NULL. */
static bool header_value(const char *line, size_t len, const char *name, char out[HEADER_VALUE_MAX])
{
	size_t name_len = strlen(name);

	if (len <= name_len || strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
		return false;
	line += name_len + 1;
	len -= name_len + 1;
	while (len && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	if (len >= HEADER_VALUE_MAX)
		return false;
	memcpy(out, line, len);
	out[len] = '\0';
	return true;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct http_response *response = context;
	char value[HEADER_VALUE_MAX];
	int64_t time;

	if (header_value(line, size * count, "Date", value) && timestamp_parse_http(value, &time))
		response->date = time;
	if (!header_value(line, size * count, "Retry-After", value))
		return size * count;
	/* Seconds, or a date (RFC 9110, section 10.2.3). */
	struct clock clock = clock_system();
	if (!text_int(value, 0, RETRY_AFTER_MAX_S, &response->retry_after) && timestamp_parse_http(value, &time)) {
		int64_t wait = time - clock_now(&clock);
		response->retry_after = wait < 0 ? 0 : wait < RETRY_AFTER_MAX_S ? wait : RETRY_AFTER_MAX_S;
	}
	return size * count;
}

/* ---- asking ---- */

/* Without TLS only this machine may be asked: the key would be readable on the way. */
static bool may_ask(const char *url, bool *loopback, struct error *err)
{
	CURLU *parts = curl_url();
	char *scheme = NULL;
	char *host = NULL;
	bool read = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	            curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	            curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	*loopback = read && host_is_loopback(host, strlen(host));
	bool allowed = read && (strcmp(scheme, "https") == 0 || *loopback);

	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return allowed || error_set(err, ERR_UPSTREAM, "only https is allowed, unless it is this machine that is asked");
}

static bool explain(CURL *curl, CURLcode code, const struct http_response *response, struct error *err)
{
	long sent = 0;

	if (response->body.failed == ERR_NO_MEMORY || code == CURLE_OUT_OF_MEMORY)
		return error_no_memory(err);
	if (response->body.failed)
		return error_set(err, ERR_UPSTREAM, "the answer is larger than %zu bytes", response->body.max);
	bool known = curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK;
	return error_set(err, known && sent == 0 ? ERR_UNREACHED : ERR_UPSTREAM, "no answer: %s", curl_easy_strerror(code));
}

static void configure(CURL *curl, int64_t timeout_s)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* On a kept connection that breaks libcurl would repeat the request by itself, which YouTube charges and the ledger does not. A
	 * run makes few calls, and TLS sessions are resumed. */
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)timeout_s);
	/* Google sends gzip only to clients that have the word in their name, too. */
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "newsreel/" NEWSREEL_VERSION " (gzip)");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
}

static bool initialised;

static void initialise(void)
{
	initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* With the first call, not before: it costs more than all else that a run without a call does. */
static bool wake(struct line *line, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (line->curl)
		return true;
	pthread_once(&once, initialise);
	line->curl = initialised ? curl_easy_init() : NULL;
	if (!line->curl)
		return error_no_memory(err);
	configure(line->curl, line->timeout_s);
	return true;
}

/* Makes the request that URL and the options of LINE's own say. */
static bool perform(struct line *line, const char *url, struct http_response *out, struct error *err)
{
	AUTO(http_response_clear) struct http_response response = {.body = BUF(HTTP_BODY_MAX), .retry_after = -1};
	bool loopback = false;
	long status = 0;

	if (!may_ask(url, &loopback, err))
		return false;
	CURL *curl = line->curl;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, loopback ? "*" : NULL); /* NULL: as the environment says */
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response);
	CURLcode code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		return explain(curl, code, &response, err);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	response.status = (int)status;
	*out = response;
	response = (struct http_response){0};
	return true;
}

/* Appends "NAME: VALUE" to *HEADERS, unless VALUE is NULL. */
static bool add_header(struct curl_slist **headers, const char *name, const char *value, struct error *err)
{
	AUTO(buf_clear) struct buf header = BUF(KEY_HEADER_MAX);

	if (!value)
		return true;
	buf_printf(&header, "%s: %s", name, value);
	struct curl_slist *longer = buf_ok(&header, err) ? curl_slist_append(*headers, buf_text(&header)) : NULL;
	if (!longer)
		return error_no_memory(err);
	*headers = longer;
	return true;
}

static bool curl_get_changed(void *context, const char *url, const char *key, const char *etag, struct http_response *out,
                             struct error *err)
{
	struct line *line = context;
	struct curl_slist *headers = NULL;

	assert(!key || !utf8_has_control(key)); /* checked when it was added: it cannot begin a header of its own */
	bool done = wake(line, err) && add_header(&headers, "X-Goog-Api-Key", key, err) &&
	            add_header(&headers, "If-None-Match", etag && !utf8_has_control(etag) ? etag : NULL, err);
	if (done) {
		curl_easy_setopt(line->curl, CURLOPT_HTTPHEADER, headers);
		done = perform(line, url, out, err);
		curl_easy_setopt(line->curl, CURLOPT_HTTPHEADER, NULL);
	}
	curl_slist_free_all(headers);
	return done;
}

static bool curl_get(void *context, const char *url, const char *key, struct http_response *out, struct error *err)
{
	return curl_get_changed(context, url, key, NULL, out, err);
}

static bool curl_post(void *context, const char *url, const char *form, struct http_response *out, struct error *err)
{
	struct line *line = context;

	if (!wake(line, err))
		return false;
	curl_easy_setopt(line->curl, CURLOPT_POSTFIELDS, form);
	bool done = perform(line, url, out, err);
	curl_easy_setopt(line->curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(line->curl, CURLOPT_HTTPGET, 1L);
	return done;
}

/* ---- opening ---- */

bool http_transport_open(int64_t timeout_s, struct transport *out, struct error *err)
{
	struct line *line = calloc(1, sizeof(*line));

	if (!line)
		return error_no_memory(err);
	line->timeout_s = timeout_s;
	*out = (struct transport){.get = curl_get, .get_changed = curl_get_changed, .post = curl_post, .context = line};
	return true;
}

void http_transport_close(struct transport *transport)
{
	struct line *line = transport->context;

	if (line && line->curl)
		curl_easy_cleanup(line->curl);
	free(line);
	*transport = (struct transport){0};
}
