#define _GNU_SOURCE /* POLLRDHUP */
#include "http/fastcgi.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include <fcgiapp.h>

#include "base/file.h"

enum { PAUSE_NS = 50 * 1000 * 1000 };

struct fastcgi {
	FCGX_Request request;
	int waiting; /* an epoll(7): for a connection, or the end */
	int stop;
	size_t body_len;
	char body[REQUEST_BODY_MAX + 1];
};

bool fastcgi_init(struct error *err)
{
	return FCGX_Init() == 0 || error_set(err, ERR_INTERNAL, "libfcgi cannot be used");
}

/* Each connection wakes one of the threads that wait for it, the end wakes all. */
static bool wait_for(int epoll, int listener, int stop)
{
	struct epoll_event connection = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
	struct epoll_event end = {.events = EPOLLIN, .data.fd = stop};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &connection) == 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, stop, &end) == 0;
}

bool fastcgi_open(int listener, int stop, struct fastcgi **out, struct error *err)
{
	struct fastcgi *fastcgi = calloc(1, sizeof(*fastcgi));

	if (!fastcgi)
		return error_no_memory(err);
	fastcgi->stop = stop;
	fastcgi->waiting = epoll_create1(EPOLL_CLOEXEC);
	if (FCGX_InitRequest(&fastcgi->request, listener, 0) != 0)
		error_set(err, ERR_INTERNAL, "libfcgi cannot be used");
	else if (fastcgi->waiting < 0 || !wait_for(fastcgi->waiting, listener, stop))
		error_set(err, ERR_INTERNAL, "the socket cannot be waited for: %s", strerror(errno));
	else {
		*out = fastcgi;
		return true;
	}
	fastcgi_close(&fastcgi);
	return false;
}

void fastcgi_close(struct fastcgi **fastcgi)
{
	file_close(&(*fastcgi)->waiting);
	free(*fastcgi);
	*fastcgi = NULL;
}

/* False when the connection broke before the end of the body. */
static bool read_body(struct fastcgi *fastcgi)
{
	fastcgi->body_len = (size_t)FCGX_GetStr(fastcgi->body, (int)sizeof(fastcgi->body), fastcgi->request.in);
	return FCGX_GetError(fastcgi->request.in) == 0;
}

/* False at the end. */
static bool wait_for_connection(const struct fastcgi *fastcgi)
{
	struct epoll_event events[2];
	int count = epoll_wait(fastcgi->waiting, events, 2, -1);

	for (int i = 0; i < count; i++)
		if (events[i].data.fd == fastcgi->stop)
			return false;
	return true;
}

/* Whether accept(2) fails for want of something that others will give back. */
static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* If it is not, and there was nothing to accept, another thread was faster. */
static bool is_shut_down(int listener)
{
	struct pollfd end = {.fd = listener, .events = POLLRDHUP};

	return poll(&end, 1, 0) == 1;
}

bool fastcgi_accept(struct fastcgi *fastcgi)
{
	static const struct timespec pause = {.tv_nsec = PAUSE_NS};

	while (wait_for_connection(fastcgi)) {
		int status = FCGX_Accept_r(&fastcgi->request);

		if (status == 0 && read_body(fastcgi))
			return true;
		if (status == 0)
			fastcgi_abort(fastcgi);
		else if (is_shortage(-status))
			nanosleep(&pause, NULL); /* not to spin */
		else if (status != -EAGAIN || is_shut_down(fastcgi->request.listen_sock))
			return false;
	}
	return false;
}

struct cgi_input fastcgi_input(const struct fastcgi *fastcgi)
{
	return (struct cgi_input){.params = (const char *const *)fastcgi->request.envp,
	                          .body = fastcgi->body,
	                          .body_len = fastcgi->body_len};
}

bool fastcgi_write(struct fastcgi *fastcgi, const char *bytes, size_t len)
{
	return FCGX_PutStr(bytes, (int)len, fastcgi->request.out) == (int)len;
}

/* libfcgi has no function that tells the connection of a request. */
bool fastcgi_reader_has_left(const struct fastcgi *fastcgi)
{
	struct pollfd connection = {.fd = fastcgi->request.ipcFd};

	return poll(&connection, 1, 0) == 1 && connection.revents & (POLLHUP | POLLERR);
}

void fastcgi_finish(struct fastcgi *fastcgi)
{
	FCGX_Finish_r(&fastcgi->request);
	fastcgi_abort(fastcgi); /* a connection that it kept */
}

void fastcgi_abort(struct fastcgi *fastcgi)
{
	FCGX_Free(&fastcgi->request, 1);
}
