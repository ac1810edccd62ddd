#include "cgi/healthcheck.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum { PATIENCE_S = 3, HOST_BYTES = 256, ANSWER_MAX_BYTES = 64 * 1024 };

/* "[::]:8080" -> "::1" and "8080": who listens at every address is asked at this machine's own. */
static void split(const char *listen, char host[HOST_BYTES], const char **port)
{
	const char *colon = strrchr(listen, ':');
	size_t brackets = *listen == '[';
	size_t len = (size_t)(colon - listen) - 2 * brackets;

	snprintf(host, HOST_BYTES, "%.*s", (int)len, listen + brackets);
	if (strcmp(host, "0.0.0.0") == 0)
		snprintf(host, HOST_BYTES, "127.0.0.1");
	else if (strcmp(host, "::") == 0)
		snprintf(host, HOST_BYTES, "::1");
	*port = colon + 1;
}

static bool failed(const char *listen, const char *why, struct error *err)
{
	return error_set(err, ERR_UPSTREAM, "nginx at %s does not answer: %s", listen, why);
}

static bool connect_to(const char *listen, int *out, struct error *err)
{
	const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct addrinfo *found = NULL;
	char host[HOST_BYTES];
	const char *port;

	split(listen, host, &port);
	int why = getaddrinfo(host, port, &wanted, &found);
	if (why != 0)
		return failed(listen, gai_strerror(why), err);
	*out = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = *out >= 0 && setsockopt(*out, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	                 setsockopt(*out, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
	                 connect(*out, found->ai_addr, found->ai_addrlen) == 0;
	why = errno;
	freeaddrinfo(found);
	return connected || failed(listen, strerror(why), err);
}

static bool exchange(int fd, const char *listen, struct buf *answer, struct error *err)
{
	static const char request[] = "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n";
	char piece[4096];
	ssize_t len;

	if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) != (ssize_t)sizeof(request) - 1)
		return failed(listen, strerror(errno), err);
	while ((len = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(answer, piece, (size_t)len);
	return len == 0 ? buf_ok(answer, err) : failed(listen, strerror(errno), err);
}

bool healthcheck(const char *listen, struct error *err)
{
	AUTO(file_close) int fd = -1;
	AUTO(buf_clear) struct buf answer = BUF(ANSWER_MAX_BYTES);

	if (!connect_to(listen, &fd, err) || !exchange(fd, listen, &answer, err))
		return false;
	const char *text = buf_text(&answer);
	const char *body = strstr(text, "\r\n\r\n");
	if (body)
		puts(body + strlen("\r\n\r\n"));
	return (strncmp(text, "HTTP/1.", 7) == 0 && strncmp(text + 8, " 200 ", 5) == 0) ||
	       error_set(err, ERR_UPSTREAM, "/healthz: %.*s", (int)strcspn(text, "\r\n"), text);
}
