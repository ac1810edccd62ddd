/* newsreel-web: start-up, pool of threads, shutdown. */

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/log.h"
#include "model/quota_day.h"
#include "base/crypto.h"
#include "base/text.h"
#include "cgi/request/context.h"
#include "cgi/request/cache.h"
#include "fastcgi/server.h"

enum exit_status { EXIT_WELL = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2 };

enum {
	BACKLOG = 1024, /* a full one is an immediate 502 */
	TOKEN_BYTES = 32,
	FILE_MAX_BYTES = 4096,
	HEAD_MAX_BYTES = RESPONSE_HEADERS_MAX + 256,
	THREADS_MAX = 256,
	FILES_MIN = 256,
	FILES_MAX = 16 * 1024,
};

struct options {
	const char *socket; /* NULL: in the data folder */
	bool demo;
	bool done; /* --help or --version */
};

struct program {
	struct options options;
	struct config config;
	struct tmpl_set *templates;
	struct shared shared;
	char *token;
	char *served_path;
	char *live_path;
	char build[CRYPTO_HEX_SIZE];
	char *socket_path;
	int lock;
	int listener;
	struct fcgi_server *server;
};

static void program_close(struct program *program)
{
	fcgi_server_close(&program->server);
	databases_close(&program->shared.databases);
	tmpl_set_close(&program->templates);
	config_clear(&program->config);
	free(program->token);
	free(program->served_path);
	free(program->live_path);
	if (program->listener >= 0 && program->socket_path)
		unlink(program->socket_path);
	free(program->socket_path);
	file_close(&program->listener);
	file_close(&program->lock);
}

/* ---- a request ---- */

/* The path as it was asked for, without the query string. */
static bool raw_path(const char *uri, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(FILE_MAX_BYTES);

	buf_add(&path, uri, strcspn(uri, "?"));
	return buf_take(&path, out, err);
}

/* Sends what the producer makes, piece by piece. False when it failed, or when nobody reads any more. */
static bool send_rest(const struct reply *reply, struct response *res)
{
	AUTO(buf_clear) struct buf piece = BUF(RESPONSE_BODY_MAX);
	struct error err = {0};

	for (;;) {
		buf_reset(&piece);
		if (!res->rest.next(res->rest.context, &piece, &err) || !buf_ok(&piece, &err)) {
			log_printf(LOG_ERROR, "an answer was cut off: %s", err.text);
			return false;
		}
		if (!reply_send(reply, "", 0, buf_text(&piece), piece.len, piece.len == 0))
			return false;
		if (piece.len == 0)
			return true;
	}
}

/* False when the answer could not be sent to its end. */
static bool send_answer(const struct reply *reply, enum method method, struct response *res)
{
	AUTO(buf_clear) struct buf head = BUF(HEAD_MAX_BYTES);
	bool has_body = res->status != 204 && res->status != 304;
	bool sends_body = has_body && method != METHOD_HEAD;
	bool sends_rest = sends_body && res->rest.next;

	buf_add_text(&head, "Status: ");
	buf_add_int(&head, res->status);
	buf_add_char(&head, ' ');
	buf_add_text(&head, response_phrase(res->status));
	buf_add_text(&head, "\r\n");
	buf_add(&head, buf_text(&res->headers), res->headers.len);
	if (has_body && !res->rest.next) {
		buf_add_text(&head, "Content-Length: ");
		buf_add_int(&head, (long long)res->body.len);
		buf_add_text(&head, "\r\n");
	}
	buf_add_text(&head, "\r\n");
	return reply_send(reply, buf_text(&head), head.len, buf_text(&res->body), sends_body ? res->body.len : 0, !sends_rest) &&
	       (!sends_rest || send_rest(reply, res));
}

/* Reading is not worth a line on a busy site, unless something went wrong. */
static enum log_level level_of(enum method method, int status)
{
	if (status >= 500)
		return LOG_WARN;
	return (method == METHOD_GET || method == METHOD_HEAD) && (status < 400 || status == 404) ? LOG_DEBUG : LOG_INFO;
}

static void log_request(enum method method, const struct response *res, const char *route, const char *id, int64_t ms)
{
	struct log_field fields[] = {
	    LOG_TEXT("method", method_name(method)),
	    LOG_TEXT("route", *route ? route : "none"),
	    LOG_NUMBER("status", res->status),
	    LOG_NUMBER("bytes", (int64_t)res->body.len),
	    LOG_NUMBER("ms", ms),
	    LOG_TEXT("request", id),
	    LOG_END,
	};

	log_line(level_of(method, res->status), "request", fields);
}

