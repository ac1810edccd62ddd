#include "cgi/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process/supervisor.h"

enum { BACKLOG = 1024 /* a full one is an immediate 502 */ };

static bool failed(const char *path, int why, struct error *err)
{
	return error_set(err, ERR_INTERNAL, "%s: %s", path, strerror(why));
}

/* With words for what fails: libfcgi's ends the process without any. */
static bool listen_on(const char *path, struct listener *listener, struct error *err)
{
	struct sockaddr_un *address = &listener->address;

	if (strlen(path) >= sizeof(address->sun_path))
		return error_set(err, ERR_INVALID, "%s: the path of a socket has at most %zu bytes", path,
		                 sizeof(address->sun_path) - 1);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, strlen(path) + 1);
	AUTO(file_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set(err, ERR_INTERNAL, "no socket: %s", strerror(errno));
	unlink(path); /* a stale one: the lock on the data folder is ours */
	mode_t mask = umask(0117);
	bool bound = bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
	int why = errno;
	umask(mask);
	if (!bound)
		return failed(path, why, err);
	if (listen(fd, BACKLOG) != 0)
		return failed(path, errno, err);
	listener->fd = fd;
	fd = -1;
	return true;
}

/* Nothing when no socket was passed. */
static bool inherit(struct listener *listener, struct error *err)
{
	socklen_t len = sizeof(listener->address);
	int listens = 0;
	socklen_t size = sizeof(listens);

	if (!supervisor_socket(&listener->fd, err))
		return false;
	if (listener->fd < 0)
		return true;
	listener->inherited = true; /* also when it will not do: it is not ours to remove */
	if (getsockname(listener->fd, (struct sockaddr *)&listener->address, &len) != 0 ||
	    listener->address.sun_family != AF_UNIX ||
	    getsockopt(listener->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
		return error_set(err, ERR_INVALID, "what was passed (LISTEN_FDS) is no unix socket that listens");
	listener->address.sun_path[sizeof(listener->address.sun_path) - 1] = '\0';
	return true;
}

static bool open_listener(const char *path, struct listener *listener, struct error *err)
{
	if (!inherit(listener, err) || (!listener->inherited && !listen_on(path, listener, err)))
		return false;
	listener->stop = eventfd(0, EFD_CLOEXEC);
	int flags = fcntl(listener->fd, F_GETFL);
	return (listener->stop >= 0 && flags >= 0 && fcntl(listener->fd, F_SETFL, flags | O_NONBLOCK) == 0) ||
	       failed("socket", errno, err);
}

bool listener_open(const char *path, struct listener *out, struct error *err)
{
	struct listener listener = LISTENER_CLOSED;

	if (!open_listener(path, &listener, err)) {
		listener_close(&listener);
		return false;
	}
	*out = listener;
	return true;
}

/* shutdown(2) would end the socket for all who have it. */
void listener_stop(const struct listener *listener)
{
	if (listener->inherited)
		(void)eventfd_write(listener->stop, 1);
	else
		shutdown(listener->fd, SHUT_RD);
}

void listener_close(struct listener *listener)
{
	if (listener->fd >= 0 && !listener->inherited)
		unlink(listener->address.sun_path);
	file_close(&listener->fd);
	file_close(&listener->stop);
}
