/*
 * A request as a server passes it on, and the way to its route.
 * Input, by lines: method, path, query string, content type, host, id; the rest is the body.
 */

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/params.h"
#include "http/router.h"

static const struct route routes[] = {
    {METHOD_GET, "/", 0},
    {METHOD_GET, "/api/videos", 1},
    {METHOD_GET, "/api/videos/:id", 2},
    {METHOD_POST, "/api/videos/:id", 3},
    {METHOD_GET, "/api/videos/newest", 4},
    {METHOD_DELETE, "/:noun/:id/:part", 5},
};

static const struct router router = {routes, sizeof(routes) / sizeof(routes[0])};

static void promise_fields(const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		fuzz_promise_text(fields->items[i].name);
		if (fields->items[i].value) /* null of JSON */
			fuzz_promise_text(fields->items[i].value);
		PROMISE(fields_get(fields, fields->items[i].name) == fields->items[i].value); /* at most once */
	}
}

/* The pattern with the captured parts put back is the path. */
static void promise_captures(const struct route *route, const struct fields *captures, const char *path)
{
	AUTO(buf_clear) struct buf rebuilt = BUF(REQUEST_QUERY_MAX);
	size_t used = 0;

	for (const char *at = route->pattern; *at;) {
		size_t len = *at == ':' ? strcspn(at, "/") : 1;

		if (*at == ':')
			buf_add_text(&rebuilt, captures->items[used++].value);
		else
			buf_add_char(&rebuilt, *at);
		at += len;
	}
	PROMISE(used == captures->count);
	PROMISE(strcmp(buf_text(&rebuilt), path) == 0);
}

static void find(struct request *req)
{
	AUTO(buf_clear) struct buf allow = BUF(256);
	const struct route *route = NULL;
	enum routed routed;
	struct error err;

	PROMISE(router_find(&router, req->method, req->path, &routed, &route, &req->captures, &allow, &err));
	PROMISE((routed == ROUTED) == (route != NULL));
	PROMISE(routed != ROUTED_NO_METHOD || allow.len > 0);
	if (route)
		promise_captures(route, &req->captures, req->path);
}

static void promise_request(struct request *req)
{
	size_t len = strlen(req->path);

	fuzz_promise_text(req->path);
	PROMISE(req->path[0] == '/' && (len == 1 || req->path[len - 1] != '/') && !strstr(req->path, "//"));
	PROMISE(!strpbrk(req->host, "/\\\"'<>&@ \r\n"));
	promise_fields(&req->query);
	promise_fields(&req->body);
	find(req);
}

/* Where unknown parameters are ignored, what is read is what is read where they are not, but for the unknown ones. */
static bool read_query(struct request *req, struct error *err)
{
	static const char *const names[] = {"query", "page", NULL};
	struct request lenient = {.query_string = req->query_string};
	bool read = request_read_query(req, NULL, UNKNOWN_REFUSED, err);
	struct error why;
	bool read_leniently = request_read_query(&lenient, names, UNKNOWN_IGNORED, &why);

	PROMISE(read_leniently || !read);
	for (size_t i = 0; i < lenient.query.count; i++)
		PROMISE(!read || strcmp(lenient.query.items[i].value, fields_get(&req->query, lenient.query.items[i].name)) == 0);
	fields_clear(&lenient.query);
	return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_INVALID, ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_NONE};
	AUTO(text_free) char *method = fuzz_take_line(&data, &size);
	AUTO(text_free) char *path = fuzz_take_line(&data, &size);
	AUTO(text_free) char *query = fuzz_take_line(&data, &size);
	AUTO(text_free) char *type = fuzz_take_line(&data, &size);
	AUTO(text_free) char *host = fuzz_take_line(&data, &size);
	AUTO(text_free) char *id = fuzz_take_line(&data, &size);
	AUTO(request_clear) struct request req = {0};
	struct error err = {0};
	AUTO(cgi_params_clear) struct cgi_params params = {0};

	cgi_params_set(&params, "REQUEST_METHOD", method);
	cgi_params_set(&params, "REQUEST_URI", path);
	cgi_params_set(&params, "QUERY_STRING", query);
	cgi_params_set(&params, "CONTENT_TYPE", type);
	cgi_params_set(&params, "HTTP_HOST", host);
	cgi_params_set(&params, "REQUEST_ID", id);
	struct cgi_input input = cgi_params_input(&params, NULL);
	input.body = (const char *)data;
	input.body_len = size;
	if (request_read(&input, "", &req, &err) && read_query(&req, &err))
		promise_request(&req);
	else
		fuzz_promise_error(&err, allowed);
	PROMISE(strlen(req.id) >= 8 && !strpbrk(req.id, " \r\n\"<"));
	return 0;
}