/* False when the answer could not be sent to its end. */
static bool answer(struct app *app, const struct fcgi_connection *connection)
{
	const struct fcgi_request *fcgi = &connection->request;
	AUTO(text_free) char *path = NULL;
	AUTO(response_clear) struct response res = {0};
	struct error err = {0};
	char id[33] = "";
	const char *route = "";
	const char *method = fcgi_request_param(fcgi, "REQUEST_METHOD");
	const char *uri = fcgi_request_param(fcgi, "REQUEST_URI");
	int64_t started_ms = clock_monotonic_ms();
	struct raw_request raw = {
	    .method = method,
	    .path = raw_path(uri ? uri : "/", &path, &err) ? path : "",
	    .query_string = fcgi_request_param(fcgi, "QUERY_STRING"),
	    .content_type = fcgi_request_param(fcgi, "CONTENT_TYPE"),
	    .body = buf_text(&fcgi->body),
	    .body_len = fcgi->body.len,
	    .host = fcgi_request_param(fcgi, "HTTP_HOST"),
	    .scheme = fcgi_request_param(fcgi, "REQUEST_SCHEME"),
	    .authorization = fcgi_request_param(fcgi, "HTTP_AUTHORIZATION"),
	    .remote_address = fcgi_request_param(fcgi, "REMOTE_ADDR"),
	    .cookies = fcgi_request_param(fcgi, "HTTP_COOKIE"),
	    .origin = fcgi_request_param(fcgi, "HTTP_ORIGIN"),
	    .fetch_site = fcgi_request_param(fcgi, "HTTP_SEC_FETCH_SITE"),
	    .if_none_match = fcgi_request_param(fcgi, "HTTP_IF_NONE_MATCH"),
	    .csrf_token = fcgi_request_param(fcgi, "HTTP_X_CSRF_TOKEN"),
	    .preflight_method = fcgi_request_param(fcgi, "HTTP_ACCESS_CONTROL_REQUEST_METHOD"),
	    .id = fcgi_request_param(fcgi, "REQUEST_ID"),
	};

	app_handle(app, &raw, &res, id, &route);
	struct reply reply = fcgi_connection_reply(connection);
	bool sent = send_answer(&reply, method_of(method ? method : ""), &res);
	log_request(method_of(method ? method : ""), &res, route, id, clock_monotonic_ms() - started_ms);
	return sent;
}

/* ---- the pool ---- */

struct worker {
	pthread_t thread;
	struct app app;
	struct fcgi_server *server;
};

static void *work(void *context)
{
	struct worker *worker = context;
	struct fcgi_connection *connection;

	while ((connection = fcgi_server_next(worker->server)))
		fcgi_server_done(worker->server, connection, answer(&worker->app, connection));
	app_close(&worker->app);
	return NULL;
}

/* Signals are blocked in every thread; the main one waits for them here. */
static void wait_for_the_end(const sigset_t *signals)
{
	int signal_number;

	while (sigwait(signals, &signal_number) != 0)
		continue;
	log_line(LOG_INFO, "stopping: finishing the requests at hand", NULL);
}

static enum exit_status serve(struct program *program, const sigset_t *signals)
{
	static struct worker workers[THREADS_MAX];
	int64_t count = 0;

