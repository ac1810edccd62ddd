#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "http/fastcgi.h"
#include "tests/support/fastcgi_client.h"

enum { THREADS = 2, MANY = 50, LARGE_BYTES = 1024 * 1024, OUTPUT_MAX = 4 * LARGE_BYTES, DEADLINE_S = 120 };

/* A program of a few threads, on a socket without a file. */
struct site {
	struct sockaddr_un address;
	socklen_t address_len;
	int listener;
	int stop;
	pthread_t threads[THREADS];
	atomic_int accepted;
	sem_t begun; /* by each request for "/waits" */
	sem_t go_on; /* which those wait for */
	sem_t left;  /* by "/endless" and "/works", when nobody reads them any more */
};

static struct site *site;

/* The letters from a to z, again and again. */
static bool write_large(struct fastcgi *fastcgi)
{
	char *large = malloc(LARGE_BYTES);
	bool written;

	assert_non_null(large);
	for (size_t i = 0; i < LARGE_BYTES; i++)
		large[i] = (char)('a' + i % 26);
	written = fastcgi_write(fastcgi, large, LARGE_BYTES);
	free(large);
	return written;
}

static bool answer(struct fastcgi *fastcgi)
{
	const struct cgi_input input = fastcgi_input(fastcgi);
	const char *path = cgi_param(&input, "REQUEST_URI");
	char line[128];

	atomic_fetch_add(&site->accepted, 1);
	if (strcmp(path, "/large") == 0)
		return write_large(fastcgi);
	if (strcmp(path, "/fails") == 0) {
		(void)write_large(fastcgi);
		return false;
	}
	if (strcmp(path, "/endless") == 0) {
		while (write_large(fastcgi))
			continue;
		sem_post(&site->left);
		return false;
	}
	if (strcmp(path, "/works") == 0) {
		sem_post(&site->begun);
		while (!fastcgi_reader_has_left(fastcgi))
			continue;
		sem_post(&site->left);
		return false;
	}
	if (strcmp(path, "/waits") == 0) {
		sem_post(&site->begun);
		sem_wait(&site->go_on);
	}
	snprintf(line, sizeof(line), "%s %zu %.3s", path, input.body_len, input.body_len ? input.body : "");
	return fastcgi_write(fastcgi, line, strlen(line));
}

static void *work(void *context)
{
	struct fastcgi *fastcgi = context;

	while (fastcgi_accept(fastcgi)) {
		if (answer(fastcgi))
			fastcgi_finish(fastcgi);
		else
			fastcgi_abort(fastcgi);
	}
	fastcgi_close(&fastcgi);
	return NULL;
}

static void start_threads(void)
{
	struct error err;

	for (int i = 0; i < THREADS; i++) {
		struct fastcgi *fastcgi = NULL;

		assert_true(fastcgi_open(site->listener, site->stop, &fastcgi, &err));
		assert_int_equal(pthread_create(&site->threads[i], NULL, work, fastcgi), 0);
	}
}

static void join_threads(void)
{
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(site->threads[i], NULL), 0);
}

static int open_site(void **state)
{
	(void)state;
	site = calloc(1, sizeof(*site));
	assert_non_null(site);
	sem_init(&site->begun, 0, 0);
	sem_init(&site->go_on, 0, 0);
	sem_init(&site->left, 0, 0);
	site->address.sun_family = AF_UNIX; /* bound without a path: Linux chooses an abstract one */
	site->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(site->listener, (struct sockaddr *)&site->address, sizeof(sa_family_t)), 0);
	site->address_len = sizeof(site->address);
	assert_int_equal(getsockname(site->listener, (struct sockaddr *)&site->address, &site->address_len), 0);
	assert_int_equal(listen(site->listener, 2 * MANY), 0);
	site->stop = eventfd(0, EFD_CLOEXEC);
	start_threads();
	return 0;
}

/* As a signal has the program do. Threads that wait end, or the test never does. */
static void stop_accepting(void)
{
	assert_int_equal(shutdown(site->listener, SHUT_RD), 0);
}

