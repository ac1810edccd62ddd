/*
 * The whole web program on a small record. Input, by lines: "METHOD URL"; "token" or nothing; the headers Cookie, Origin and
 * If-None-Match; then the body. No request is answered with a fault of ours, no header line breaks, JSON is JSON, everything is
 * UTF-8.
 */

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/site.h"

/* "Name: value\r\n" for each, and no other control character. */
static void promise_headers(const char *headers)
{
	while (*headers) {
		size_t len = strcspn(headers, "\r\n");
		const char *colon = memchr(headers, ':', len);

		PROMISE(colon && colon > headers && colon[1] == ' ');
		PROMISE(headers[len] == '\r' && headers[len + 1] == '\n');
		headers += len + 2;
	}
}

static void promise_body(const struct flow *flow)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error err = {0};

	PROMISE(utf8_is_valid(flow_body(flow), flow->response.body.len));
	if (!flow->response.body.len)
		return;
	if (flow_header_has(flow, "Content-Type: application/json") ||
	    flow_header_has(flow, "Content-Type: application/problem+json"))
		PROMISE(json_parse(flow_body(flow), flow->response.body.len, &json, &err));
	PROMISE(flow->response.status < 400 || flow_header_has(flow, "problem+json") || flow_header_has(flow, "text/html"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct flow *flow;
	AUTO(text_free) char *method = fuzz_take_line(&data, &size);
	AUTO(text_free) char *token = fuzz_take_line(&data, &size);
	AUTO(text_free) char *cookies = fuzz_take_line(&data, &size);
	AUTO(text_free) char *origin = fuzz_take_line(&data, &size);
	AUTO(text_free) char *known = fuzz_take_line(&data, &size);
	AUTO(text_free) char *body = fuzz_take_text(data, size);
	char *url = strchr(method, ' ');

	if (!url)
		return 0;
	*url++ = '\0';
	flow = flow ? flow : fuzz_site_open();
	flow_set(flow, "HTTP_COOKIE", cookies);
	flow_set(flow, "HTTP_ORIGIN", origin);
	flow_set(flow, "HTTP_IF_NONE_MATCH", known);
	int status = flow_request(flow, method, url, *body ? body : NULL, strcmp(token, "token") == 0 ? FLOW_TOKEN : NULL);
	if (status >= 500)
		fprintf(stderr, "%s %s: %d %s\n", method, url, status, flow_body(flow));
	PROMISE(status >= 200 && status < 500);
	promise_headers(buf_text(&flow->response.headers));
	promise_body(flow);
	bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
	if (!reads && status < 300)
		fuzz_site_close(&flow); /* the next input finds the same record, whatever this one wrote */
	return 0;
}
