#include "tests/support/fastcgi_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

/* https://fastcgi-archives.github.io/FastCGI_Specification.html, sections 3.3, 3.4 and 8 */
enum { BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };
enum { VERSION = 1, REQUEST_ID = 1, RESPONDER = 1, KEEP_CONNECTION = 1 };
enum { HEADER_SIZE = 8, CONTENT_MAX = 0xFFFF, WIRE_MAX = 16 * 1024 * 1024 };

static void add_number(struct buf *out, size_t number, int bytes)
{
	while (bytes-- > 0)
		buf_add_char(out, (char)(number >> 8 * bytes & 0xFF));
}

static void add_record(struct buf *wire, int type, const char *content, size_t len)
{
	add_number(wire, VERSION, 1);
	add_number(wire, (size_t)type, 1);
	add_number(wire, REQUEST_ID, 2);
	add_number(wire, len, 2);
	add_number(wire, 0, 2); /* no padding */
	buf_add(wire, content, len);
}

/* As many records as it takes, and the empty one that ends a stream. */
static void add_stream(struct buf *wire, int type, const char *content, size_t len)
{
	while (len) {
		size_t part = len < CONTENT_MAX ? len : CONTENT_MAX;

		add_record(wire, type, content, part);
		content += part;
		len -= part;
	}
	add_record(wire, type, "", 0);
}

void client_add_request(struct buf *wire, const struct cgi_params *params, const char *body, size_t len, bool keep)
{
	const char begin[] = {0, RESPONDER, keep ? KEEP_CONNECTION : 0, 0, 0, 0, 0, 0};
	AUTO(buf_clear) struct buf pairs = BUF(WIRE_MAX);

	for (size_t i = 0; params->items[i]; i++) {
		size_t name_len = strcspn(params->items[i], "=");
		const char *value = params->items[i] + name_len + 1;

		add_number(&pairs, name_len | 0x80000000U, 4);
		add_number(&pairs, strlen(value) | 0x80000000U, 4);
		buf_add(&pairs, params->items[i], name_len);
		buf_add_text(&pairs, value);
	}
	add_record(wire, BEGIN_REQUEST, begin, sizeof(begin));
	add_stream(wire, PARAMS, buf_text(&pairs), pairs.len);
	add_stream(wire, STDIN, body, len);
}

struct buf client_get(const char *path)
{
	AUTO(cgi_params_clear) struct cgi_params params = {0};
	struct buf wire = BUF(WIRE_MAX);

	cgi_params_set(&params, "REQUEST_METHOD", "GET");
	cgi_params_set(&params, "REQUEST_URI", path);
	client_add_request(&wire, &params, "", 0, false);
	return wire;
}

int client_connect(const struct sockaddr *address, socklen_t len)
{
	struct timeval patience = {.tv_sec = CLIENT_PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, address, len), 0);
	return fd;
}

void client_send(int fd, const char *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

bool client_read(int fd, struct buf *output)
{
	unsigned char header[HEADER_SIZE];

	while (recv(fd, header, sizeof(header), MSG_WAITALL) == sizeof(header)) {
		size_t len = (size_t)header[4] << 8 | header[5];
		size_t padding = header[6];
		char content[CONTENT_MAX + UINT8_MAX];

		assert_int_equal(header[0], VERSION);
		if (len + padding && recv(fd, content, len + padding, MSG_WAITALL) != (ssize_t)(len + padding))
			return false;
		if (header[1] == END_REQUEST)
			return true;
		if (header[1] == STDOUT)
			buf_add(output, content, len);
	}
	return false;
}