static int close_site(void **state)
{
	(void)state;
	stop_accepting();
	join_threads();
	file_close(&site->listener);
	file_close(&site->stop);
	sem_destroy(&site->begun);
	sem_destroy(&site->go_on);
	sem_destroy(&site->left);
	free(site);
	return 0;
}

static int connect_to_site(void)
{
	return client_connect((const struct sockaddr *)&site->address, site->address_len);
}

static int ask(const char *path)
{
	AUTO(buf_clear) struct buf wire = client_get(path);
	int fd = connect_to_site();

	client_send(fd, wire.data, wire.len);
	return fd;
}

static void expect_answer(int fd, const char *expected)
{
	AUTO(buf_clear) struct buf output = BUF(OUTPUT_MAX);

	assert_true(client_read(fd, &output));
	assert_string_equal(buf_text(&output), expected);
	close(fd);
}

/* The server closes the connection without an answer, or after it. */
static void expect_end(int fd)
{
	char byte;

	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
}

static void more_requests_than_threads_are_all_answered(void **state)
{
	int fds[MANY];
	char text[32];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "/%d", i);
		fds[i] = ask(text);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "/%d 0 ", i);
		expect_answer(fds[i], text);
	}
}

static void of_a_body_that_is_too_large_the_beginning_is_read(void **state)
{
	static const size_t sizes[][2] = {{0, 0},
	                                  {3, 3},
	                                  {REQUEST_BODY_MAX, REQUEST_BODY_MAX},
	                                  {REQUEST_BODY_MAX + 1, REQUEST_BODY_MAX + 1},
	                                  {2 * REQUEST_BODY_MAX, REQUEST_BODY_MAX + 1}};
	AUTO(cgi_params_clear) struct cgi_params params = {0};
	char *body = malloc(2 * REQUEST_BODY_MAX);

	(void)state;
	assert_non_null(body);
	memset(body, 'x', 2 * REQUEST_BODY_MAX);
	cgi_params_set(&params, "REQUEST_URI", "/body");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		AUTO(buf_clear) struct buf wire = BUF(OUTPUT_MAX);
		char expected[32];
		int fd = connect_to_site();

		client_add_request(&wire, &params, body, sizes[i][0], false);
		client_send(fd, wire.data, wire.len);
		snprintf(expected, sizeof(expected), "/body %zu %s", sizes[i][1], sizes[i][1] ? "xxx" : "");
		expect_answer(fd, expected);
	}
	free(body);
}

static void a_request_that_breaks_off_is_not_accepted(void **state)
{
	AUTO(cgi_params_clear) struct cgi_params params = {0};
	AUTO(buf_clear) struct buf wire = BUF(OUTPUT_MAX);

	(void)state;
	cgi_params_set(&params, "REQUEST_URI", "/body");
	client_add_request(&wire, &params, "purge=1", strlen("purge=1"), false);
	for (size_t missing = 1; missing < wire.len; missing++) {
		int fd = connect_to_site();

		client_send(fd, wire.data, wire.len - missing);
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		expect_end(fd);
	}
	assert_int_equal(site->accepted, 0);
}

static void garbage_ends_a_connection(void **state)
{
	int fd = connect_to_site();

	(void)state;
	client_send(fd, "GET / HTTP/1.1\r\n\r\n", 18);
	expect_end(fd);
	expect_answer(ask("/after"), "/after 0 ");
}

static void no_connection_is_kept(void **state)
{
	AUTO(cgi_params_clear) struct cgi_params params = {0};
	AUTO(buf_clear) struct buf wire = BUF(OUTPUT_MAX);

	(void)state;
	cgi_params_set(&params, "REQUEST_URI", "/kept");
	client_add_request(&wire, &params, "", 0, true);
	for (int i = 0; i < THREADS + 1; i++) { /* or all threads would wait on such connections */
		AUTO(buf_clear) struct buf output = BUF(OUTPUT_MAX);
		int fd = connect_to_site();

		client_send(fd, wire.data, wire.len);
		assert_true(client_read(fd, &output));
		expect_end(fd);
	}
}

