/* Every URL in one table. */
#pragma once

#include "cgi/endpoint.h"
#include "http/router.h"

/* All endpoints, in the order of the table. */
extern const size_t routes_count;
const struct endpoint *routes_at(size_t which);

/* The place of ENDPOINT in the table; routes_count for NULL. */
size_t routes_index(const struct endpoint *endpoint);

/* Finds the endpoint; everything else as router_find() says. */
MUST_USE bool routes_find(enum method method, const char *path, enum routed *routed, const struct endpoint **endpoint,
                          struct fields *captures, struct buf *allow, struct error *err);
