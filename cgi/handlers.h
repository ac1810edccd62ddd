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
handler page_query_act;
handler page_gaps;
handler page_channels;
handler page_status;
handler page_about;

handler page_keys;
handler page_key_add;
handler page_key_act;

handler page_login;
handler page_login_submit;
handler page_logout;

handler discovery_robots;
handler discovery_favicon;
handler discovery_manifest;
handler discovery_opensearch;

handler api_videos_list;
handler api_video_get;

handler api_changes_list;

handler export_csv;
handler export_ndjson;

handler api_status;

handler feed_atom;
handler feed_json;
handler feed_opml;

handler api_channels_list;
handler api_stats_volume;

handler api_queries_list;
handler api_query_add;
handler api_query_get;
handler api_gaps_list;
handler api_query_change;
handler api_query_remove;

handler api_keys_list;
handler api_key_add;
handler api_key_get;
handler api_key_change;
handler api_key_remove;

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
extern const char *const gaps_parameters[];
extern const char *const channel_parameters[];
extern const char *const changes_parameters[];
extern const char *const keys_parameters[];
extern const char *const push_parameters[];

/* The page for an error below a ROUTE_PAGE. REQ may be half read (request_read() failed); DETAIL may be shown, and is a sentence
 * without a final period. Called with an empty RES whose status is set. */
MUST_USE bool page_error(struct app *app, const struct request *req, int status, const char *detail, struct response *res,
                         struct error *err);

/* The sign-in form as the answer 401, for who asks for a page or sends a form that is the owner's. It leads on to NEXT, a page of
 * those that page_login_submit knows. */
MUST_USE bool page_login_ask(struct app *app, const struct request *req, const char *next, struct response *res,
                             struct error *err);
