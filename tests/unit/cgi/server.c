/* newsreel-web as a process: the socket, the threads, and its end by a signal. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "cgi/server.h"
#include "tests/support/fastcgi_client.h"
#include "tests/support/flow.h"

enum { THREADS = 3, MANY = 40, ANSWER_MAX = 1024 * 1024 };

struct process {
	struct sockaddr_un address;
	struct server server;
	pid_t pid;
};

/* Listens here, so that connecting waits for nothing, and has a child answer. */
static void start(struct flow *flow, struct process *out)
{
	struct error err;

	*out = (struct process){.address.sun_family = AF_UNIX, .server = SERVER_CLOSED};
	flow->config.threads = THREADS;
	snprintf(out->address.sun_path, sizeof(out->address.sun_path), "%s/web.sock", flow->folder);
	assert_true(server_open(out->address.sun_path, &out->server, &err));
	fflush(NULL);
	out->pid = fork();
	assert_true(out->pid >= 0);
	if (out->pid == 0)
		_exit(server_run(&out->server, &flow->shared, &err) ? 0 : 1);
	close(out->server.listener.fd);
	close(out->server.listener.stop);
}

static int ask(const struct process *process, const char *path)
{
	AUTO(buf_clear) struct buf wire = client_get(path);
	int fd = client_connect((const struct sockaddr *)&process->address, sizeof(process->address));

	client_send(fd, wire.data, wire.len);
	return fd;
}

static void expect_answer(int fd, const char *text)
{
	AUTO(buf_clear) struct buf output = BUF(ANSWER_MAX);

	assert_true(client_read(fd, &output));
	if (!strstr(buf_text(&output), text))
		fail_msg("%s is missing in\n%s", text, buf_text(&output));
	close(fd);
}

static void expect_exit(const struct process *process)
{
	int status = 0;

	assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void answers_have_head_and_body(void **state)
{
	struct process process;

	start(*state, &process);
	expect_answer(ask(&process, "/ping"), "Status: 200 OK\r\n");
	expect_answer(ask(&process, "/ping"), "\r\nContent-Length: ");
	expect_answer(ask(&process, "/api/videos.ndjson"), "Status: 200 OK\r\n");
	expect_answer(ask(&process, "/nowhere"), "Status: 404 Not Found\r\n");
	kill(process.pid, SIGTERM);
	expect_exit(&process);
}

static void a_signal_ends_it_after_the_requests_that_have_come(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT};

	for (size_t s = 0; s < sizeof(signals) / sizeof(signals[0]); s++) {
		struct process process;
		int fds[MANY];

		signal(SIGINT, SIG_IGN); /* as a shell does for what it starts in the background */
		start(*state, &process);
		for (int i = 0; i < MANY; i++)
			fds[i] = ask(&process, "/api/videos");
		kill(process.pid, signals[s]);
		for (int i = 0; i < MANY; i++)
			expect_answer(fds[i], "Status: 200 OK\r\n");
		expect_exit(&process);
	}
}

static void threads_that_wait_end_with_it(void **state)
{
	struct process process;

	start(*state, &process);
	kill(process.pid, SIGTERM);
	expect_exit(&process);
}

static void the_socket_is_for_user_and_group(void **state)
{
	struct flow *flow = *state;
	struct server server = SERVER_CLOSED;
	struct stat entry;
	char path[256];
	struct error err;

	snprintf(path, sizeof(path), "%s/web.sock", flow->folder);
	assert_true(server_open(path, &server, &err));
	assert_int_equal(stat(path, &entry), 0);
	assert_int_equal(entry.st_mode & 07777, 0660);
	server_close(&server);
	assert_int_equal(stat(path, &entry), -1);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_false(server_open(path, &server, &err));
	assert_int_equal(err.code, ERR_INVALID);
}

/* ---- a socket that outlives it ---- */

enum { PASSED = 3, CLIENTS = 4, REQUESTS = 250, RESTARTS = 3 };

/* Ends with as many of its requests as were not answered; a byte in DONE for each. */
static pid_t start_client(const struct process *process, int done)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	int lost = 0;
	for (int i = 0; i < REQUESTS; i++) {
		AUTO(buf_clear) struct buf output = BUF(ANSWER_MAX);
		int fd = ask(process, "/api/videos");

		lost += !client_read(fd, &output) || strncmp(buf_text(&output), "Status: 200 OK\r\n", 16) != 0;
		close(fd);
		if (write(done, "", 1) != 1)
			_exit(UINT8_MAX);
	}
	_exit(lost < UINT8_MAX ? lost : UINT8_MAX);
}

/* As systemd starts it: with a socket that listens already. */
static void start_on(struct flow *flow, int listener, struct process *out)
{
	struct error err;
	char pid[32];

	fflush(NULL);
	out->pid = fork();
	assert_true(out->pid >= 0);
	if (out->pid)
		return;
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	if (dup2(listener, PASSED) != PASSED || setenv("LISTEN_PID", pid, 1) != 0 || setenv("LISTEN_FDS", "1", 1) != 0 ||
	    !server_open("/nowhere", &out->server, &err) || !server_run(&out->server, &flow->shared, &err))
		_exit(1);
	server_close(&out->server);
	_exit(0);
}

static int listen_at(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd > PASSED);
	assert_int_equal(bind(fd, (const struct sockaddr *)address, sizeof(*address)), 0);
	assert_int_equal(listen(fd, MANY), 0);
	return fd;
}

static void restarts_lose_no_request(void **state)
{
	struct flow *flow = *state;
	struct process process = {.address.sun_family = AF_UNIX, .server = SERVER_CLOSED};
	pid_t clients[CLIENTS];
	int done[2], left = open("/dev/null", O_RDONLY | O_CLOEXEC); /* so that 3 is taken */
	char byte;

	flow->config.threads = THREADS;
	snprintf(process.address.sun_path, sizeof(process.address.sun_path), "%s/web.sock", flow->folder);
	int listener = listen_at(&process.address);
	assert_int_equal(pipe(done), 0);
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = start_client(&process, done[1]); /* nothing accepts yet: they wait */
	start_on(flow, listener, &process);
	for (int i = 1; i <= CLIENTS * REQUESTS; i++) {
		assert_int_equal(read(done[0], &byte, 1), 1);
		if (i % (CLIENTS * REQUESTS / (RESTARTS + 1)) == 0) {
			kill(process.pid, SIGTERM);
			expect_exit(&process);
			if (i < CLIENTS * REQUESTS)
				start_on(flow, listener, &process);
		}
	}
	for (int i = 0; i < CLIENTS; i++)
		expect_exit(&(struct process){.pid = clients[i]});
	assert_int_equal(access(process.address.sun_path, F_OK), 0); /* it is not its own */
	close(done[0]);
	close(done[1]);
	close(listener);
	close(left);
}

static void what_is_passed_has_to_be_a_socket_that_listens(void **state)
{
	struct server server = SERVER_CLOSED;
	struct error err;
	char pid[32];

	(void)state;
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	assert_false(server_open("/nowhere", &server, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_non_null(strstr(err.text, "LISTEN_FDS=2"));
	setenv("LISTEN_FDS", "1", 1);
	int fd = dup2(STDERR_FILENO, PASSED);
	assert_false(server_open("/nowhere", &server, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, flow_set_up, flow_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(answers_have_head_and_body),    CASE(a_signal_ends_it_after_the_requests_that_have_come),
	    CASE(threads_that_wait_end_with_it), CASE(the_socket_is_for_user_and_group),
	    CASE(restarts_lose_no_request),      cmocka_unit_test(what_is_passed_has_to_be_a_socket_that_listens),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
