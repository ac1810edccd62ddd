/*
 * The least a FastCGI program can do: as many bytes as the query string says (bytes=N), from memory, with as many threads as
 * newsreel-web has. What is slower than this through the same nginx is newsreel's own cost.
 *
 * usage: floor SOCKET THREADS
 */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "base/text.h"

enum { BACKLOG = 1024, BYTES_MAX = 1024 * 1024, THREADS_MAX = 256 };

static char content[BYTES_MAX];
static int listener;

static int64_t bytes_asked_for(const char *query)
{
	const char *at = query ? strstr(query, "bytes=") : NULL;
	int64_t bytes;

	return at && text_int(at + strlen("bytes="), 0, BYTES_MAX, &bytes) ? bytes : 0;
}

static void *work(void *unused)
{
	FCGX_Request request;

	(void)unused;
	FCGX_InitRequest(&request, listener, 0);
	while (FCGX_Accept_r(&request) == 0) {
		int64_t bytes = bytes_asked_for(FCGX_GetParam("QUERY_STRING", request.envp));

		FCGX_FPrintF(request.out,
		             "Status: 200 OK\r\nContent-Type: application/octet-stream\r\nCache-Control: public, max-age=60\r\n"
		             "Content-Length: %ld\r\n\r\n",
		             (long)bytes);
		FCGX_PutStr(content, (int)bytes, request.out);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

static bool listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return false;
	memcpy(address.sun_path, path, strlen(path) + 1);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return listener >= 0 && bind(listener, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(listener, BACKLOG) == 0;
}

int main(int argc, char *argv[])
{
	static pthread_t threads[THREADS_MAX];
	int64_t count;

	if (argc != 3 || !text_int(argv[2], 1, THREADS_MAX, &count)) {
		fputs("usage: floor SOCKET THREADS\n", stderr);
		return 2;
	}
	if (!listen_on(argv[1])) {
		perror(argv[1]);
		return 1;
	}
	memset(content, 'x', sizeof(content));
	FCGX_Init();
	signal(SIGTERM, SIG_DFL); /* libfcgi has its own, which only ends a request */
	for (int64_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 1;
	for (int64_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