	for (; count < program->config.threads && count < THREADS_MAX; count++) {
		struct worker *worker = &workers[count];

		*worker = (struct worker){.app = {.shared = &program->shared}, .server = program->server};
		if (pthread_create(&worker->thread, NULL, work, worker) != 0)
			break;
	}
	if (count < program->config.threads)
		log_printf(LOG_ERROR, "only %lld of %lld threads could be started", (long long)count,
		           (long long)program->config.threads);
	else
		log_printf(LOG_INFO, "answering on %s with %lld threads%s", program->socket_path, (long long)count,
		           program->options.demo ? ", demo" : "");
	if (count > 0)
		wait_for_the_end(signals);
	fcgi_server_stop(program->server);
	for (int64_t i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
	return count == program->config.threads ? EXIT_WELL : EXIT_FAILED;
}

/* ---- starting ---- */

static bool join_path(const char *folder, const char *name, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(FILE_MAX_BYTES);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_take(&path, out, err);
}

/* Our own listening socket, mode 0660: libfcgi's would end the process on an error without a word. */
static bool listen_on(const char *path, int *out, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(err, ERR_INVALID, "%s: the path of a socket has at most %zu bytes", path,
		                 sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, strlen(path) + 1);
	AUTO(file_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set(err, ERR_INTERNAL, "no socket: %s", strerror(errno));
	unlink(path); /* a stale one: the lock on the data folder is ours */
	mode_t mask = umask(0117);
	bool bound = bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	int why = errno;
	umask(mask);
	if (!bound)
		return error_set(err, ERR_INTERNAL, "%s: %s", path, strerror(why));
	if (listen(fd, BACKLOG) != 0)
		return error_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	*out = fd;
	fd = -1;
	return true;
}

/* Half of the files that may be open, which are raised as far as is of use; the record needs a few for each thread. */
static size_t room_for_connections(void)
{
	struct rlimit limit = {.rlim_cur = FILES_MIN};

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_MAX) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	return (size_t)(limit.rlim_cur < FILES_MAX ? limit.rlim_cur : FILES_MAX) / 2;
}

static bool read_token(const char *path, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf content = BUF(FILE_MAX_BYTES);

	if (!file_read(path, &content, err) || !buf_take(&content, out, err))
		return false;
	(*out)[strcspn(*out, "\r\n")] = '\0';
	return **out || error_set(err, ERR_INVALID, "%s is empty: remove it, and a new token is made", path);
}

/* The configured token, or the one in the data folder, which is made at the first start. */
static bool find_token(const struct config *config, char **out, struct error *err)
{
	AUTO(text_free) char *path = NULL;
	char fresh[2 * TOKEN_BYTES + 2];

	if (*config->admin_token)
		return text_copy(config->admin_token, out, err);
	if (!join_path(config->data, "admin-token", &path, err))
		return false;
	if (read_token(path, out, err) || err->code != ERR_NOT_FOUND)
		return *out != NULL && **out;
	if (!crypto_random_hex(TOKEN_BYTES, fresh, err))
		return false;
	fresh[sizeof(fresh) - 2] = '\n';
	fresh[sizeof(fresh) - 1] = '\0';
	return (file_create_secret(path, fresh, err) || err->code == ERR_CONFLICT) && read_token(path, out, err);
}

static bool find_paths(struct program *program, struct error *err)
{
	const char *data = program->config.data;

	if (!join_path(data, program->options.demo ? "demo/newsreel.db" : "newsreel.db", &program->served_path, err) ||
	    !join_path(data, "newsreel.db", &program->live_path, err))
		return false;
	return program->options.socket ? text_copy(program->options.socket, &program->socket_path, err)
	                               : join_path(data, "web.sock", &program->socket_path, err);
}

static bool lock_data(struct program *program, struct error *err)
{
	AUTO(text_free) char *path = NULL;

	if (!folder_make(program->config.data, err) || !join_path(program->config.data, "web.lock", &path, err))
		return false;
	if (file_lock(path, &program->lock, err))
		return true;
	if (err->code == ERR_BUSY)
		error_set(err, ERR_BUSY, "another newsreel-web is at work on %s", program->config.data);
	return false;
}

static bool start(struct program *program, struct error *err)
{
	if (!quota_day_open(err) || !tmpl_set_open(&embedded_templates, &program->templates, err) || !find_paths(program, err) ||
	    !lock_data(program, err) || !find_token(&program->config, &program->token, err) ||
	    !cache_build_id("/proc/self/exe", &program->config, program->build, err))
		return false;
	program->shared = (struct shared){
	    .config = &program->config,
	    .templates = program->templates,
	    .clock = clock_system(),
	    .admin_token = program->token,
	    .demo = program->options.demo,
	    .build = program->build,
	    .databases = {.guard = PTHREAD_MUTEX_INITIALIZER,
	                  .served = {.path = program->served_path, .mode = STORE_WRITE},
	                  .live = {.path = program->options.demo ? program->live_path : NULL, .mode = STORE_WRITE}},
	};
	program->shared.started_at = clock_now(&program->shared.clock);
	return listen_on(program->socket_path, &program->listener, err) &&
	       /* One byte more than is allowed is enough to refuse a body. */
	       fcgi_server_open(program->listener, room_for_connections(), REQUEST_BODY_MAX + 1, &program->server, err);
}

/* ---- the command line ---- */

static void print_help(void)
{
	fputs("Usage: newsreel-web [--socket PATH] [--demo]\n"
	      "\n"
	      "Serves the JSON API and the pages over FastCGI, for nginx. On TERM it finishes its requests and exits.\n"
	      "\n"
	      "  --socket PATH  unix socket to listen on (web.sock in the data folder)\n"
	      "  --demo         serve the demo's database; API keys still go to the live one\n"
	      "  --version, --help\n"
	      "\n"
	      "Exit status: 0 well, 1 something failed, 2 wrong use or configuration.\n"
	      "\n"
	      "Variables, from the environment or the file .env in this folder; NAME_FILE names a file to read the value from:\n",
	      stdout);
	config_print_help(stdout);
}

static bool read_options(int argc, char *argv[], struct options *out)
{
	static const struct option options[] = {
	    {"socket", required_argument, NULL, 's'},
	    {"demo", no_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			out->socket = optarg;
			break;
		case 'd':
			out->demo = true;
			break;
		case 'h':
			print_help();
			out->done = true;
			return true;
		case 'v':
			puts("newsreel-web " NEWSREEL_VERSION);
			out->done = true;
			return true;
		default:
			return false;
		}
	}
	if (optind < argc)
		fprintf(stderr, "newsreel-web: there is nothing to do with '%s'\n", argv[optind]);
	return optind == argc;
}

/* Blocked before the first thread starts, so that all of them inherit it. A shell may have started us with INT ignored. */
static void block_signals(sigset_t *signals)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGINT, &usual, NULL);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
}

int main(int argc, char *argv[])
{
	AUTO(program_close) struct program program = {.lock = -1, .listener = -1};
	struct error err = {0};
	sigset_t signals;

	if (!read_options(argc, argv, &program.options)) {
		fputs("Try 'newsreel-web --help'.\n", stderr);
		return EXIT_WRONG_USE;
	}
	if (program.options.done)
		return EXIT_WELL;
	if (!config_load(".env", &program.config, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_WRONG_USE;
	}
	log_set_level(program.config.log_level);
	block_signals(&signals);
	if (!start(&program, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_FAILED;
	}
	return (int)serve(&program, &signals);
}
