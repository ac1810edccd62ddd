#include "http/fastcgi.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include <fcgiapp.h>

enum { PAUSE_NS = 50 * 1000 * 1000 };

struct fastcgi {
	FCGX_Request request;
	size_t body_len;
	char body[REQUEST_BODY_MAX + 1];
};

bool fastcgi_init(struct error *err)
{
	return FCGX_Init() == 0 || error_set(err, ERR_INTERNAL, "libfcgi cannot be used");
}

bool fastcgi_open(int listener, struct fastcgi **out, struct error *err)
{
	struct fastcgi *fastcgi = calloc(1, sizeof(*fastcgi));

	if (!fastcgi)
		return error_no_memory(err);
	if (FCGX_InitRequest(&fastcgi->request, listener, 0) != 0) {
		free(fastcgi);
		return error_set(err, ERR_INTERNAL, "libfcgi cannot be used");
	}
	*out = fastcgi;
	return true;
}

void fastcgi_close(struct fastcgi **fastcgi)
{
	free(*fastcgi);
	*fastcgi = NULL;
}

/* False when the connection broke before the end of the body. */
static bool read_body(struct fastcgi *fastcgi)
{
	fastcgi->body_len = (size_t)FCGX_GetStr(fastcgi->body, (int)sizeof(fastcgi->body), fastcgi->request.in);
	return FCGX_GetError(fastcgi->request.in) == 0;
}

/* Whether accept(2) fails for want of something that others will give back. */
static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool fastcgi_accept(struct fastcgi *fastcgi)
{
	static const struct timespec pause = {.tv_nsec = PAUSE_NS};

	for (;;) {
		int status = FCGX_Accept_r(&fastcgi->request);

		if (status == 0 && read_body(fastcgi))
			return true;
		if (status == 0)
			fastcgi_abort(fastcgi);
		else if (is_shortage(-status))
			nanosleep(&pause, NULL); /* not to spin */
		else
			return false;
	}
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
