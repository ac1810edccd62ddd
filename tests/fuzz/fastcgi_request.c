/*
 * What arrives on a connection of newsreel-web.
 * Input: a byte, how long the pieces are in which it arrives; then all of it.
 */

#include <string.h>

#include "fastcgi/request.h"
#include "tests/fuzz/fuzz.h"

enum { BODY_MAX = 64 };

static enum fcgi_progress read_in_pieces(struct fcgi_request *request, const uint8_t *data, size_t size, size_t piece)
{
	enum fcgi_progress progress = FCGI_INCOMPLETE;

	while (size && progress == FCGI_INCOMPLETE) {
		size_t len = size < piece ? size : piece;

		progress = fcgi_request_read(request, data, len);
		data += len;
		size -= len;
	}
	return size ? FCGI_BROKEN : progress;
}

/* Pairs of texts; each name finds the first of its values. */
static void promise_params(const struct fcgi_request *request)
{
	const char *at = buf_text(&request->params);
	const char *end = at + request->params.len;

	while (at < end) {
		const char *name = at;
		const char *value = name + strlen(name) + 1;

		PROMISE(value < end);
		const char *found = fcgi_request_param(request, name);
		PROMISE(found && found <= value);
		at = value + strlen(value) + 1;
	}
	PROMISE(at == end);
}

static void promise_complete(const struct fcgi_request *request)
{
	PROMISE(request->id > 0);
	PROMISE(request->body.len <= BODY_MAX);
	promise_params(request);
}

/* In pieces or in one, it is the same request. */
static void promise_same(const struct fcgi_request *a, const struct fcgi_request *b)
{
	PROMISE(a->id == b->id && a->keeps == b->keeps);
	PROMISE(a->params.len == b->params.len && memcmp(buf_text(&a->params), buf_text(&b->params), a->params.len) == 0);
	PROMISE(a->body.len == b->body.len && memcmp(buf_text(&a->body), buf_text(&b->body), a->body.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(fcgi_request_clear) struct fcgi_request whole, pieces;

	fcgi_request_init(&whole, BODY_MAX);
	fcgi_request_init(&pieces, BODY_MAX);
	if (size < 2)
		return 0;
	enum fcgi_progress progress = fcgi_request_read(&whole, data + 1, size - 1);
	PROMISE(read_in_pieces(&pieces, data + 1, size - 1, (size_t)data[0] + 1) == progress);
	if (progress == FCGI_COMPLETE) {
		promise_complete(&whole);
		promise_same(&whole, &pieces);
	}
	return 0;
}
