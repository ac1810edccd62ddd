#include "fastcgi/reply.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "fastcgi/protocol.h"

enum { PARTS_MAX = 4 };

static void write_header(unsigned char out[FCGI_HEADER_SIZE], enum fcgi_type type, int request_id, size_t content_len)
{
	out[0] = FCGI_VERSION;
	out[1] = (unsigned char)type;
	out[2] = (unsigned char)(request_id >> 8 & 0xFF);
	out[3] = (unsigned char)(request_id & 0xFF);
	out[4] = (unsigned char)(content_len >> 8);
	out[5] = (unsigned char)(content_len & 0xFF);
	out[6] = 0; /* padding */
	out[7] = 0;
}

/* Drops the first SENT bytes from the parts. */
static void drop(struct msghdr *message, size_t sent)
{
	while (message->msg_iovlen && sent >= message->msg_iov->iov_len) {
		sent -= message->msg_iov->iov_len;
		message->msg_iov++;
		message->msg_iovlen--;
	}
	if (message->msg_iovlen) {
		message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + sent;
		message->msg_iov->iov_len -= sent;
	}
}

static bool send_parts(int connection, struct iovec *parts, size_t count)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};

	for (;;) {
		drop(&message, 0); /* empty ones */
		if (message.msg_iovlen == 0)
			return true;
		ssize_t sent = sendmsg(connection, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return false;
		drop(&message, sent > 0 ? (size_t)sent : 0);
	}
}

/* An I/O vector is written from, though its type does not say so. */
static struct iovec part_of(const void *bytes, size_t len)
{
	struct iovec part = {.iov_len = len};

	memcpy(&part.iov_base, &bytes, sizeof(bytes));
	return part;
}

/* An empty record ends the output, another the request: status 0, complete. */
static size_t write_end(unsigned char out[2 * FCGI_HEADER_SIZE + FCGI_END_SIZE], int request_id)
{
	write_header(out, FCGI_STDOUT, request_id, 0);
	write_header(out + FCGI_HEADER_SIZE, FCGI_END_REQUEST, request_id, FCGI_END_SIZE);
	memset(out + 2 * FCGI_HEADER_SIZE, 0, FCGI_END_SIZE);
	return 2 * FCGI_HEADER_SIZE + FCGI_END_SIZE;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool reply_send(const struct reply *reply, const char *head, size_t head_len, const char *body, size_t body_len, bool last)
{
	bool more = true;

	while (more) {
		unsigned char header[FCGI_HEADER_SIZE];
		unsigned char end[2 * FCGI_HEADER_SIZE + FCGI_END_SIZE];
		size_t from_head = smaller(head_len, FCGI_CONTENT_MAX);
		size_t from_body = smaller(body_len, FCGI_CONTENT_MAX - from_head);

		write_header(header, FCGI_STDOUT, reply->request_id, from_head + from_body);
		more = from_head + from_body < head_len + body_len;
		struct iovec parts[PARTS_MAX] = {part_of(header, from_head + from_body ? sizeof(header) : 0),
		                                 part_of(head, from_head), part_of(body, from_body),
		                                 part_of(end, last && !more ? write_end(end, reply->request_id) : 0)};
		if (!send_parts(reply->connection, parts, PARTS_MAX))
			return false;
		head += from_head;
		head_len -= from_head;
		body += from_body;
		body_len -= from_body;
	}
	return true;
}
