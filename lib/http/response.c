#include "http/response.h"

#include <stddef.h>

void response_init(struct response *response)
{
	*response = (struct response){.status = 200, .headers = BUF(RESPONSE_HEADERS_MAX), .body = BUF(RESPONSE_BODY_MAX)};
}

static void close_rest(struct response *response)
{
	if (response->rest.close)
		response->rest.close(response->rest.context);
	response->rest = (struct producer){0};
}

void response_clear(struct response *response)
{
	buf_clear(&response->headers);
	buf_clear(&response->body);
	close_rest(response);
}

void response_restart(struct response *response, int status)
{
	buf_reset(&response->headers);
	buf_reset(&response->body);
	close_rest(response);
	response->no_store = false;
	response->status = status;
}

static bool is_allowed(char c)
{
	return (unsigned char)c >= ' ' && c != 0x7F;
}

void response_header(struct response *response, const char *name, const char *value)
{
	struct buf *headers = &response->headers;

	buf_add_text(headers, name);
	buf_add(headers, ": ", 2);
	while (*value) {
		size_t len = 0;

		while (is_allowed(value[len]))
			len++;
		buf_add(headers, value, len);
		value += len;
		while (*value && !is_allowed(*value))
			value++;
	}
	buf_add(headers, "\r\n", 2);
}

struct writer response_json(struct response *response, int status)
{
	response->status = status;
	response_header(response, "Content-Type", "application/json; charset=utf-8");
	return writer_json(&response->body);
}

const char *response_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
	    {200, "OK"},
	    {201, "Created"},
	    {202, "Accepted"},
	    {204, "No Content"},
	    {303, "See Other"},
	    {304, "Not Modified"},
	    {400, "Bad Request"},
	    {401, "Unauthorized"},
	    {403, "Forbidden"},
	    {404, "Not Found"},
	    {405, "Method Not Allowed"},
	    {409, "Conflict"},
	    {410, "Gone"},
	    {413, "Content Too Large"},
	    {414, "URI Too Long"},
	    {415, "Unsupported Media Type"},
	    {422, "Unprocessable Content"},
	    {429, "Too Many Requests"},
	    {500, "Internal Server Error"},
	    {502, "Bad Gateway"},
	    {503, "Service Unavailable"},
	    {504, "Gateway Timeout"},
	};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}
