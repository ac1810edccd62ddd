/* What there is to know of a URL: what runs, how its errors look, and what a request needs to get there. */
#pragma once

#include "cgi/request/cache.h"

/* Reads the request, asks the store for structs, and hands them to a view that writes the body. Returns false with the error, of
 * which cgi/dispatch.c makes status and body; need not check whether the body fit. */
typedef bool handler(struct app *app, const struct request *req, struct response *res, struct error *err);

/* How errors are told. */
enum route_kind { ROUTE_API, ROUTE_PAGE };

/* What has to be there before the handler runs. */
enum needs { NEEDS_NOTHING = 0, NEEDS_DATABASE = 1, NEEDS_TOKEN = 2 };

struct endpoint {
	enum method method;
	const char *pattern;
	handler *run;
	enum route_kind kind;
	unsigned needs;                /* enum needs, together */
	const char *const *parameters; /* names a query string may have, ended by NULL; NULL: any */
	enum unknown_parameters unknown_parameters;
	enum cache_scope cache_scope;
	bool may_be_framed; /* by pages of the sites that NEWSREEL_EMBED_ORIGINS names; no other site may show ours in a frame */
};
