/* One prototype per handler (cgi/endpoint.h). GET handlers read from app->store; what writes goes through cgi/request/databases.h. */
#pragma once

#include "cgi/endpoint.h"

handler api_videos_list;
handler api_video_get;

handler export_csv; /* cgi/feeds/export.c */
handler export_ndjson;

handler feed_atom; /* cgi/feeds/atom.c, json.c, opml.c */
handler feed_json;
handler feed_opml;

handler api_channels_list;
extern const char *const channel_parameters[]; /* those it knows; ended by NULL */
handler api_stats_volume;

handler api_queries_list;
handler api_query_add;
handler api_query_get;
handler api_query_change;
handler api_query_remove;

handler api_keys_list;
handler api_key_add;
handler api_key_get;
handler api_key_change;
handler api_key_remove;

handler api_status;

handler api_openapi; /* cgi/api/openapi.c */
handler page_docs;   /* cgi/pages/docs.c */

handler metrics; /* cgi/api/metrics.c */

handler health_ping;
handler health_ready;
handler health_check;

handler page_videos; /* cgi/pages/videos.c */
handler page_video;  /* cgi/pages/video.c */
handler page_login;  /* cgi/pages/login.c */
handler page_login_submit;
handler page_logout;

/* cgi/pages/login.c: the sign-in form as the answer 401, for who asks for a page or sends a form that is the owner's. It leads on to
 * NEXT, a page of those that page_login_submit knows. */
MUST_USE bool page_login_ask(struct app *app, const struct request *req, const char *next, struct response *res,
                             struct error *err);

handler page_queries; /* cgi/pages/queries.c */
handler page_query_add;
handler page_query_act;
extern const char *const queries_parameters[]; /* those of the page; ended by NULL */

handler page_keys; /* cgi/pages/keys.c */
handler page_key_add;
handler page_key_act;
extern const char *const keys_parameters[]; /* those of the page; ended by NULL */

handler page_status;   /* cgi/pages/status.c */
handler page_channels; /* cgi/pages/channels.c */
handler page_about;    /* cgi/pages/about.c */

/* cgi/pages/error.c: the page for an error below a ROUTE_PAGE. REQ may be half read (request_read() failed); DETAIL may be shown,
 * and is a sentence without a final period. Called with an empty RES whose status is set. */
MUST_USE bool page_error(struct app *app, const struct request *req, int status, const char *detail, struct response *res,
                         struct error *err);
