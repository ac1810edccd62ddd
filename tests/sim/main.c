/* newsreel-sim: the simulator over HTTP on loopback. The only file that knows libmicrohttpd. */

#include <arpa/inet.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pacific.h"
#include "base/text.h"
#include "tests/sim/control.h"

enum { SLOW_MS = 5000, URL_BYTES = 64, PATH_BYTES = 4096 };

struct server {
	struct sim sim;
	struct world *world;
	struct world_options options;
	struct clock clock;
	int64_t port;
	const char *port_file;
	const char *pictures; /* NULL: our own address */
	char own_address[URL_BYTES];
	bool verbose;
	bool done; /* --help */
};

/* ---- answers over HTTP ---- */

/* A body that ends early: libmicrohttpd promised more bytes, and cuts the connection. */
struct half {
	char *bytes;
	size_t len;
};

static ssize_t read_half(void *context, uint64_t at, char *out, size_t max)
{
	const struct half *half = context;
	size_t left = at < half->len ? half->len - (size_t)at : 0;

	if (left == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t len = left < max ? left : max;
	memcpy(out, half->bytes + at, len);
	return (ssize_t)len;
}

static void free_half(void *context)
{
	struct half *half = context;

	free(half->bytes);
	free(half);
}

static struct MHD_Response *half_response(const struct buf *body)
{
	struct half *half = calloc(1, sizeof(*half));

	if (!half || !(half->bytes = malloc(body->len / 2 + 1))) {
		free(half);
		return NULL;
	}
	half->len = body->len / 2;
	memcpy(half->bytes, buf_text(body), half->len);
	return MHD_create_response_from_callback(body->len, 4096, read_half, half, free_half);
}

/* gzip, as zlib's windowBits of 15 + 16 mean. */
static bool compress_body(const struct buf *body, char **out, size_t *out_len)
{
	z_stream z = {0};

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t room = deflateBound(&z, body->len);
	char *bytes = malloc(room);
	z.next_in = (Bytef *)body->data;
	z.avail_in = (uInt)body->len;
	z.next_out = (Bytef *)bytes;
	z.avail_out = (uInt)room;
	bool done = bytes && deflate(&z, Z_FINISH) == Z_STREAM_END;
	*out_len = z.total_out;
	deflateEnd(&z);
	if (done)
		*out = bytes;
	else
		free(bytes);
	return done;
}

static struct MHD_Response *whole_response(const struct buf *body, bool gzip)
{
	char *packed;
	size_t len;

	if (!gzip || body->len == 0 || !compress_body(body, &packed, &len))
		return MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_MUST_COPY);
	struct MHD_Response *response = MHD_create_response_from_buffer(len, packed, MHD_RESPMEM_MUST_FREE);
	if (response)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	return response;
}

static enum MHD_Result send_answer(struct server *server, struct MHD_Connection *connection, const struct sim_response *answer)
{
	const char *accepted = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
	bool gzip = accepted && strstr(accepted, "gzip");

	if (answer->fault == FAULT_CUT)
		return MHD_NO; /* closes the connection */
	if (answer->fault == FAULT_SLOW)
		clock_sleep(&server->clock, SLOW_MS);
	struct MHD_Response *response =
	    answer->fault == FAULT_TRUNCATED ? half_response(&answer->body) : whole_response(&answer->body, gzip);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", answer->content_type);
	MHD_add_response_header(response, "Cache-Control", "private");
	MHD_add_response_header(response, "Vary", "Origin, X-Origin, Referer");
	enum MHD_Result sent = MHD_queue_response(connection, (unsigned)answer->status, response);
	MHD_destroy_response(response);
	return sent;
}

/* libmicrohttpd takes query strings apart; this keeps the whole URI for us, until on_end. */
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
	(void)context;
	(void)connection;
	return strdup(uri);
}

