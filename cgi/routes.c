#include "cgi/routes.h"

#include "cgi/handlers.h"
#include "cgi/pages/widgets/noise.h"
#include "cgi/request/gone_params.h"
#include "export/dataset.h"
#include "listing/video_query.h"

static const char *const none[] = {NULL};
static const char *const noise_parameters[] = {NOISE_PARAMETERS, NULL};
static const char *const channel_page_parameters[] = {CHANNEL_PARAMETERS, NOISE_PARAMETERS, NULL};
static const char *const page_parameters[] = {LIST_PARAMETERS, NOISE_PARAMETERS, NULL};
static const char *const purge[] = {"purge", NULL};
static const char *const ids[] = {"ids", NULL};

/* The rest of a row, where it differs: .needs = NEEDS_NOTHING, .parameters = NULL, .cache_scope = CACHE_NOT. */
#define API(method_, pattern_, run_) .method = METHOD_##method_, .pattern = pattern_, .run = run_, .kind = ROUTE_API
/* Programs of others ask, which may send more than we know. */
#define FEED(method_, pattern_, run_) API(method_, pattern_, run_), .unknown_parameters = UNKNOWN_IGNORED
#define PAGE(method_, pattern_, run_)                                                                                            \
	.method = METHOD_##method_, .pattern = pattern_, .run = run_, .kind = ROUTE_PAGE, .unknown_parameters = UNKNOWN_IGNORED

