#include "fastcgi/request.h"

#include <stdint.h>
#include <string.h>

void fcgi_request_init(struct fcgi_request *out, size_t body_max)
{
	*out = (struct fcgi_request){.params = BUF(FCGI_PARAMS_MAX), .body = BUF(body_max)};
}

void fcgi_request_clear(struct fcgi_request *request)
{
	size_t body_max = request->body.max;

	buf_clear(&request->params);
	buf_clear(&request->body);
	fcgi_request_init(request, body_max);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t two_bytes(const unsigned char *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* ---- parameters: pairs of name and value after their lengths, section 3.4 ---- */

struct reader {
	const unsigned char *at, *end;
};

/* A length below 128 takes a byte, others four. */
static bool take_length(struct reader *reader, size_t *out)
{
	size_t left = (size_t)(reader->end - reader->at);

	if (left < 1 || (*reader->at >> 7 && left < 4))
		return false;
	if (*reader->at >> 7) {
		*out = (two_bytes(reader->at) & 0x7FFF) << 16 | two_bytes(reader->at + 2);
		reader->at += 4;
	} else {
		*out = *reader->at++;
	}
	return true;
}

/* Moves the next LEN bytes to TO, with a NUL after them; a NUL among them would end them early. */
static bool take_text(struct reader *reader, size_t len, char **to)
{
	if (len > (size_t)(reader->end - reader->at) || memchr(reader->at, '\0', len))
		return false;
	memmove(*to, reader->at, len);
	reader->at += len;
	*to += len;
	*(*to)++ = '\0';
	return true;
}

/* In place: two lengths take at least the room of the two NULs. */
static bool decode_params(struct buf *params)
{
	if (params->len == 0)
		return true;
	struct reader reader = {(unsigned char *)params->data, (unsigned char *)params->data + params->len};
	char *to = params->data;
	size_t name_len, value_len;

	while (reader.at < reader.end)
		if (!take_length(&reader, &name_len) || !take_length(&reader, &value_len) || !take_text(&reader, name_len, &to) ||
		    !take_text(&reader, value_len, &to))
			return false;
	params->len = (size_t)(to - params->data);
	return true;
}

const char *fcgi_request_param(const struct fcgi_request *request, const char *name)
{
	const char *at = buf_text(&request->params);
	const char *end = at + request->params.len;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (strcmp(at, name) == 0)
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}

/* ---- records ---- */

static int type_of(const struct fcgi_request *request)
{
	return request->header[1];
}

/* The header is there: whether such a record may come now. */
static bool begin_record(struct fcgi_request *request)
{
	int id = (int)two_bytes(request->header + 2);

	request->content_len = two_bytes(request->header + 4);
	request->padding_len = request->header[6];
	if (request->header[0] != FCGI_VERSION || id == 0)
		return false;
	switch (type_of(request)) {
	case FCGI_BEGIN_REQUEST:
		return request->id == 0 && request->content_len == FCGI_BEGIN_SIZE;
	case FCGI_PARAMS:
		return request->id == id && !request->has_all_params;
	case FCGI_STDIN:
		return request->id == id && request->has_all_params;
	default:
		return false;
	}
}

static void add_content(struct fcgi_request *request, const void *bytes, size_t len)
{
	switch (type_of(request)) {
	case FCGI_BEGIN_REQUEST:
		memcpy(request->begin + FCGI_BEGIN_SIZE - request->content_len, bytes, len);
		break;
	case FCGI_PARAMS:
		buf_add(&request->params, bytes, len);
		break;
	default:
		buf_add(&request->body, bytes, smaller(len, request->body.max - request->body.len));
		break;
	}
}

/* An empty record ends the parameters, another one the body and with it the request. */
static enum fcgi_progress end_record(struct fcgi_request *request)
{
	bool is_empty = two_bytes(request->header + 4) == 0;

	request->header_len = 0;
	if (request->params.failed || request->body.failed)
		return FCGI_BROKEN;
	switch (type_of(request)) {
	case FCGI_BEGIN_REQUEST:
		request->id = (int)two_bytes(request->header + 2);
		request->keeps = request->begin[2] & FCGI_FLAG_KEEP;
		return two_bytes(request->begin) == FCGI_ROLE_RESPONDER ? FCGI_INCOMPLETE : FCGI_BROKEN;
	case FCGI_PARAMS:
		request->has_all_params = is_empty;
		return is_empty && !decode_params(&request->params) ? FCGI_BROKEN : FCGI_INCOMPLETE;
	default:
		return is_empty ? FCGI_COMPLETE : FCGI_INCOMPLETE;
	}
}

/* Takes the header or a piece of it, the content, and the padding after it; returns how many bytes that were. */
static size_t take_header(struct fcgi_request *request, const unsigned char *bytes, size_t len)
{
	size_t taken = smaller(len, FCGI_HEADER_SIZE - request->header_len);

	memcpy(request->header + request->header_len, bytes, taken);
	request->header_len += taken;
	return taken;
}

static size_t take_content(struct fcgi_request *request, const unsigned char *bytes, size_t len)
{
	size_t content = smaller(len, request->content_len);
	size_t padding = smaller(len - content, request->padding_len);

	if (content)
		add_content(request, bytes, content);
	request->content_len -= content;
	request->padding_len -= padding;
	return content + padding;
}

enum fcgi_progress fcgi_request_read(struct fcgi_request *request, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	const unsigned char *end = at + len;
	enum fcgi_progress progress = FCGI_INCOMPLETE;

	while (at < end && progress == FCGI_INCOMPLETE) {
		if (request->header_len < FCGI_HEADER_SIZE) {
			at += take_header(request, at, (size_t)(end - at));
			if (request->header_len < FCGI_HEADER_SIZE)
				return FCGI_INCOMPLETE;
			if (!begin_record(request))
				return FCGI_BROKEN;
		}
		at += take_content(request, at, (size_t)(end - at));
		if (request->content_len == 0 && request->padding_len == 0)
			progress = end_record(request);
	}
	return at < end ? FCGI_BROKEN : progress; /* something after a complete request */
}
