#include "cgi/routes.h"

#include "cgi/handlers.h"
#include "cgi/params.h"

static const char *const none[] = {NULL};
static const char *const purge[] = {"purge", NULL};

static const struct endpoint endpoints[] = {
    {METHOD_GET, "/", page_videos, ROUTE_PAGE, NEEDS_RECORD, list_parameters},

    {METHOD_GET, "/api/videos", api_videos_list, ROUTE_API, NEEDS_RECORD, list_parameters},
    {METHOD_GET, "/api/videos/:id", api_video_get, ROUTE_API, NEEDS_RECORD, none},

    {METHOD_GET, "/api/queries", api_queries_list, ROUTE_API, NEEDS_RECORD, none},
    {METHOD_POST, "/api/queries", api_query_add, ROUTE_API, NEEDS_RECORD, none}, /* visitors may */
    {METHOD_GET, "/api/queries/:id", api_query_get, ROUTE_API, NEEDS_RECORD, none},
    {METHOD_PATCH, "/api/queries/:id", api_query_change, ROUTE_API, NEEDS_TOKEN, none},
    {METHOD_DELETE, "/api/queries/:id", api_query_remove, ROUTE_API, NEEDS_TOKEN, purge},

    {METHOD_GET, "/api/api_key", api_keys_list, ROUTE_API, NEEDS_TOKEN, none},
    {METHOD_POST, "/api/api_key", api_key_add, ROUTE_API, NEEDS_TOKEN, none},
    {METHOD_GET, "/api/api_key/:id", api_key_get, ROUTE_API, NEEDS_TOKEN, none},
    {METHOD_PATCH, "/api/api_key/:id", api_key_change, ROUTE_API, NEEDS_TOKEN, none},
    {METHOD_DELETE, "/api/api_key/:id", api_key_remove, ROUTE_API, NEEDS_TOKEN, none},

    {METHOD_GET, "/api/status", api_status, ROUTE_API, NEEDS_RECORD, none}, /* the owner sees more */

    {METHOD_GET, "/ping", health_ping, ROUTE_API, NEEDS_NOTHING, NULL},
    {METHOD_GET, "/readyz", health_ready, ROUTE_API, NEEDS_RECORD, NULL},
    {METHOD_GET, "/healthz", health_check, ROUTE_API, NEEDS_RECORD, NULL},
};

enum { ENDPOINT_COUNT = sizeof(endpoints) / sizeof(endpoints[0]) };

/* The same rows as the router wants them. */
static struct route routes[ENDPOINT_COUNT];

static void routes_fill(void)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		routes[i] = (struct route){.method = endpoints[i].method, .pattern = endpoints[i].pattern, .handler = i};
}

bool routes_find(enum method method, const char *path, enum routed *routed, const struct endpoint **endpoint,
                 struct fields *captures, struct buf *allow, struct error *err)
{
	static pthread_once_t filled = PTHREAD_ONCE_INIT;
	const struct router router = {routes, ENDPOINT_COUNT};
	const struct route *route = NULL;

	pthread_once(&filled, routes_fill);
	if (!router_find(&router, method, path, routed, &route, captures, allow, err))
		return false;
	if (route)
		*endpoint = &endpoints[route->handler];
	return true;
}
