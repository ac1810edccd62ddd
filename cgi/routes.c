#include "cgi/routes.h"

#include "cgi/request/video_query.h"

static const char *const none[] = {NULL};
static const char *const purge[] = {"purge", NULL};

static const struct endpoint endpoints[] = {
    {METHOD_GET, "/", page_videos, ROUTE_PAGE, NEEDS_DATABASE, list_parameters, CACHE_STATE},
    {METHOD_GET, "/video/:id", page_video, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_STATE},

    {METHOD_GET, "/queries", page_queries, ROUTE_PAGE, NEEDS_DATABASE, queries_parameters, CACHE_STATE},
    {METHOD_POST, "/queries", page_query_add, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_NOT}, /* visitors may */
    {METHOD_POST, "/queries/:id", page_query_act, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_NOT},
    {METHOD_GET, "/channels", page_channels, ROUTE_PAGE, NEEDS_DATABASE, channel_parameters, CACHE_STATE},
    {METHOD_GET, "/status", page_status, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_NOT}, /* it changes with each call */
    {METHOD_GET, "/about", page_about, ROUTE_PAGE, NEEDS_NOTHING, none, CACHE_BUILD},

    /* The owner's: anybody else is asked to sign in, so that NEEDS_TOKEN would answer too early. */
    {METHOD_GET, "/keys", page_keys, ROUTE_PAGE, NEEDS_DATABASE, keys_parameters, CACHE_NOT},
    {METHOD_POST, "/keys", page_key_add, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_NOT},
    {METHOD_POST, "/keys/:id", page_key_act, ROUTE_PAGE, NEEDS_DATABASE, none, CACHE_NOT},

    {METHOD_GET, "/login", page_login, ROUTE_PAGE, NEEDS_NOTHING, none, CACHE_NOT},
    {METHOD_POST, "/login", page_login_submit, ROUTE_PAGE, NEEDS_NOTHING, none, CACHE_NOT},
    {METHOD_POST, "/logout", page_logout, ROUTE_PAGE, NEEDS_NOTHING, none, CACHE_NOT},

    {METHOD_GET, "/api/videos", api_videos_list, ROUTE_API, NEEDS_DATABASE, list_parameters, CACHE_DATABASE},
    {METHOD_GET, "/api/videos/:id", api_video_get, ROUTE_API, NEEDS_DATABASE, none, CACHE_DATABASE},

    {METHOD_GET, "/api/videos.csv", export_csv, ROUTE_API, NEEDS_DATABASE, filter_parameters, CACHE_DATABASE},
    {METHOD_GET, "/api/videos.ndjson", export_ndjson, ROUTE_API, NEEDS_DATABASE, filter_parameters, CACHE_DATABASE},

    {METHOD_GET, "/api/status", api_status, ROUTE_API, NEEDS_DATABASE, none, CACHE_NOT}, /* the owner sees more */

    {METHOD_GET, "/feeds/videos.atom", feed_atom, ROUTE_API, NEEDS_DATABASE, list_parameters, CACHE_DATABASE},
    {METHOD_GET, "/feeds/videos.json", feed_json, ROUTE_API, NEEDS_DATABASE, list_parameters, CACHE_DATABASE},
    {METHOD_GET, "/feeds/queries.opml", feed_opml, ROUTE_API, NEEDS_DATABASE, none, CACHE_DATABASE},

    {METHOD_GET, "/api/channels", api_channels_list, ROUTE_API, NEEDS_DATABASE, channel_parameters, CACHE_DATABASE},
    {METHOD_GET, "/api/stats/volume", api_stats_volume, ROUTE_API, NEEDS_DATABASE, volume_parameters, CACHE_DATABASE},

    {METHOD_GET, "/api/queries", api_queries_list, ROUTE_API, NEEDS_DATABASE, none, CACHE_STATE},
    {METHOD_POST, "/api/queries", api_query_add, ROUTE_API, NEEDS_DATABASE, none, CACHE_NOT}, /* visitors may */
    {METHOD_GET, "/api/queries/:id", api_query_get, ROUTE_API, NEEDS_DATABASE, none, CACHE_STATE},
    {METHOD_PATCH, "/api/queries/:id", api_query_change, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},
    {METHOD_DELETE, "/api/queries/:id", api_query_remove, ROUTE_API, NEEDS_TOKEN, purge, CACHE_NOT},

    {METHOD_GET, "/api/api_key", api_keys_list, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},
    {METHOD_POST, "/api/api_key", api_key_add, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},
    {METHOD_GET, "/api/api_key/:id", api_key_get, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},
    {METHOD_PATCH, "/api/api_key/:id", api_key_change, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},
    {METHOD_DELETE, "/api/api_key/:id", api_key_remove, ROUTE_API, NEEDS_TOKEN, none, CACHE_NOT},

    {METHOD_GET, "/api/openapi.json", api_openapi, ROUTE_API, NEEDS_NOTHING, none, CACHE_BUILD},
    {METHOD_GET, "/api/docs", page_docs, ROUTE_PAGE, NEEDS_NOTHING, none, CACHE_BUILD},

    {METHOD_GET, "/ping", health_ping, ROUTE_API, NEEDS_NOTHING, NULL, CACHE_NOT},
    {METHOD_GET, "/readyz", health_ready, ROUTE_API, NEEDS_DATABASE, NULL, CACHE_NOT},
    {METHOD_GET, "/healthz", health_check, ROUTE_API, NEEDS_DATABASE, NULL, CACHE_NOT},
    {METHOD_GET, "/metrics", metrics, ROUTE_API, NEEDS_DATABASE, NULL, CACHE_NOT},
};

enum { ENDPOINT_COUNT = sizeof(endpoints) / sizeof(endpoints[0]) };

_Static_assert((int)ENDPOINT_COUNT < (int)METRICS_ROUTES_MAX, "the metrics need a row for each endpoint, and one more");

const size_t routes_count = ENDPOINT_COUNT;

size_t routes_index(const struct endpoint *endpoint)
{
	return endpoint ? (size_t)(endpoint - endpoints) : ENDPOINT_COUNT;
}

const struct endpoint *routes_at(size_t which)
{
	return &endpoints[which];
}

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