static void on_end(void *context, struct MHD_Connection *connection, void **uri, enum MHD_RequestTerminationCode why)
{
	(void)context;
	(void)connection;
	(void)why;
	free(*uri);
	*uri = NULL;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *upload, size_t *upload_len, void **uri)
{
	struct server *server = context;
	AUTO(sim_response_clear) struct sim_response answer = {0};
	const char *question = *uri ? strchr(*uri, '?') : NULL;
	struct sim_request request = {.path = path,
	                              .query = question ? question + 1 : "",
	                              .key = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Goog-Api-Key")};
	struct error err;

	(void)version;
	(void)upload;
	*upload_len = 0; /* no request of ours has a body that matters */
	bool control = strncmp(path, "/control/", 9) == 0;
	if (!(control ? control_answer(&server->sim, &request, &answer, &err)
	              : sim_answer(&server->sim, &request, clock_now(&server->clock), &answer, &err)))
		return MHD_NO;
	if (server->verbose)
		log_printf(LOG_INFO, "%s %s %d", method, path, answer.status);
	return send_answer(server, connection, &answer);
}

/* ---- serving ---- */

static bool write_port(const struct server *server, struct error *err)
{
	char draft[PATH_BYTES];

	if (!server->port_file)
		return true;
	snprintf(draft, sizeof(draft), "%s.new", server->port_file);
	FILE *file = fopen(draft, "w");
	bool written = file && fprintf(file, "%lld\n", (long long)server->port) > 0;
	if (file)
		written = fclose(file) == 0 && written;
	if (written && rename(draft, server->port_file) == 0)
		return true;
	return error_set(err, ERR_INTERNAL, "%s cannot be written", server->port_file);
}

/* One thread answers everything: the world needs no locks. */
static bool serve(struct server *server, const sigset_t *signals, struct error *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)server->port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *daemon =
	    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, (uint16_t)server->port, NULL, NULL, on_request,
	                     server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
	                     MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
	int received;

	if (!daemon)
		return error_set(err, ERR_INTERNAL, "port %lld of 127.0.0.1 cannot be listened on", (long long)server->port);
	server->port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	snprintf(server->own_address, sizeof(server->own_address), "http://127.0.0.1:%lld", (long long)server->port);
	server->sim.pictures = server->pictures ? server->pictures : server->own_address;
	bool done = write_port(server, err);
	if (done)
		log_printf(LOG_INFO, "simulating YouTube at %s/youtube/v3", server->own_address);
	while (done && sigwait(signals, &received) != 0)
		continue;
	MHD_stop_daemon(daemon);
	return done;
}

/* ---- the command line ---- */

static void print_help(void)
{
	fputs("Usage: newsreel-sim [OPTION]...\n"
	      "\n"
	      "Stands in for the YouTube Data API on 127.0.0.1, at /youtube/v3. Its videos are invented, and the same for the "
	      "same seed.\n"
	      "\n"
	      "  --port N             port to listen on (0: any free one)\n"
	      "  --port-file FILE     write the port there when it listens\n"
	      "  --seed N             of the world and of chance (1)\n"
	      "  --rate N             videos a day of every query (its own: half of them have less than 40)\n"
	      "  --lag MINUTES        median time from publication to search results (12)\n"
	      "  --query TEXT         know this query's videos by id from the start; may be repeated\n"
	      "  --corpus FILE        real videos from NDJSON instead, gzipped or not\n"
	      "  --corpus-shift S     seconds to add to their times of publication\n"
	      "  --pictures BASE      base of thumbnail URLs (its own address; '' = relative to the site)\n"
	      "  --key KEY[:PROJECT[:SEARCHES[:UNITS]]]   a good key; may be repeated\n"
	      "  --any-key            every well-formed key is good, with a project of its own\n"
	      "  --faults NAME=SHARE[,NAME=SHARE]...      503 html cut truncated empty_body burst forbidden delegation "
	      "no_results slow\n"
	      "  --without-snippet SHARE                  of search results\n"
	      "  --verbose, --help\n",
	      stdout);
}

static bool read_share(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && !*end && *out >= 0 && *out <= 1e9;
}

/* "KEY:PROJECT:SEARCHES:UNITS" */
static bool add_key(struct server *server, const char *text, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};
	int64_t limits[2] = {-1, -1};

	if (!text_list_split(text, ':', &parts, err))
		return false;
	for (size_t i = 0; i < 2 && i + 2 < parts.count; i++)
		if (!text_int(parts.items[i + 2], 0, INT64_MAX, &limits[i]))
			return error_set(err, ERR_INVALID, "--key: '%s' is no limit", parts.items[i + 2]);
	return (parts.count > 0 || error_set(err, ERR_INVALID, "--key: no key")) &&
	       projects_add(&server->sim.projects, parts.items[0], parts.count > 1 ? parts.items[1] : NULL, limits[0], limits[1],
	                    err);
}

static bool add_faults(struct server *server, const char *text, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	if (!text_list_split(text, ',', &parts, err))
		return false;
	for (size_t i = 0; i < parts.count; i++) {
		char *equals = strchr(parts.items[i], '=');
		enum fault fault;
		double share;

		if (equals)
			*equals = '\0';
		if (!equals || !fault_of(parts.items[i], &fault) || !read_share(equals + 1, &share))
			return error_set(err, ERR_INVALID, "--faults: '%s' is no fault with a share", parts.items[i]);
		server->sim.faults.share[fault] = share;
	}
	return true;
}

