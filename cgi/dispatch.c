#include "cgi/dispatch.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "cgi/request/http_error.h"
#include "cgi/request/links.h"
#include "cgi/routes.h"

enum { ALLOW_BYTES = 256 };

/* ---- errors ---- */

/* A request in hand. */
struct exchange {
	struct app *app;
	struct request *req;
	struct response *res;
	const struct endpoint *endpoint; /* NULL: none fits */
};

/* Programs ask at and below these paths, people elsewhere; nginx/site.conf.in tells them apart by the same ones. */
static bool is_for_programs(const char *path)
{
	static const char *const roots[] = {"/api", "/feeds", "/oembed", "/push", "/ping", "/readyz", "/healthz", "/metrics"};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		size_t len = strlen(roots[i]);

		if (strncmp(path, roots[i], len) == 0 && (path[len] == '\0' || path[len] == '/'))
			return true;
	}
	return false;
}

static enum route_kind kind_of(const struct exchange *x)
{
	if (x->endpoint)
		return x->endpoint->kind;
	/* Nothing fits, or the request was not read that far. */
	return !x->req->path || is_for_programs(x->req->path) ? ROUTE_API : ROUTE_PAGE;
}

static void write_problem(const struct exchange *x, const struct http_error *error, const char *detail)
{
	struct writer w = writer_json(&x->res->body);

	response_header(x->res, "Content-Type", "application/problem+json");
	write_object(&w, NULL);
	write_text(&w, "type", error->type);
	write_text(&w, "title", error->title);
	write_int(&w, "status", error->status);
	write_text(&w, "detail", detail);
	write_text(&w, "request_id", x->req->id);
	write_end(&w);
}

static void answer_error(const struct exchange *x, const struct http_error *error, const char *detail)
{
	struct error err;

	response_restart(x->res, error->status);
	if (kind_of(x) == ROUTE_API || !page_error(x->app, x->req, error->status, detail, x->res, &err)) {
		response_restart(x->res, error->status);
		write_problem(x, error, detail);
	}
	if (error->retry_after)
		response_header(x->res, "Retry-After", error->retry_after);
	if (error->status == 401)
		response_header(x->res, "WWW-Authenticate", "Bearer realm=\"newsreel\"");
	cache_headers(x->app, x->req, x->res, NULL);
}

/* Whoever asks is told nothing of the database; the log is, once. */
static void answer_outdated(const struct exchange *x, const struct error *err)
{
	if (!atomic_exchange(&x->app->shared->outdated, true))
		log_line(LOG_ERROR, err->text, NULL);
	answer_error(x, http_error_of(ERR_OUTDATED), "newsreel is being updated");
}

/* Statements fail in many ways when another version migrates the database in the middle of a request. */
static bool is_outdated(const struct exchange *x, const struct error *err, struct error *why)
{
	*why = *err;
	bool may_be = err->code == ERR_INTERNAL || err->code == ERR_DENIED;

	return err->code == ERR_OUTDATED ||
	       (may_be && x->app->store && !store_check_schema(x->app->store, why) && why->code == ERR_OUTDATED);
}

/* Details of faults of our own are for the log. */
static void answer_failure(const struct exchange *x, const struct error *err)
{
	const struct http_error *http = http_error_of(err->code);
	struct log_field fields[] = {LOG_TEXT("error", err->text), LOG_END};
	bool ours = http->status == 500 || err->code == ERR_NO_MEMORY;
	struct error why;

	if (err->code == ERR_BUSY && app_reader_has_left(x->app)) {
		response_restart(x->res, STATUS_READER_LEFT);
		return;
	}
	if (is_outdated(x, err, &why)) {
		answer_outdated(x, &why);
		return;
	}
	if (ours)
		log_line(LOG_ERROR, "request failed", fields);
	answer_error(x, http, ours ? "internal error: see the log, under this request's id" : err->text);
}

/* ---- requests ---- */

/* An answer that has an ETag is made of the one state of the database that its ETag tells of. */
static bool is_of_one_state(const struct endpoint *endpoint)
{
	return (endpoint->needs & NEEDS_DATABASE) && endpoint->cache_scope;
}

static bool meet_needs(const struct exchange *x, struct error *err)
{
	const struct endpoint *e = x->endpoint;

	if ((e->needs & NEEDS_TOKEN) && !auth_need_owner(x->app, x->req, err))
		return false;
	if (!request_read_query(x->req, e->parameters, e->unknown_parameters, err))
		return false;
	/* What is cached is as old; what the owner sees, and all that writes, is not to be. */
	x->app->may_be_late = e->cache_scope && !auth_is_owner(x->app, x->req);
	return !(e->needs & NEEDS_DATABASE) || is_of_one_state(e) || app_open(x->app, err);
}

/* What anybody may read, so may the scripts of any site (CORS); they never come with our cookie. */
static bool is_public(const struct endpoint *endpoint)
{
	return endpoint->kind == ROUTE_API && !(endpoint->needs & NEEDS_TOKEN);
}

/* They may read that there is nothing, too: a script that sees no status takes it for a broken network. */
static bool is_public_reading(const struct exchange *x)
{
	return (x->req->method == METHOD_GET || x->req->method == METHOD_HEAD) &&
	       (x->endpoint ? is_public(x->endpoint) : kind_of(x) == ROUTE_API);
}

