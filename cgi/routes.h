/* Every URL in one table: what runs, how its errors look, and what a request needs to get there. */
#pragma once

#include "cgi/handlers.h"
#include "http/router.h"

/* How errors are told. */
enum route_kind { ROUTE_API, ROUTE_PAGE };

/* What has to be there before the handler runs. */
enum needs { NEEDS_NOTHING = 0, NEEDS_DATABASE = 1, NEEDS_TOKEN = 2 };

/* What an answer depends on besides the request, which decides how long it may be kept (cgi/request/cache.h). */
enum cache_scope {
	CACHE_NOT = 0,  /* nobody may keep it */
	CACHE_DATABASE, /* the record's generation, and the minute with `within` */
	CACHE_STATE,    /* that, the last tick, and the minute */
	CACHE_BUILD     /* this build and its configuration alone */
};

struct endpoint {
	enum method method;
	const char *pattern;
	handler *run;
	enum route_kind kind;
	unsigned needs;                /* enum needs, together */
	const char *const *parameters; /* names a query string may have, ended by NULL; NULL: not looked at */
	enum cache_scope cache_scope;
};

/* All endpoints, in the order of the table. */
extern const size_t routes_count;
const struct endpoint *routes_at(size_t which);

/* The place of ENDPOINT in the table; routes_count for NULL. */
size_t routes_index(const struct endpoint *endpoint);

/* Finds the endpoint; everything else as router_find() says. */
MUST_USE bool routes_find(enum method method, const char *path, enum routed *routed, const struct endpoint **endpoint,
                          struct fields *captures, struct buf *allow, struct error *err);
