#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "fastcgi/server.h"
#include "tests/support/fastcgi.h"

enum { THREADS = 2, MANY = 50, BODY_MAX = 100, WIRE_MAX = 64 * 1024, PATIENCE_S = 10, ROOM = MANY };

/* A server whose threads answer each request with its path, on a socket without a file. */
struct site {
	struct sockaddr_un address;
	socklen_t address_len;
	int listener;
	struct fcgi_server *server;
	pthread_t threads[THREADS];
};

static void *echo(void *context)
{
	struct fcgi_server *server = context;
	struct fcgi_connection *connection;

	while ((connection = fcgi_server_next(server))) {
		const char *path = fcgi_request_param(&connection->request, "REQUEST_URI");
		struct reply reply = fcgi_connection_reply(connection);
		bool fails = strcmp(path, "/fails") == 0;
		bool sent = reply_send(&reply, path, strlen(path), "\n", 1, !fails);

		fcgi_server_done(server, connection, sent && !fails);
	}
	return NULL;
}

static int open_site(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct error err;

	assert_non_null(site);
	site->address.sun_family = AF_UNIX; /* bound without a path: Linux chooses an abstract one */
	site->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(site->listener, (struct sockaddr *)&site->address, sizeof(sa_family_t)), 0);
	site->address_len = sizeof(site->address);
	assert_int_equal(getsockname(site->listener, (struct sockaddr *)&site->address, &site->address_len), 0);
	assert_int_equal(listen(site->listener, 2 * MANY), 0);
	assert_true(fcgi_server_open(site->listener, ROOM, BODY_MAX, &site->server, &err));
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&site->threads[i], NULL, echo, site->server), 0);
	*state = site;
	return 0;
}

static int close_site(void **state)
{
	struct site *site = *state;

	fcgi_server_stop(site->server);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(site->threads[i], NULL), 0);
	fcgi_server_close(&site->server);
	file_close(&site->listener);
	free(site);
	return 0;
}

static int connect_to(const struct site *site)
{
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&site->address, site->address_len), 0);
	return fd;
}

static void send_all(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static void ask(int fd, const char *path, bool keep)
{
	AUTO(buf_clear) struct buf wire = BUF(WIRE_MAX);

	add_get(&wire, 1, path, keep);
	send_all(fd, wire.data, wire.len);
}

/* Reads an answer of one record and its end. */
static void expect_answer(int fd, const char *path)
{
	size_t len = strlen(path) + 1;
	char got[WIRE_MAX];

	assert_int_equal(recv(fd, got, FCGI_HEADER_SIZE + len + 2 * FCGI_HEADER_SIZE + FCGI_END_SIZE, MSG_WAITALL),
	                 FCGI_HEADER_SIZE + len + 2 * FCGI_HEADER_SIZE + FCGI_END_SIZE);
	assert_memory_equal(got + FCGI_HEADER_SIZE, path, len - 1);
}

static void expect_end(int fd)
{
	char byte;

	assert_true(recv(fd, &byte, 1, 0) <= 0);
	close(fd);
}

static void a_connection_is_kept_only_if_wanted(void **state)
{
	int fd = connect_to(*state);

	for (int i = 0; i < 3; i++) {
		ask(fd, "/kept", true);
		expect_answer(fd, "/kept");
	}
	ask(fd, "/last", false);
	expect_answer(fd, "/last");
	expect_end(fd);
}

/* Far more of them than threads, each asking again and again. */
static void kept_connections_keep_nobody_waiting(void **state)
{
	int fds[MANY];
	char path[16];

	for (int i = 0; i < MANY; i++)
		fds[i] = connect_to(*state);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++) {
			snprintf(path, sizeof(path), "/%d/%d", round, i);
			ask(fds[i], path, true);
		}
		for (int i = MANY - 1; i >= 0; i--) {
			snprintf(path, sizeof(path), "/%d/%d", round, i);
			expect_answer(fds[i], path);
		}
	}
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
}

static void half_a_request_keeps_nobody_waiting(void **state)
{
	AUTO(buf_clear) struct buf wire = BUF(WIRE_MAX);
	int slow[THREADS + 1];

	add_get(&wire, 1, "/slow", true);
	for (size_t i = 0; i < THREADS + 1; i++) {
		slow[i] = connect_to(*state);
		send_all(slow[i], wire.data, 10 + 10 * i);
	}
	int fd = connect_to(*state);
	ask(fd, "/quick", false);
	expect_answer(fd, "/quick");
	expect_end(fd);
	for (size_t i = 0; i < THREADS + 1; i++) {
		send_all(slow[i], wire.data + 10 + 10 * i, wire.len - 10 - 10 * i);
		expect_answer(slow[i], "/slow");
		close(slow[i]);
	}
}

static void garbage_ends_a_connection(void **state)
{
	int fd = connect_to(*state);

	send_all(fd, "GET / HTTP/1.1\r\n\r\n", 18);
	expect_end(fd);
}

static void an_answer_that_was_cut_off_ends_its_connection(void **state)
{
	char got[FCGI_HEADER_SIZE + 7];
	int fd = connect_to(*state);

	ask(fd, "/fails", true);
	assert_int_equal(recv(fd, got, sizeof(got), MSG_WAITALL), sizeof(got));
	expect_end(fd);
}

/* Those that find no room wait at the door, and come in when somebody leaves. */
static void connections_beyond_the_limit_wait(void **state)
{
	struct timeval moment = {.tv_usec = 100000}, patience = {.tv_sec = PATIENCE_S};
	int fds[ROOM];
	char byte;

	for (int i = 0; i < ROOM; i++) {
		fds[i] = connect_to(*state);
		ask(fds[i], "/guest", true);
		expect_answer(fds[i], "/guest");
	}
	int late = connect_to(*state);
	ask(late, "/late", true);
	assert_int_equal(setsockopt(late, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof(moment)), 0);
	assert_int_equal(recv(late, &byte, 1, MSG_PEEK), -1);
	ask(fds[1], "/guest", true);
	expect_answer(fds[1], "/guest");
	assert_int_equal(setsockopt(late, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	close(fds[0]);
	expect_answer(late, "/late");
	close(late);
	for (int i = 1; i < ROOM; i++)
		close(fds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_connection_is_kept_only_if_wanted, open_site, close_site),
	    cmocka_unit_test_setup_teardown(kept_connections_keep_nobody_waiting, open_site, close_site),
	    cmocka_unit_test_setup_teardown(half_a_request_keeps_nobody_waiting, open_site, close_site),
	    cmocka_unit_test_setup_teardown(garbage_ends_a_connection, open_site, close_site),
	    cmocka_unit_test_setup_teardown(an_answer_that_was_cut_off_ends_its_connection, open_site, close_site),
	    cmocka_unit_test_setup_teardown(connections_beyond_the_limit_wait, open_site, close_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