/* A browser asks whether a script of another site may read PATH with more than the simplest headers. */
static bool allow_preflight(const struct exchange *x, struct error *err)
{
	AUTO(buf_clear) struct buf allow = BUF(ALLOW_BYTES);
	struct fields captures = {0};
	const struct endpoint *reading = NULL;
	enum routed routed;
	bool found = routes_find(METHOD_GET, x->req->path, &routed, &reading, &captures, &allow, err);

	fields_clear(&captures);
	if (found && reading && is_public(reading)) {
		response_header(x->res, "Access-Control-Allow-Origin", "*");
		response_header(x->res, "Access-Control-Allow-Methods", "GET, HEAD");
		response_header(x->res, "Access-Control-Allow-Headers", "If-None-Match, Cache-Control");
		response_header(x->res, "Access-Control-Max-Age", "86400");
	}
	return found;
}

static bool answer_options(const struct exchange *x, const char *allow, struct error *err)
{
	x->res->status = 204;
	response_header(x->res, "Allow", allow);
	return !x->req->is_preflight || allow_preflight(x, err);
}

static void answer_wrong_method(const struct exchange *x, const char *allow)
{
	struct error err;

	error_set(&err, ERR_INVALID, "%s is not possible here; allowed: %s", method_name(x->req->method), allow);
	answer_error(x, &http_error_wrong_method, err.text);
	response_header(x->res, "Allow", allow);
}

/* Before the handler does any work: what the reader has may still be what it would get. */
static bool answer(const struct exchange *x, struct error *err)
{
	const struct endpoint *e = x->endpoint;
	char tag[ETAG_SIZE];

	if (e->cache_scope && !cache_etag(x->app, x->req, e->cache_scope, tag, err))
		return false;
	if (e->cache_scope && cache_is_known(x->req, tag))
		x->res->status = 304;
	else if (!e->run(x->app, x->req, x->res, err))
		return false;
	bool cacheable = e->cache_scope && x->res->status < 400 && !x->res->no_store;
	cache_headers(x->app, x->req, x->res, cacheable ? tag : NULL);
	return buf_ok(&x->res->headers, err) && buf_ok(&x->res->body, err);
}

static bool run(const struct exchange *x, struct error *err)
{
	if (!meet_needs(x, err))
		return false;
	if (!is_of_one_state(x->endpoint))
		return answer(x, err);
	if (!app_read_begin(x->app, err))
		return false;
	bool answered = answer(x, err);
	app_read_end(x->app);
	return answered;
}

static bool route(struct exchange *x, struct error *err)
{
	AUTO(buf_clear) struct buf allow = BUF(ALLOW_BYTES);
	enum routed routed;

	if (!routes_find(x->req->method, x->req->path, &routed, &x->endpoint, &x->req->captures, &allow, err))
		return false;
	if (routed == ROUTED_NO_PATH)
		return error_set(err, ERR_NOT_FOUND, "there is nothing at this address");
	if (routed == ROUTED_NO_METHOD) {
		if (x->req->method == METHOD_OPTIONS)
			return answer_options(x, buf_text(&allow), err);
		answer_wrong_method(x, buf_text(&allow));
		return true;
	}
	x->req->route = x->endpoint->pattern;
	return run(x, err);
}

/* In every answer, also in a 304: a browser takes over its headers. nginx puts it into the whole policy (nginx/site.conf.in). */
static void allow_frames(const struct exchange *x)
{
	AUTO(buf_clear) struct buf policy = BUF(RESPONSE_HEADERS_MAX);
	const struct text_list *origins = &x->app->shared->config->embed_origins;

	if (!x->endpoint || !x->endpoint->may_be_framed || origins->count == 0)
		return;
	buf_add_text(&policy, "frame-ancestors");
	for (size_t i = 0; i < origins->count; i++)
		buf_printf(&policy, " %s", origins->items[i]);
	response_header(x->res, "Content-Security-Policy", buf_text(&policy));
}

/* Adds what every answer has. False when some of it found no room. */
static bool finish(const struct exchange *x, struct error *err)
{
	response_header(x->res, "X-Request-Id", x->req->id);
	allow_frames(x);
	if (is_public_reading(x)) {
		response_header(x->res, "Access-Control-Allow-Origin", "*");
		response_header(x->res, "Access-Control-Expose-Headers",
		                "ETag, Link, Retry-After, X-Latest-Cursor, X-Ranked-Within, X-Request-Id, X-Scanned-Within");
	}
	return buf_ok(&x->res->headers, err) && buf_ok(&x->res->body, err);
}

void dispatch(struct app *app, const struct cgi_input *input, struct request *req, struct response *res)
{
	struct exchange x = {.app = app, .req = req, .res = res};
	struct error err = {0};
	int64_t started_ms = clock_monotonic_ms();

	response_init(res);
	app->may_be_late = false;
	bool read = request_read(input, links_base_path(app->shared->config), req, &err);
	log_set_request(req->id);
	/* An error's page too tells who is signed in. */
	bool known = auth_find(app, req, read ? &err : &(struct error){0});
	if (!read || !known || !route(&x, &err))
		answer_failure(&x, &err);
	if (!finish(&x, &err)) { /* no memory for it: there may be some for less */
		answer_failure(&x, &err);
		(void)!finish(&x, &err);
	}
	metrics_count(&app->shared->request_metrics, routes_index(x.endpoint), res->status, clock_monotonic_ms() - started_ms);
}
