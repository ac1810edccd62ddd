#include "cgi/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/process/supervisor.h"
#include "cgi/dispatch.h"
#include "cgi/request/http_error.h"
#include "http/fastcgi.h"

enum {
	FILES_MAX = 4096,
	PATH_BYTES = 4096,
	OUTDATED_S = 10,
	STUCK_MS = 120 * 1000,
	HEAD_MAX_BYTES = RESPONSE_HEADERS_MAX + 256,
};

/* ---- an answer ---- */

static bool send_buf(struct fastcgi *to, const struct buf *content)
{
	return fastcgi_write(to, buf_text(content), content->len);
}

/* Sends what the producer makes, piece by piece. */
static bool send_rest(struct fastcgi *to, const struct producer *rest)
{
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	struct error err = {0};

	do {
		buf_reset(&piece);
		if (!rest->next(rest->context, &piece, &err) || !buf_ok(&piece, &err)) {
			if (!fastcgi_reader_has_left(to))
				log_printf(LOG_ERROR, "an answer was cut off: %s", err.text);
			return false;
		}
		if (!send_buf(to, &piece))
			return false;
	} while (piece.len);
	return true;
}

/* False when the answer could not be sent to its end. */
static bool send_answer(struct fastcgi *to, enum method method, const struct response *res)
{
	AUTO(buf_clear) struct buf head = BUF(HEAD_MAX_BYTES);
	bool has_body = res->status != 204 && res->status != 304;

	buf_printf(&head, "Status: %d %s\r\n", res->status, response_phrase(res->status));
	buf_add_text(&head, buf_text(&res->headers));
	if (has_body && !res->rest.next)
		buf_printf(&head, "Content-Length: %zu\r\n", res->body.len);
	buf_add_text(&head, "\r\n");
	if (head.failed || !send_buf(to, &head))
		return false;
	if (!has_body || method == METHOD_HEAD)
		return true;
	return send_buf(to, &res->body) && (!res->rest.next || send_rest(to, &res->rest));
}

/* Reading is not worth a line on a busy site, unless something went wrong. */
static enum log_level level_of(enum method method, int status)
{
	if (status >= 500)
		return LOG_WARN;
	bool usual = status < 400 || status == 404 || status == STATUS_READER_LEFT;

	return (method == METHOD_GET || method == METHOD_HEAD) && usual ? LOG_DEBUG : LOG_INFO;
}

static void log_request(const struct request *req, const struct response *res, int64_t ms)
{
	struct log_field fields[] = {
	    LOG_TEXT("method", method_name(req->method)),
	    LOG_TEXT("route", *req->route ? req->route : "none"),
	    LOG_NUMBER("status", res->status),
	    LOG_NUMBER("bytes", (int64_t)res->body.len),
	    LOG_NUMBER("ms", ms),
	    LOG_END,
	};

	log_line(level_of(req->method, res->status), "request", fields);
}

/* False when the answer could not be sent to its end. */
static bool answer(struct app *app, struct fastcgi *fastcgi)
{
	AUTO(request_clear) struct request req = {0};
	AUTO(response_clear) struct response res = {0};
	const struct cgi_input input = fastcgi_input(fastcgi);
	int64_t started_ms = clock_monotonic_ms();

	dispatch(app, &input, &req, &res);
	bool sent = send_answer(fastcgi, req.method, &res);
	log_request(&req, &res, clock_monotonic_ms() - started_ms);
	log_set_request("");
	return sent;
}

/* ---- threads ---- */

struct worker {
	pthread_t thread;
	atomic_int_fast64_t busy_since_ms; /* 0 = it waits for a request */
	struct app app;
	struct fastcgi *fastcgi;
};

static void *work(void *context)
{
	struct worker *worker = context;

	while (fastcgi_accept(worker->fastcgi)) {
		atomic_store(&worker->busy_since_ms, clock_monotonic_ms());
		if (answer(&worker->app, worker->fastcgi))
			fastcgi_finish(worker->fastcgi);
		else
			fastcgi_abort(worker->fastcgi);
		atomic_store(&worker->busy_since_ms, 0);
	}
	app_close(&worker->app);
	fastcgi_close(&worker->fastcgi);
	return NULL;
}