enum {
	OPTION_PORT = 1,
	OPTION_PORT_FILE,
	OPTION_SEED,
	OPTION_RATE,
	OPTION_LAG,
	OPTION_QUERY,
	OPTION_CORPUS,
	OPTION_SHIFT,
	OPTION_PICTURES,
	OPTION_KEY,
	OPTION_ANY_KEY,
	OPTION_FAULTS,
	OPTION_WITHOUT_SNIPPET,
	OPTION_VERBOSE,
	OPTION_HELP
};

static const struct option long_options[] = {
    {"port", required_argument, NULL, OPTION_PORT},
    {"port-file", required_argument, NULL, OPTION_PORT_FILE},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"lag", required_argument, NULL, OPTION_LAG},
    {"query", required_argument, NULL, OPTION_QUERY},
    {"corpus", required_argument, NULL, OPTION_CORPUS},
    {"corpus-shift", required_argument, NULL, OPTION_SHIFT},
    {"pictures", required_argument, NULL, OPTION_PICTURES},
    {"key", required_argument, NULL, OPTION_KEY},
    {"any-key", no_argument, NULL, OPTION_ANY_KEY},
    {"faults", required_argument, NULL, OPTION_FAULTS},
    {"without-snippet", required_argument, NULL, OPTION_WITHOUT_SNIPPET},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool set_number(const char *text, int64_t min, int64_t max, int64_t *out, struct error *err)
{
	return text_int(text, min, max, out) || error_set(err, ERR_INVALID, "'%.40s' is not allowed here", text);
}

static bool set_share(const char *text, double *out, struct error *err)
{
	return read_share(text, out) || error_set(err, ERR_INVALID, "'%.40s' is not allowed here", text);
}

static bool set_option(struct server *server, int option, struct text_list *queries, struct error *err)
{
	int64_t seed;

	switch (option) {
	case OPTION_PORT:
		return set_number(optarg, 0, 65535, &server->port, err);
	case OPTION_PORT_FILE:
		server->port_file = optarg;
		return true;
	case OPTION_SEED:
		if (!set_number(optarg, 0, INT64_MAX, &seed, err))
			return false;
		server->options.seed = (uint64_t)seed;
		return true;
	case OPTION_RATE:
		return set_share(optarg, &server->options.rate_per_day, err);
	case OPTION_LAG:
		if (!set_share(optarg, &server->options.fate.lag_median_s, err))
			return false;
		server->options.fate.lag_median_s *= 60;
		return true;
	case OPTION_QUERY:
		return text_list_add(queries, optarg, err);
	case OPTION_CORPUS:
		server->options.corpus = optarg;
		return true;
	case OPTION_SHIFT:
		return set_number(optarg, INT64_MIN, INT64_MAX, &server->options.corpus_shift_s, err);
	case OPTION_PICTURES:
		server->pictures = optarg;
		return true;
	case OPTION_KEY:
		return add_key(server, optarg, err);
	case OPTION_ANY_KEY:
		server->sim.projects.any_key = true;
		return true;
	case OPTION_FAULTS:
		return add_faults(server, optarg, err);
	case OPTION_WITHOUT_SNIPPET:
		return set_share(optarg, &server->sim.without_snippet, err);
	case OPTION_VERBOSE:
		server->verbose = true;
		return true;
	case OPTION_HELP:
		print_help();
		server->done = true;
		return true;
	default:
		return error_set(err, ERR_INVALID, "wrong use: see --help");
	}
}

static bool read_options(struct server *server, int argc, char *argv[], struct text_list *queries, struct error *err)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!set_option(server, option, queries, err))
			return false;
	return optind == argc || error_set(err, ERR_INVALID, "there is nothing to do with '%.60s'", argv[optind]);
}

static bool open_world(struct server *server, const struct text_list *queries, struct error *err)
{
	if (!world_open(&server->options, &server->world, err))
		return false;
	server->sim.world = server->world;
	server->sim.faults.rng = rng_from(server->options.seed);
	for (size_t i = 0; i < queries->count; i++)
		if (!world_know(server->world, queries->items[i], err))
			return false;
	return true;
}

/* In all threads: only serve() takes them. A shell may have started us with INT ignored. */
static void block_signals(sigset_t *signals)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	sigaction(SIGINT, &usual, NULL);
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

int main(int argc, char *argv[])
{
	static struct server server;
	AUTO(text_list_clear) struct text_list queries = {0};
	struct error err;
	sigset_t signals;

	server.clock = clock_system();
	server.options = world_defaults();
	if (!read_options(&server, argc, argv, &queries, &err)) {
		fprintf(stderr, "newsreel-sim: %s\n", err.text);
		return 2;
	}
	if (server.done)
		return 0;
	block_signals(&signals);
	bool done = pacific_open(&err) && open_world(&server, &queries, &err) && serve(&server, &signals, &err);
	if (!done)
		fprintf(stderr, "newsreel-sim: %s\n", err.text);
	world_close(&server.world);
	return done ? 0 : 1;
}
