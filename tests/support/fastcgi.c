#include "tests/support/fastcgi.h"

#include <string.h>

static void add_number(struct buf *out, size_t number, int bytes)
{
	while (bytes-- > 0)
		buf_add_char(out, (char)(number >> 8 * bytes & 0xFF));
}

static void add_length(struct buf *params, size_t len)
{
	if (len < 0x80)
		add_number(params, len, 1);
	else
		add_number(params, len | 0x80000000U, 4);
}

void add_param(struct buf *params, const char *name, const char *value)
{
	add_length(params, strlen(name));
	add_length(params, strlen(value));
	buf_add_text(params, name);
	buf_add_text(params, value);
}

void add_record(struct buf *wire, int type, int id, const void *content, size_t len, size_t padding)
{
	add_number(wire, FCGI_VERSION, 1);
	add_number(wire, (size_t)type, 1);
	add_number(wire, (size_t)id, 2);
	add_number(wire, len, 2);
	add_number(wire, padding, 1);
	add_number(wire, 0, 1);
	buf_add(wire, content, len);
	while (padding--)
		buf_add_char(wire, 'p');
}

void add_get(struct buf *wire, int id, const char *path, bool keep)
{
	AUTO(buf_clear) struct buf params = BUF(64 * 1024);
	const char begin[FCGI_BEGIN_SIZE] = {0, FCGI_ROLE_RESPONDER, keep ? FCGI_FLAG_KEEP : 0};

	add_param(&params, "REQUEST_METHOD", "GET");
	add_param(&params, "REQUEST_URI", path);
	add_record(wire, FCGI_BEGIN_REQUEST, id, begin, sizeof(begin), 0);
	add_record(wire, FCGI_PARAMS, id, buf_text(&params), params.len, 0);
	add_record(wire, FCGI_PARAMS, id, "", 0, 0);
	add_record(wire, FCGI_STDIN, id, "", 0, 0);
}
