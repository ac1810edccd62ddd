#include "tests/sim/hub/sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { PATIENCE_S = 5, REQUEST_MAX = 64 * 1024, HOST_BYTES = 64, HTTP_PORT = 80 };

/* "http://HOST[:PORT]/PATH" in parts. */
static bool split_url(const char *url, char host[HOST_BYTES], int64_t *port, const char **path)
{
	const char *at = url + strlen("http://");
	size_t len = strcspn(at, "/?");

	if (strncmp(url, "http://", strlen("http://")) != 0 || len >= HOST_BYTES)
		return false;
	memcpy(host, at, len);
	host[len] = '\0';
	*path = at[len] ? at + len : "/";
	const char *colon = strchr(host, ':');
	*port = HTTP_PORT;
	return !colon || text_int(colon + 1, 1, 65535, port);
}

static int connect_to(int64_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void write_request(struct buf *out, const char *host, const char *path, const char *body, const char *signature)
{
	buf_printf(out, "%s %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n", body ? "POST" : "GET", path, host);
	if (body)
		buf_printf(out, "Content-Type: application/atom+xml\r\nContent-Length: %zu\r\n", strlen(body));
	if (*signature)
		buf_printf(out, "X-Hub-Signature: sha1=%s\r\n", signature);
	buf_printf(out, "\r\n%s", body ? body : "");
}

/* Sends what there is to send, and reads to the end. */
static bool talk(int fd, const struct buf *request, struct buf *answer)
{
	char chunk[4096];
	ssize_t got;

	for (size_t at = 0; at < request->len;) {
		ssize_t sent = send(fd, request->data + at, request->len - at, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += (size_t)sent;
	}
	while ((got = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		buf_add(answer, chunk, (size_t)got);
	return got == 0;
}

int sender_send(const char *url, const char *body, const char *signature, struct buf *answer)
{
	AUTO(buf_clear) struct buf request = BUF(REQUEST_MAX);
	AUTO(buf_clear) struct buf whole = BUF(REQUEST_MAX);
	char host[HOST_BYTES];
	const char *path;
	int64_t port;
	struct error ignored;

	if (!split_url(url, host, &port, &path))
		return 0;
	write_request(&request, host, path, body, signature);
	AUTO(file_close) int fd = connect_to(port);
	if (fd < 0 || !buf_ok(&request, &ignored) || !talk(fd, &request, &whole))
		return 0;
	/* "HTTP/1.1 200 OK" */
	const char *status = strchr(buf_text(&whole), ' ');
	const char *content = strstr(buf_text(&whole), "\r\n\r\n");
	if (!status || !content)
		return 0;
	buf_add_text(answer, content + 4);
	return (int)strtol(status + 1, NULL, 10);
}
