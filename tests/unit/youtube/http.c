#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/loopback.h"
#include "youtube/http.h"

#define KEY "a-key-that-nobody-may-see"

enum { PATIENCE_S = 60 }; /* only a fault takes so long */

/* A server of one answer: takes one connection, reads the request, sends BYTES, and closes. */
struct server {
	int listener;
	int port;
	const char *bytes;
	size_t repeat; /* how often the last KiB is sent again */
	char request[4096];
	pthread_t thread;
};

static void *serve(void *context)
{
	struct server *server = context;
	static const char filler[1024];
	int peer = accept(server->listener, NULL, NULL);

	if (peer < 0)
		return NULL;
	ssize_t got = recv(peer, server->request, sizeof(server->request) - 1, 0);
	server->request[got > 0 ? got : 0] = '\0';
	send(peer, server->bytes, strlen(server->bytes), MSG_NOSIGNAL);
	for (size_t i = 0; i < server->repeat; i++)
		if (send(peer, filler, sizeof(filler), MSG_NOSIGNAL) < 0)
			break;
	close(peer);
	return NULL;
}

static void server_start(struct server *server, const char *bytes, size_t repeat)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	*server = (struct server){.bytes = bytes, .repeat = repeat};
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server->listener, 1), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_end(struct server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
}

/* Asks a server that sends BYTES. */
static bool ask(const char *bytes, size_t repeat, struct http_response *out, struct error *err, char *request,
                size_t request_size)
{
	struct server server;
	struct transport transport;
	char url[64];

	server_start(&server, bytes, repeat);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x?q=1", server.port);
	assert_true(http_transport_open(PATIENCE_S, &transport, err));
	bool answered = transport.get(transport.context, url, KEY, out, err);
	http_transport_close(&transport);
	server_end(&server);
	if (request)
		snprintf(request, request_size, "%s", server.request);
	return answered;
}

