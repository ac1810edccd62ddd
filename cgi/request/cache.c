#include "cgi/request/cache.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "cgi/request/auth.h"
#include "cgi/request/links.h"
#include "store/private/visitors.h"
#include "store/runs.h"
#include "store/video_search.h"

enum { MINUTE_S = 60, WHAT_BYTES = 4 * REQUEST_QUERY_MAX, TAG_DIGITS = 32 };

/*
 * For a second an answer is fresh; two more, it may be served while a new one is fetched: nothing older is ever seen, unless
 * newsreel-web is being restarted. The owner sees every change at once.
 */
static const char for_all[] = "max-age=1, stale-while-revalidate=2, stale-if-error=10";
static const char for_the_owner[] = "private, no-cache";
static const char streamed[] = "no-cache"; /* too large for a cache to be of use */
static const char for_nobody[] = "no-store";

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct field *const *)a)->name, (*(const struct field *const *)b)->name);
}

bool cache_build_id(const struct config *config, char out[CRYPTO_HEX_SIZE], struct error *err)
{
	AUTO(buf_clear) struct buf what = BUF(WHAT_BYTES);

	buf_printf(&what, "%s\n%s\n%lld %lld %lld", embedded_build, config->public_url, (long long)config->page_size,
	           (long long)config->visitor_queries, (long long)config->interval_s);
	for (size_t i = 0; i < config->embed_origins.count; i++)
		buf_printf(&what, " %s", config->embed_origins.items[i]);
	if (!buf_ok(&what, err))
		return false;
	crypto_sha256(buf_text(&what), what.len, out);
	return true;
}

/* The request as all its spellings have in common: decoded, and its parameters by name. */
static void add_request(struct buf *out, const struct request *req)
{
	const struct field *sorted[REQUEST_FIELDS_MAX] = {NULL};

	for (size_t i = 0; i < req->query.count; i++)
		sorted[i] = &req->query.items[i];
	qsort(sorted, req->query.count, sizeof(sorted[0]), by_name);
	buf_add_text(out, req->path);
	for (size_t i = 0; i < req->query.count; i++)
		buf_printf(out, "\n%s=%zu:%s", sorted[i]->name, strlen(sorted[i]->value), sorted[i]->value);
}

/* What links begin with, who asks, and what a demo's pages show of the machine. */
static void add_site(struct buf *out, const struct app *app, const struct request *req)
{
	const struct shared *shared = app->shared;

	buf_printf(out, "\n\n%s\n", shared->build);
	link_site(out, shared->config, req);
	if (shared->demo)
		buf_printf(out, "\ndemo %s", shared->config->listen);
	buf_add_char(out, '\n');
	if (auth_is_owner(app, req))
		buf_add_text(out, "owner\n");
	/* Its pages have forms with the session's own token. */
	if (req->in_session)
		buf_printf(out, "%s\n", req->session.nonce);
}

/* Visitors' requests count for the owner, and for who asks for the text of one. */
static bool add_database(struct buf *out, struct app *app, const struct request *req, enum cache_scope scope, struct error *err)
{
	AUTO(run_clear) struct run run = {0};
	const char *words = fields_get(&req->query, "query");
	bool owner = auth_is_owner(app, req);
	int64_t generation, visitors;

	if (scope == CACHE_BUILD)
		return true;
	if (!store_generation(app->store, &generation, err) || !store_visitors_generation(app->store,
	                                                                                  owner   ? NULL
	                                                                                  : words ? words
	                                                                                          : "",
	                                                                                  &visitors, err))
		return false;
	buf_printf(out, "%lld %lld\n", (long long)generation, (long long)visitors);
	if (scope != CACHE_STATE)
		return true;
	if (!store_run_last(app->store, &run, err) && err->code != ERR_NOT_FOUND)
		return false;
	buf_printf(out, "%lld %lld\n", (long long)run.id, (long long)run.finished_at);
	return true;
}

bool cache_etag(struct app *app, const struct request *req, enum cache_scope scope, char out[ETAG_SIZE], struct error *err)
{
	AUTO(buf_clear) struct buf what = BUF(WHAT_BYTES);
	const char *sort = fields_get(&req->query, "sort");
	char digest[CRYPTO_HEX_SIZE];

	add_request(&what, req);
	add_site(&what, app, req);
	if (!add_database(&what, app, req, scope, err))
		return false;
	if (scope == CACHE_STATE || fields_get(&req->query, "within") ||
	    (sort && strcmp(sort, video_sort_name(SORT_RISING)) == 0))
		buf_printf(&what, "%lld", (long long)(app_now(app) / MINUTE_S));
	if (!buf_ok(&what, err))
		return false;
	crypto_sha256(buf_text(&what), what.len, digest);
	/* A weak one: nginx may compress the answer. */
	snprintf(out, ETAG_SIZE, "W/\"%.*s\"", TAG_DIGITS, digest);
	return true;
}

/* Tags are compared without their W/ (weak comparison). */
bool cache_is_known(const struct request *req, const char *tag)
{
	const char *at = req->if_none_match;
	const char *opaque = tag + 2;
	size_t len = strlen(opaque);

	while (*at) {
		at += strspn(at, " \t,");
		if (strncmp(at, "W/", 2) == 0)
			at += 2;
		if (strncmp(at, opaque, len) == 0)
			return true;
		at += strcspn(at, ",");
	}
	return false;
}

void cache_headers(struct app *app, const struct request *req, struct response *res, const char *tag)
{
	const char *control = for_all;

	if (!tag)
		control = for_nobody;
	else if (auth_is_owner(app, req))
		control = for_the_owner;
	else if (res->rest.next)
		control = streamed;
	if (tag) {
		response_header(res, "ETag", tag);
		response_header(res, "Vary", "Authorization, Cookie");
	}
	response_header(res, "Cache-Control", control);
}
