/*
 * One prototype per handler (cgi/endpoint.h), in the order of cgi/routes.c. GET handlers read from app->store; what writes goes
 * through cgi/request/databases.h. Pages stand in cgi/pages, exports, feeds and what is looked for unasked in cgi/feeds, all
 * others in cgi/api.
 */
#pragma once

#include "cgi/endpoint.h"

handler page_videos;
handler page_video;

handler page_queries;
handler page_query_add;
handler page_queries_act;
handler page_import;
handler page_import_submit;
handler page_query;
handler page_query_act;
handler page_query_backfill;
handler page_query_change;
handler page_gaps;
handler page_gone;
handler page_channels;
handler page_hidden;
handler page_hidden_act;
handler page_status;
handler page_about;

handler page_keys;
handler page_key_add;
handler page_key_act;

handler page_alerts;
handler page_alert_add;
handler page_alert_new;
handler page_alert;
handler page_alert_act;
handler page_unsubscribe;

handler page_login;
handler page_login_submit;
handler page_logout;

handler discovery_robots;
handler discovery_favicon;
handler discovery_manifest;
handler discovery_opensearch;

handler api_videos_list;
handler api_video_get;
handler api_video_statistics;

handler api_changes_list;

handler export_csv;
handler export_ndjson;
handler export_dataset;

handler api_gone_list;
handler export_gone_csv;

handler api_status;

handler feed_atom;
handler feed_json;
handler feed_opml;

handler api_channels_list;
handler api_stats_volume;

handler api_queries_list;
handler api_query_add;
handler api_query_get;
handler export_queries_ndjson;
handler export_queries_txt;
handler api_queries_import;
handler api_queries_change;
handler api_queries_remove;
handler api_gaps_list;
handler api_attrition_list;
handler api_backfill_ask;
handler api_backfill_cancel;
handler api_query_change;
handler api_query_remove;

handler api_hidden_videos_list;
handler api_hidden_video_get;
handler api_hidden_video_put;
handler api_hidden_video_delete;
handler api_muted_channels_list;
handler api_muted_channel_get;
handler api_muted_channel_put;
handler api_muted_channel_delete;

handler api_keys_list;
handler api_key_add;
handler api_key_get;
handler api_key_change;
handler api_key_remove;

handler api_alerts_list;
handler api_alert_add;
handler api_alert_get;
handler api_alert_change;
handler api_alert_remove;
handler api_alert_test;
handler api_deliveries_list;
handler api_delivery_retry;

handler push_verify;
handler push_receive;

handler api_openapi;
handler page_docs;

handler health_ping;
handler health_ready;
handler health_check;
handler metrics;

/* The parameters that a handler knows, where they are its own; each list is ended by NULL. */
extern const char *const queries_parameters[];
extern const char *const query_list_parameters[];
extern const char *const hidden_page_parameters[];
extern const char *const hidden_parameters[];
extern const char *const query_parameters[];
extern const char *const gaps_parameters[];
extern const char *const attrition_parameters[];
#define CHANNEL_PARAMETERS "tracked", "page_number", "page", "page_size"
extern const char *const channel_parameters[];
extern const char *const changes_parameters[];
extern const char *const keys_parameters[];
extern const char *const push_parameters[];
extern const char *const alerts_parameters[];
extern const char *const deliveries_parameters[];

/* The page for an error below a ROUTE_PAGE. REQ may be half read (request_read() failed); DETAIL may be shown, and is a sentence
 * without a final period. Called with an empty RES whose status is set. */
MUST_USE bool page_error(struct app *app, const struct request *req, int status, const char *detail, struct response *res,
                         struct error *err);

/* What auth_need_owner() failing with ERR means for a page: the sign-in form as the answer 401, for who is not the owner, which leads on to NEXT,
 * a page of those that page_login_submit() knows. Other errors stay. */
MUST_USE bool page_login_ask(struct app *app, const struct request *req, const char *next, struct response *res,
                             struct error *err);