static void an_answer_comes_with_its_headers(void **state)
{
	AUTO(http_response_clear) struct http_response response = {0};
	struct error err;
	char request[4096];

	(void)state;
	assert_true(ask("HTTP/1.1 503 Service Unavailable\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: "
	                "120\r\nContent-Length: 2\r\n\r\n{}",
	                0, &response, &err, request, sizeof(request)));
	assert_int_equal(response.status, 503);
	assert_int_equal(response.date, 784111777);
	assert_int_equal(response.retry_after, 120);
	assert_string_equal(buf_text(&response.body), "{}");
	assert_non_null(strstr(request, "GET /x?q=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(request, "X-Goog-Api-Key: " KEY "\r\n"));
	assert_non_null(strstr(request, "gzip"));
	assert_non_null(strstr(request, "User-Agent: newsreel/"));
}

static void unchanged_is_asked_for_with_the_etag(void **state)
{
	AUTO(http_response_clear) struct http_response response = {0};
	struct server server;
	struct transport transport;
	struct error err;
	char url[64];

	(void)state;
	server_start(&server, "HTTP/1.1 304 Not Modified\r\n\r\n", 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", server.port);
	assert_true(http_transport_open(PATIENCE_S, &transport, &err));
	assert_true(transport.get_changed(transport.context, url, KEY, "ymk0VS6i1m", &response, &err));
	http_transport_close(&transport);
	server_end(&server);
	assert_int_equal(response.status, 304);
	assert_non_null(strstr(server.request, "If-None-Match: ymk0VS6i1m\r\n"));
	assert_non_null(strstr(server.request, "X-Goog-Api-Key: " KEY "\r\n"));
}

static void broken_answers_are_told_without_the_key(void **state)
{
	static const struct {
		const char *bytes;
		size_t repeat;
	} cases[] = {
	    {"", 0},
	    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 0},
	    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!", 0},
	    {"garbage\r\n\r\n", 0},
	    {"HTTP/1.1 200 OK\r\n\r\n", HTTP_BODY_MAX / 1024 + 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(http_response_clear) struct http_response response = {0};
		struct error err = {0};

		assert_false(ask(cases[i].bytes, cases[i].repeat, &response, &err, NULL, 0));
		assert_int_equal(err.code, ERR_UPSTREAM);
		assert_true(err.text[0] != '\0');
		assert_null(strstr(err.text, KEY));
	}
}

static void a_form_is_posted_without_a_key(void **state)
{
	AUTO(http_response_clear) struct http_response response = {0};
	struct server server;
	struct transport transport;
	struct error err;
	char url[64];

	(void)state;
	server_start(&server, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/subscribe", server.port);
	assert_true(http_transport_open(PATIENCE_S, &transport, &err));
	assert_true(transport.post(transport.context, url, "hub.mode=subscribe&x=%20", &response, &err));
	server_end(&server);
	assert_int_equal(response.status, 202);
	assert_non_null(strstr(server.request, "POST /subscribe HTTP/1.1\r\n"));
	assert_non_null(strstr(server.request, "Content-Type: application/x-www-form-urlencoded\r\n"));
	assert_null(strstr(server.request, "X-Goog-Api-Key"));
	assert_non_null(strstr(server.request, "\r\n\r\nhub.mode=subscribe&x=%20"));

	/* What follows is a GET again, and without a key if none is given. */
	http_response_clear(&response);
	server_start(&server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/feed", server.port);
	assert_true(transport.get(transport.context, url, NULL, &response, &err));
	server_end(&server);
	http_transport_close(&transport);
	assert_non_null(strstr(server.request, "GET /feed HTTP/1.1\r\n"));
	assert_null(strstr(server.request, "X-Goog-Api-Key"));
	assert_null(strstr(server.request, "hub.mode"));
}

/* Answers one request on each connection, offers to keep it, and breaks it when it is used again; counts all requests. */
struct breaking_server {
	int listener;
	int requests;
};

static void *serve_and_break(void *context)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}";
	struct breaking_server *server = context;
	int peer;

	while ((peer = accept(server->listener, NULL, NULL)) >= 0) {
		char request[4096];

		if (recv(peer, request, sizeof(request), 0) > 0) {
			server->requests++;
			send(peer, answer, strlen(answer), MSG_NOSIGNAL);
			server->requests += recv(peer, request, sizeof(request), 0) > 0;
		}
		close(peer);
	}
	return NULL;
}

static void no_request_is_sent_twice(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	struct breaking_server server = {.listener = socket(AF_INET, SOCK_STREAM, 0)};
	struct transport transport;
	pthread_t thread;
	struct error err;
	char url[64];

	(void)state;
	assert_int_equal(bind(server.listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server.listener, 8), 0);
	assert_int_equal(getsockname(server.listener, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(pthread_create(&thread, NULL, serve_and_break, &server), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", ntohs(address.sin_port));
	assert_true(http_transport_open(PATIENCE_S, &transport, &err));
	for (int i = 0; i < 3; i++) {
		AUTO(http_response_clear) struct http_response response = {0};

		assert_true(transport.get(transport.context, url, KEY, &response, &err));
	}
	http_transport_close(&transport);
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(server.listener);
	assert_int_equal(server.requests, 3);
}

static void redirects_are_not_followed(void **state)
{
	AUTO(http_response_clear) struct http_response response = {0};
	struct error err;

	(void)state;
	assert_true(ask("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n", 0, &response,
	                &err, NULL, 0));
	assert_int_equal(response.status, 302);
}

static void nobody_listens(void **state)
{
	AUTO(http_response_clear) struct http_response response = {0};
	struct transport transport;
	struct error err;

	(void)state;
	assert_true(http_transport_open(PATIENCE_S, &transport, &err));
	assert_false(transport.get(transport.context, "http://127.0.0.1:1/", KEY, &response, &err));
	assert_int_equal(err.code, ERR_UNREACHED);
	assert_false(transport.get(transport.context, "http://[::1]:1/", KEY, &response, &err));
	assert_int_equal(err.code, ERR_UNREACHED);
	http_transport_close(&transport);
}

/* Refused before anybody is asked, so this makes no connection. */
static void without_tls_only_this_machine_is_asked(void **state)
{
	static const char *const urls[] = {"http://192.0.2.1/",      "http://127.0.0.1.example.org/",
	                                   "http://user@192.0.2.1/", "ftp://192.0.2.1/",
	                                   "file:///etc/passwd",     "nonsense"};
	struct transport transport;
	struct error err;

	(void)state;
	assert_true(http_transport_open(PATIENCE_S, &transport, &err));
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		AUTO(http_response_clear) struct http_response response = {0};

		assert_false(transport.get(transport.context, urls[i], KEY, &response, &err));
		assert_non_null(strstr(err.text, "https"));
	}
	http_transport_close(&transport);
}

static void loopback_is_known_by_its_names(void **state)
{
	static const char *const here[] = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"};
	static const char *const elsewhere[] = {"",          "localhost.example.org",
	                                        "128.0.0.1", "127.0.0.1.example.org",
	                                        "::2",       "0.0.0.0",
	                                        "[::1"};

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		assert_true(host_is_loopback(here[i], strlen(here[i])));
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		assert_false(host_is_loopback(elsewhere[i], strlen(elsewhere[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_comes_with_its_headers),
	    cmocka_unit_test(unchanged_is_asked_for_with_the_etag),
	    cmocka_unit_test(broken_answers_are_told_without_the_key),
	    cmocka_unit_test(a_form_is_posted_without_a_key),
	    cmocka_unit_test(no_request_is_sent_twice),
	    cmocka_unit_test(redirects_are_not_followed),
	    cmocka_unit_test(nobody_listens),
	    cmocka_unit_test(without_tls_only_this_machine_is_asked),
	    cmocka_unit_test(loopback_is_known_by_its_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
