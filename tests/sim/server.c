#include "tests/sim/server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>
#include <zlib.h>

#include "base/log.h"
#include "base/crypto.h"
#include "base/text.h"
#include "tests/sim/control.h"
#include "tests/sim/hub/sender.h"

enum { PATH_BYTES = 4096, EXCESS = 100, FORM_MAX = 16 * 1024, HUB_PAUSE_MS = 200 };

/* ---- answers over HTTP ---- */

/* A body that is shorter than its Content-Length: libmicrohttpd promised more bytes, and cuts the connection. */
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

/* The first LEN bytes of BODY, with PROMISED as their Content-Length. */
static struct MHD_Response *short_response(const struct buf *body, size_t len, size_t promised)
{
	struct half *half = calloc(1, sizeof(*half));

	if (!half || !(half->bytes = malloc(len + 1))) {
		free(half);
		return NULL;
	}
	half->len = len;
	memcpy(half->bytes, buf_text(body), len);
	return MHD_create_response_from_callback(promised, 4096, read_half, half, free_half);
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

/* Dissolving its association resets a TCP connection; closing it would end it in peace. */
static void reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr none = {.sa_family = AF_UNSPEC};

	if (info && connect(info->connect_fd, &none, sizeof(none)) != 0)
		log_printf(LOG_WARN, "a connection could not be reset");
}

static struct MHD_Response *make_response(const struct sim_response *answer, bool gzip)
{
	size_t len = answer->body.len;

	if (answer->fault == FAULT_TRUNCATED)
		return short_response(&answer->body, len / 2, len);
	if (answer->fault == FAULT_LENGTH)
		return short_response(&answer->body, len, len + EXCESS);
	return whole_response(&answer->body, gzip);
}

static enum MHD_Result send_answer(struct server *server, struct MHD_Connection *connection, const struct sim_response *answer)
{
	const char *accepted = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");

	if (answer->fault == FAULT_RESET)
		reset(connection);
	if (answer->fault == FAULT_CUT || answer->fault == FAULT_RESET)
		return MHD_NO; /* closes the connection */
	if (answer->fault == FAULT_SLOW)
		clock_sleep(&server->clock, server->slow_ms);
	struct MHD_Response *response = make_response(answer, accepted && strstr(accepted, "gzip"));
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", answer->content_type);
	for (size_t i = 0; i < answer->header_count; i++)
		MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
	enum MHD_Result sent = MHD_queue_response(connection, (unsigned)answer->status, response);
	MHD_destroy_response(response);
	return sent;
}

/* A request on its way in. libmicrohttpd takes query strings apart; this keeps the whole URI. */
struct incoming {
	char *uri;
	struct buf form;
	bool begun;
};

static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct incoming *incoming = calloc(1, sizeof(*incoming));

	(void)context;
	(void)connection;
	if (incoming) {
		incoming->uri = strdup(uri);
		incoming->form = BUF(FORM_MAX);
	}
	return incoming;
}

static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	struct incoming *incoming = *state;

	(void)context;
	(void)connection;
	(void)why;
	if (incoming) {
		free(incoming->uri);
		buf_clear(&incoming->form);
	}
	free(incoming);
	*state = NULL;
}

static bool answer_request(struct server *server, const struct sim_request *request, struct sim_response *answer)
{
	int64_t unknown = server->sim.unknown_count;
	struct error err;

	pthread_mutex_lock(&server->lock);
	bool done = strncmp(request->path, "/control/", 9) == 0
	                ? control_answer(&server->sim, request, answer, &err)
	                : sim_answer(&server->sim, request, clock_now(&server->clock), answer, &err);
	if (server->sim.unknown_count > unknown)
		log_printf(LOG_WARN, "%s: YouTube knows no parameter '%s'", request->path, server->sim.unknown);
	pthread_mutex_unlock(&server->lock);
	return done;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *upload, size_t *upload_len, void **state)
{
	struct server *server = context;
	struct incoming *incoming = *state;
	AUTO(sim_response_clear) struct sim_response answer = {0};

	(void)version;
	if (!incoming || !incoming->uri)
		return MHD_NO;
	/* Called once with the head, then with parts of the body, and at its end. */
	if (!incoming->begun || *upload_len) {
		incoming->begun = true;
		buf_add(&incoming->form, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	const char *question = strchr(incoming->uri, '?');
	struct sim_request request = {.path = path,
	                              .query = question ? question + 1 : "",
	                              .form = buf_text(&incoming->form),
	                              .key = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Goog-Api-Key"),
	                              .etag = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match")};
	if (!answer_request(server, &request, &answer))
		return MHD_NO;
	if (server->verbose)
		log_printf(LOG_INFO, "%s %s %d", method, path, answer.status);
	return send_answer(server, connection, &answer);
}

/* ---- the hub ---- */

/* What is to be sent, apart from the hub, which goes on while it is. */
struct message {
	int index;
	char *body; /* NULL: a verification */
	char signature[CRYPTO_SHA1_HEX_SIZE];
	struct buf url;
};

static void message_clear(struct message *message)
{
	free(message->body);
	buf_clear(&message->url);
}

static bool next_message(struct server *server, struct message *out)
{
	struct hub *hub = server->sim.hub;
	struct error err;

	pthread_mutex_lock(&server->lock);
	bool done = hub_next(hub, server->sim.world, clock_now(&server->clock), &out->index, &err) && out->index >= 0;
	if (done) {
		const struct hub_post *post = &hub->posts[out->index];

		hub_url(post, &out->url);
		if (post->body)
			done = text_copy(post->body, &out->body, &err);
		if (post->body && post->lease.secret[0])
			crypto_hmac_sha1(post->lease.secret, post->body, strlen(post->body), out->signature);
	}
	pthread_mutex_unlock(&server->lock);
	return done;
}

/* Sends all that is due. Only this thread takes messages out of the hub, so an index stays what it is meanwhile. */
static void send_due(struct server *server)
{
	for (;;) {
		AUTO(message_clear) struct message message = {.url = BUF(FORM_MAX)};
		AUTO(buf_clear) struct buf answer = BUF(FORM_MAX);

		if (!next_message(server, &message))
			return;
		int status = sender_send(buf_text(&message.url), message.body, message.signature, &answer);
		pthread_mutex_lock(&server->lock);
		hub_done(server->sim.hub, message.index, status, buf_text(&answer), clock_now(&server->clock));
		pthread_mutex_unlock(&server->lock);
	}
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

/* One thread answers, this one sends what the hub has to say. */
bool server_run(struct server *server, const sigset_t *signals, struct error *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_port = htons((uint16_t)server->port),
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *daemon =
	    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, (uint16_t)server->port, NULL, NULL, on_request,
	                     server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
	                     MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
	const struct timespec pause = {.tv_nsec = HUB_PAUSE_MS * 1000000L};

	if (!daemon)
		return error_set(err, ERR_INTERNAL, "port %lld of 127.0.0.1 cannot be listened on", (long long)server->port);
	server->port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	snprintf(server->own_address, sizeof(server->own_address), "http://127.0.0.1:%lld", (long long)server->port);
	server->sim.pictures = server->pictures ? server->pictures : server->own_address;
	bool done = write_port(server, err);
	if (done)
		log_printf(LOG_INFO, "simulating YouTube at %s/youtube/v3", server->own_address);
	while (done && sigtimedwait(signals, NULL, &pause) < 0)
		send_due(server);
	MHD_stop_daemon(daemon);
	return done;
}
