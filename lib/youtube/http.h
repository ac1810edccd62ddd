/*
 * One HTTP request, as the YouTube client needs it. The client takes a struct transport, so that tests put a simulator or recorded
 * answers in its place; http_transport_open() opens the real one, and http.c alone knows libcurl.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct http_response {
	int status;          /* 200, 403, … */
	struct buf body;     /* decoded; at most HTTP_BODY_MAX bytes */
	int64_t date;        /* of the Date header, 0 when there is none */
	int64_t retry_after; /* seconds that the Retry-After header asks for, -1 when there is none */
};

enum { HTTP_BODY_MAX = 8 * 1024 * 1024 };

void http_response_clear(struct http_response *response);

struct transport {
	/* Posts FORM (application/x-www-form-urlencoded) to URL, without a key; all else as get does. */
	bool (*post)(void *context, const char *url, const char *form, struct http_response *out, struct error *err);
	/* Gets URL with KEY (NULL = none) in the X-Goog-Api-Key header. True for any complete HTTP answer, whatever its status. False when
	 * there is none: ERR_UNREACHED when not a byte of the request was sent (no network, no such host, no connection),
	 * ERR_UPSTREAM (time-out, cut short, too large), ERR_NO_MEMORY. No error text has the key in it. */
	bool (*get)(void *context, const char *url, const char *key, struct http_response *out, struct error *err);
	/* The same with If-None-Match: ETAG, which YouTube answers with status 304 and no body while ETAG still holds. May be NULL. */
	bool (*get_changed)(void *context, const char *url, const char *key, const char *etag, struct http_response *out,
	                    struct error *err);
	void *context;
};

/* Opens a transport over libcurl: https only, unless the host is a loopback address; TLS verified, no redirects, proxies from the
 * environment, gzip, a connection of its own for each request, which is sent once; a time-out for connecting (10 s) and for the whole call (TIMEOUT_S). Errors:
 * ERR_NO_MEMORY. */
MUST_USE bool http_transport_open(int64_t timeout_s, struct transport *out, struct error *err);

void http_transport_close(struct transport *transport);