static const struct endpoint endpoints[] = {
    {PAGE(GET, "/", page_videos), .needs = NEEDS_DATABASE, .parameters = page_parameters, .cache_scope = CACHE_STATE},
    {PAGE(GET, "/video/:id", page_video), .needs = NEEDS_DATABASE, .parameters = noise_parameters, .cache_scope = CACHE_STATE},

    {PAGE(GET, "/queries", page_queries), .needs = NEEDS_DATABASE, .parameters = queries_parameters, .cache_scope = CACHE_STATE},
    {PAGE(POST, "/queries", page_query_add), .needs = NEEDS_DATABASE, .parameters = none}, /* visitors may */
    {PAGE(POST, "/queries/several", page_queries_act), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(GET, "/queries/import", page_import), .needs = NEEDS_DATABASE, .parameters = none}, /* the owner's */
    {PAGE(POST, "/queries/import", page_import_submit), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(GET, "/queries/:id/gaps", page_gaps), .needs = NEEDS_DATABASE, .parameters = gaps_parameters,
     .cache_scope = CACHE_STATE},
    {PAGE(GET, "/queries/:id", page_query), .needs = NEEDS_DATABASE, .parameters = query_parameters}, /* the owner's */
    {PAGE(POST, "/queries/:id", page_query_act), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(POST, "/queries/:id/backfill", page_query_backfill), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(POST, "/queries/:id/settings", page_query_change), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(GET, "/gone", page_gone), .needs = NEEDS_DATABASE, .parameters = gone_parameters, .cache_scope = CACHE_STATE},
    {PAGE(GET, "/channels", page_channels), .needs = NEEDS_DATABASE, .parameters = channel_page_parameters,
     .cache_scope = CACHE_STATE},
    {PAGE(GET, "/status", page_status), .needs = NEEDS_DATABASE, .parameters = none}, /* it changes with each call */
    {PAGE(GET, "/about", page_about), .parameters = none, .cache_scope = CACHE_BUILD},

    /* The owner's: anybody else is asked to sign in, so that NEEDS_TOKEN would answer too early. */
    {PAGE(GET, "/keys", page_keys), .needs = NEEDS_DATABASE, .parameters = keys_parameters},
    {PAGE(POST, "/keys", page_key_add), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(POST, "/keys/:id", page_key_act), .needs = NEEDS_DATABASE, .parameters = none},

    {PAGE(GET, "/alerts", page_alerts), .needs = NEEDS_DATABASE, .parameters = alerts_parameters},
    {PAGE(POST, "/alerts", page_alert_add), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(GET, "/alerts/new", page_alert_new), .needs = NEEDS_DATABASE},
    {PAGE(GET, "/alerts/:id", page_alert), .needs = NEEDS_DATABASE, .parameters = alerts_parameters},
    {PAGE(POST, "/alerts/:id", page_alert_act), .needs = NEEDS_DATABASE, .parameters = none},
    {PAGE(GET, "/alerts/unsubscribe/:token", page_unsubscribe), .needs = NEEDS_DATABASE, .parameters = none}, /* its reader may */
    {PAGE(POST, "/alerts/unsubscribe/:token", page_unsubscribe), .needs = NEEDS_DATABASE, .parameters = none},

    {PAGE(GET, "/hidden", page_hidden), .needs = NEEDS_DATABASE, .parameters = hidden_page_parameters},
    {PAGE(POST, "/hidden", page_hidden_act), .needs = NEEDS_DATABASE, .parameters = none},

    {PAGE(GET, "/login", page_login), .parameters = none},
    {PAGE(POST, "/login", page_login_submit), .parameters = none},
    {PAGE(POST, "/logout", page_logout), .parameters = none},

    {PAGE(GET, "/robots.txt", discovery_robots), .parameters = none, .cache_scope = CACHE_BUILD},
    {PAGE(GET, "/favicon.ico", discovery_favicon), .parameters = none, .cache_scope = CACHE_BUILD},
    {PAGE(GET, "/manifest.webmanifest", discovery_manifest), .parameters = none, .cache_scope = CACHE_BUILD},
    {PAGE(GET, "/opensearch.xml", discovery_opensearch), .parameters = none, .cache_scope = CACHE_BUILD},

    {API(GET, "/api/videos", api_videos_list), .needs = NEEDS_DATABASE, .parameters = list_parameters,
     .cache_scope = CACHE_DATABASE},
    {API(GET, "/api/videos/:id", api_video_get), .needs = NEEDS_DATABASE, .parameters = none, .cache_scope = CACHE_DATABASE},
    {API(GET, "/api/videos/:id/statistics", api_video_statistics), .needs = NEEDS_DATABASE, .parameters = none,
     .cache_scope = CACHE_STATE},

    {API(GET, "/api/changes", api_changes_list), .needs = NEEDS_DATABASE, .parameters = changes_parameters,
     .cache_scope = CACHE_DATABASE},

    {API(GET, "/api/videos.csv", export_csv), .needs = NEEDS_DATABASE, .parameters = csv_parameters,
     .cache_scope = CACHE_DATABASE},
    {API(GET, "/api/videos.ndjson", export_ndjson), .needs = NEEDS_DATABASE, .parameters = export_parameters,
     .cache_scope = CACHE_DATABASE},

    {API(GET, "/api/dataset.zip", export_dataset), .needs = NEEDS_DATABASE | NEEDS_TOKEN, .parameters = dataset_parameters},

    {API(GET, "/api/gone", api_gone_list), .needs = NEEDS_DATABASE, .parameters = gone_parameters, .cache_scope = CACHE_DATABASE},
    {API(GET, "/api/gone.csv", export_gone_csv), .needs = NEEDS_DATABASE, .parameters = gone_csv_parameters,
     .cache_scope = CACHE_DATABASE},

    {API(GET, "/api/status", api_status), .needs = NEEDS_DATABASE, .parameters = none}, /* the owner sees more */

    {FEED(GET, "/feeds/videos.atom", feed_atom), .needs = NEEDS_DATABASE, .parameters = list_parameters,
     .cache_scope = CACHE_DATABASE},
    {FEED(GET, "/feeds/videos.json", feed_json), .needs = NEEDS_DATABASE, .parameters = list_parameters,
     .cache_scope = CACHE_DATABASE},
    {FEED(GET, "/feeds/queries.opml", feed_opml), .needs = NEEDS_DATABASE, .parameters = none, .cache_scope = CACHE_DATABASE},

    {API(GET, "/api/channels", api_channels_list), .needs = NEEDS_DATABASE, .parameters = channel_parameters,
     .cache_scope = CACHE_DATABASE},
    {API(GET, "/api/stats/volume", api_stats_volume), .needs = NEEDS_DATABASE, .parameters = volume_parameters,
     .cache_scope = CACHE_DATABASE},

    {API(GET, "/api/queries", api_queries_list), .needs = NEEDS_DATABASE, .parameters = query_list_parameters,
     .cache_scope = CACHE_STATE},
    {API(POST, "/api/queries", api_query_add), .needs = NEEDS_DATABASE, .parameters = none}, /* visitors may */
    {API(GET, "/api/queries.ndjson", export_queries_ndjson), .needs = NEEDS_DATABASE, .parameters = none,
     .cache_scope = CACHE_STATE},
    {API(GET, "/api/queries.txt", export_queries_txt), .needs = NEEDS_DATABASE, .parameters = none, .cache_scope = CACHE_STATE},
    {API(POST, "/api/queries/import", api_queries_import), .needs = NEEDS_TOKEN, .parameters = none},
    {API(PATCH, "/api/queries", api_queries_change), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/queries", api_queries_remove), .needs = NEEDS_TOKEN, .parameters = ids},
    {API(GET, "/api/queries/:id", api_query_get), .needs = NEEDS_DATABASE, .parameters = none, .cache_scope = CACHE_STATE},
    {API(GET, "/api/queries/:id/gaps", api_gaps_list), .needs = NEEDS_DATABASE, .parameters = gaps_parameters,
     .cache_scope = CACHE_STATE},
    {API(GET, "/api/queries/:id/attrition", api_attrition_list), .needs = NEEDS_DATABASE, .parameters = attrition_parameters,
     .cache_scope = CACHE_STATE},
    {API(POST, "/api/queries/:id/backfill", api_backfill_ask), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/queries/:id/backfill", api_backfill_cancel), .needs = NEEDS_TOKEN, .parameters = none},
    {API(PATCH, "/api/queries/:id", api_query_change), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/queries/:id", api_query_remove), .needs = NEEDS_TOKEN, .parameters = purge},

    {API(GET, "/api/hidden_videos", api_hidden_videos_list), .needs = NEEDS_DATABASE | NEEDS_TOKEN,
     .parameters = hidden_parameters},
    {API(GET, "/api/hidden_videos/:id", api_hidden_video_get), .needs = NEEDS_DATABASE | NEEDS_TOKEN, .parameters = none},
    {API(PUT, "/api/hidden_videos/:id", api_hidden_video_put), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/hidden_videos/:id", api_hidden_video_delete), .needs = NEEDS_TOKEN, .parameters = none},
    {API(GET, "/api/muted_channels", api_muted_channels_list), .needs = NEEDS_DATABASE | NEEDS_TOKEN,
     .parameters = hidden_parameters},
    {API(GET, "/api/muted_channels/:id", api_muted_channel_get), .needs = NEEDS_DATABASE | NEEDS_TOKEN, .parameters = none},
    {API(PUT, "/api/muted_channels/:id", api_muted_channel_put), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/muted_channels/:id", api_muted_channel_delete), .needs = NEEDS_TOKEN, .parameters = none},

    {API(GET, "/api/api_key", api_keys_list), .needs = NEEDS_TOKEN, .parameters = none},
    {API(POST, "/api/api_key", api_key_add), .needs = NEEDS_TOKEN, .parameters = none},
    {API(GET, "/api/api_key/:id", api_key_get), .needs = NEEDS_TOKEN, .parameters = none},
    {API(PATCH, "/api/api_key/:id", api_key_change), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/api_key/:id", api_key_remove), .needs = NEEDS_TOKEN, .parameters = none},

    {API(GET, "/api/alerts", api_alerts_list), .needs = NEEDS_TOKEN | NEEDS_DATABASE, .parameters = none},
    {API(POST, "/api/alerts", api_alert_add), .needs = NEEDS_TOKEN, .parameters = none},
    {API(GET, "/api/alerts/:id", api_alert_get), .needs = NEEDS_TOKEN, .parameters = none},
    {API(PATCH, "/api/alerts/:id", api_alert_change), .needs = NEEDS_TOKEN, .parameters = none},
    {API(DELETE, "/api/alerts/:id", api_alert_remove), .needs = NEEDS_TOKEN, .parameters = none},
    {API(POST, "/api/alerts/:id/test", api_alert_test), .needs = NEEDS_TOKEN, .parameters = none},
    {API(GET, "/api/alerts/:id/deliveries", api_deliveries_list), .needs = NEEDS_TOKEN | NEEDS_DATABASE,
     .parameters = deliveries_parameters},
    {API(POST, "/api/alerts/:id/deliveries/:delivery/retry", api_delivery_retry), .needs = NEEDS_TOKEN, .parameters = none},

    {FEED(GET, "/push/:token", push_verify), .needs = NEEDS_DATABASE, .parameters = push_parameters},
    {API(POST, "/push/:token", push_receive), .needs = NEEDS_DATABASE, .parameters = none},

    {API(GET, "/api/openapi.json", api_openapi), .parameters = none, .cache_scope = CACHE_BUILD},
    {PAGE(GET, "/api/docs", page_docs), .parameters = none, .cache_scope = CACHE_BUILD},

    {API(GET, "/ping", health_ping)},
    {API(GET, "/readyz", health_ready)}, /* these two open the database themselves: whatever fails is 503 */
    {API(GET, "/healthz", health_check)},
    {API(GET, "/metrics", metrics), .needs = NEEDS_DATABASE}, /* the owner sees more */
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
