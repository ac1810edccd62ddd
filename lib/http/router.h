/* URLs to handlers: a table of method and pattern. Paths match with and without a slash at the end. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "http/request.h"

struct route {
	enum method method;
	const char *pattern; /* "/api/videos/:id": ":name" takes one part of the path */
	int handler;         /* the caller's number for what to run */
};

struct router {
	const struct route *routes; /* borrowed */
	size_t count;
};

enum routed { ROUTED, ROUTED_NO_PATH, ROUTED_NO_METHOD };

/* Finds the route of METHOD and PATH; literal parts win over ":name", HEAD falls back on GET. Fills CAPTURES. When only the
 * method does not fit, writes those that do ("GET, HEAD, POST") to ALLOW. Errors: ERR_NO_MEMORY only. */
MUST_USE bool router_find(const struct router *router, enum method method, const char *path, enum routed *routed,
                          const struct route **route, struct fields *captures, struct buf *allow, struct error *err);