static bool has_left(void *connection)
{
	return fastcgi_reader_has_left(connection);
}

static bool start_worker(struct worker *worker, const struct listener *listener, struct shared *shared, struct error *err)
{
	*worker = (struct worker){.app = {.shared = shared}};
	if (!fastcgi_open(listener->fd, listener->stop, &worker->fastcgi, err))
		return false;
	worker->app.reader = (struct reader){has_left, worker->fastcgi};
	int why = pthread_create(&worker->thread, NULL, work, worker);
	if (why == 0)
		return true;
	fastcgi_close(&worker->fastcgi);
	return error_set(err, ERR_INTERNAL, "no thread could be started: %s", strerror(why));
}

static void free_workers(struct worker **workers)
{
	free(*workers);
}

/* ---- the end ---- */

/* Requests take seconds; exports, which may take longer, have half of the threads at most. With one thread there is no telling. */
static bool all_are_stuck(struct worker *workers, int64_t count)
{
	int64_t before_ms = clock_monotonic_ms() - STUCK_MS;

	for (int64_t i = 0; i < count; i++) {
		int64_t since_ms = atomic_load(&workers[i].busy_since_ms);

		if (since_ms == 0 || since_ms > before_ms)
			return false;
	}
	return count > 1;
}

/* Whether another file has taken the place of the one that runs. */
static bool program_was_replaced(void)
{
	static const char deleted[] = " (deleted)";
	char path[PATH_BYTES];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	return len >= (ssize_t)strlen(deleted) && memcmp(path + len - strlen(deleted), deleted, strlen(deleted)) == 0;
}

/* Waits for a signal. A program that is too old for the database waits for its successor to be installed, so that who starts it again
 * starts that one; not for ever, for it may be installed elsewhere. */
static void wait_for_end(const struct server *server, struct shared *shared, struct worker *workers)
{
	static const struct timespec second = {.tv_sec = 1};
	int outdated_s = 0;

	while (sigtimedwait(&server->signals, NULL, &second) < 0) {
		if (atomic_load(&shared->outdated) && (program_was_replaced() || ++outdated_s > OUTDATED_S))
			break;
		if (all_are_stuck(workers, shared->config->threads)) {
			log_line(LOG_ERROR, "all threads hang: ending at once, to be started again", NULL);
			_exit(EXIT_FAILURE);
		}
		supervisor_tell("WATCHDOG=1");
	}
}

bool server_run(const struct server *server, struct shared *shared, struct error *err)
{
	int64_t wanted = shared->config->threads;
	AUTO(free_workers) struct worker *workers = calloc((size_t)wanted, sizeof(*workers));
	int64_t count = 0;

	if (!workers)
		return error_no_memory(err);
	while (count < wanted && start_worker(&workers[count], &server->listener, shared, err))
		count++;
	if (count == wanted) {
		log_printf(LOG_INFO, "answering on %s with %lld threads%s", server->listener.address.sun_path, (long long)count,
		           shared->demo ? ", demo" : "");
		supervisor_tell("READY=1");
		wait_for_end(server, shared, workers);
		supervisor_tell("STOPPING=1");
		log_line(LOG_INFO, "stopping: finishing the requests at hand", NULL);
	}
	listener_stop(&server->listener);
	for (int64_t i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
	return count == wanted;
}

/* ---- limits and signals ---- */

/* Every thread needs a few files of the database beside its connection. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_MAX) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* After libfcgi, which handles some of them itself. TERM and INT are blocked in every thread: server_run() waits for them. A shell may
 * have started us with INT ignored. */
static void set_signals(sigset_t *waited_for)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGINT, &usual, NULL);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGUSR1, &usual, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(waited_for);
	sigaddset(waited_for, SIGINT);
	sigaddset(waited_for, SIGTERM);
	pthread_sigmask(SIG_BLOCK, waited_for, NULL);
}

bool server_open(const char *path, struct server *out, struct error *err)
{
	if (!fastcgi_init(err))
		return false;
	set_signals(&out->signals);
	raise_file_limit();
	return listener_open(path, &out->listener, err);
}

void server_close(struct server *server)
{
	listener_close(&server->listener);
}