static void an_answer_may_be_large(void **state)
{
	AUTO(buf_clear) struct buf output = BUF(OUTPUT_MAX);
	int fd = ask("/large");

	(void)state;
	assert_true(client_read(fd, &output));
	assert_int_equal(output.len, LARGE_BYTES);
	for (size_t i = 0; i < LARGE_BYTES; i++)
		if (output.data[i] != (char)('a' + i % 26))
			fail_msg("byte %zu is another one", i);
	close(fd);
}

static void an_answer_that_was_cut_off_has_no_end(void **state)
{
	AUTO(buf_clear) struct buf output = BUF(OUTPUT_MAX);
	int fd = ask("/fails");

	(void)state;
	assert_false(client_read(fd, &output));
	assert_true(output.len > 0);
	close(fd);
}

static void a_reader_that_leaves_is_noticed(void **state)
{
	char some[1000];
	int fd = ask("/endless");

	(void)state;
	assert_int_equal(recv(fd, some, sizeof(some), MSG_WAITALL), sizeof(some));
	close(fd);
	assert_int_equal(sem_wait(&site->left), 0);
}

static void a_reader_that_leaves_is_noticed_before_the_answer(void **state)
{
	int fd = ask("/works");

	(void)state;
	assert_int_equal(sem_wait(&site->begun), 0);
	assert_int_equal(shutdown(fd, SHUT_WR), 0); /* it only has nothing more to say */
	expect_answer(ask("/beside"), "/beside 0 ");
	assert_int_equal(sem_trywait(&site->left), -1);
	close(fd);
	assert_int_equal(sem_wait(&site->left), 0);
}

/* What is at hand is finished, and what waits in the backlog answered; nobody else is let in. */
static void stopping_answers_what_has_come(void **state)
{
	int at_hand[THREADS], waiting[MANY];
	int late = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	for (int i = 0; i < THREADS; i++)
		at_hand[i] = ask("/waits");
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(sem_wait(&site->begun), 0);
	for (int i = 0; i < MANY; i++)
		waiting[i] = ask("/next");
	stop_accepting();
	assert_int_equal(connect(late, (const struct sockaddr *)&site->address, site->address_len), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(late);
	for (int i = 0; i < THREADS; i++)
		sem_post(&site->go_on);
	for (int i = 0; i < THREADS; i++)
		expect_answer(at_hand[i], "/waits 0 ");
	for (int i = 0; i < MANY; i++)
		expect_answer(waiting[i], "/next 0 ");
	assert_int_equal(site->accepted, THREADS + MANY);
}

/* What is at hand is finished, what waits is left to whoever accepts next. */
static void at_a_stop_what_waits_is_left(void **state)
{
	int at_hand[THREADS];
	eventfd_t told;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		at_hand[i] = ask("/waits");
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(sem_wait(&site->begun), 0);
	int waiting = ask("/next");
	assert_int_equal(eventfd_write(site->stop, 1), 0);
	for (int i = 0; i < THREADS; i++)
		sem_post(&site->go_on);
	for (int i = 0; i < THREADS; i++)
		expect_answer(at_hand[i], "/waits 0 ");
	join_threads();
	assert_int_equal(site->accepted, THREADS);
	assert_int_equal(eventfd_read(site->stop, &told), 0);
	start_threads();
	expect_answer(waiting, "/next 0 ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_site, close_site)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(more_requests_than_threads_are_all_answered),
	    CASE(of_a_body_that_is_too_large_the_beginning_is_read),
	    CASE(a_request_that_breaks_off_is_not_accepted),
	    CASE(garbage_ends_a_connection),
	    CASE(no_connection_is_kept),
	    CASE(an_answer_may_be_large),
	    CASE(an_answer_that_was_cut_off_has_no_end),
	    CASE(a_reader_that_leaves_is_noticed),
	    CASE(a_reader_that_leaves_is_noticed_before_the_answer),
	    CASE(stopping_answers_what_has_come),
	    CASE(at_a_stop_what_waits_is_left),
	};
	struct error err;

	if (!fastcgi_init(&err))
		return 1;
	signal(SIGPIPE, SIG_IGN);
	alarm(DEADLINE_S); /* a thread that nothing wakes */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
