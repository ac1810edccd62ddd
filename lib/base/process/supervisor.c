#include "base/process/supervisor.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { FIRST_PASSED = 3, BEAT_S = 1 }; /* the descriptor, SD_LISTEN_FDS_START */

void supervisor_tell(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;

	if (len == 0 || len >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, len);
	if (*path == '@') /* an abstract one */
		address.sun_path[0] = '\0';
	AUTO(file_close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
		              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
}

static void *beat(void *unused)
{
	for (;; sleep(BEAT_S))
		supervisor_tell("WATCHDOG=1");
	return unused;
}

bool supervisor_beat(struct error *err)
{
	sigset_t all, before;
	pthread_t thread;

	if (!getenv("NOTIFY_SOCKET"))
		return true;
	/* Signals are for the thread that does the work. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int why = pthread_create(&thread, NULL, beat, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return (why == 0 && pthread_detach(thread) == 0) || error_set(err, ERR_INTERNAL, "no thread: %s", strerror(why));
}

static int64_t number_in(const char *variable)
{
	const char *value = getenv(variable);
	int64_t number;

	return value && text_int(value, 0, INT32_MAX, &number) ? number : 0;
}

bool supervisor_socket(int *out, struct error *err)
{
	int64_t count = number_in("LISTEN_PID") == getpid() ? number_in("LISTEN_FDS") : 0;

	*out = -1;
	if (count > 1)
		return error_set(err, ERR_INVALID, "LISTEN_FDS=%lld: one socket can be served", (long long)count);
	if (count == 1 && fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC) == 0)
		*out = FIRST_PASSED;
	return true;
}
