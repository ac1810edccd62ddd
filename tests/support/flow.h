/* The web program on a record of its own, without nginx: a request in, the answer out. */
#pragma once

#include "base/crypto.h"
#include "cgi/dispatch.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/params.h"

enum { FLOW_NOW = 1795341600 }; /* 2026-11-22T10:00:00Z */

#define FLOW_TOKEN "a-token-for-the-tests-0123"

struct flow {
	char folder[64];
	struct config config;
	struct fake_clock time;
	struct shared shared;
	struct app app;
	struct tmpl_set *templates;
	char served_path[TEST_LOCATION_SIZE],
	    live_path[TEST_LOCATION_SIZE]; /* locations of databases; LIVE_PATH only for the demo */
	struct cgi_params params;          /* of the last request; those that flow_set() gave stay for the next ones */
	struct request request;            /* the last one */
	struct response response;          /* to it; a produced body is whole */
};

/* cmocka's setup and teardown: *STATE is a struct flow with an empty record. */
int flow_set_up(void **state);
int flow_tear_down(void **state);

/* The same without a record, and for the demo: with one that is shown and a real one. */
int flow_set_up_without_record(void **state);
int flow_set_up_demo(void **state);

/* A connection that writes to the record (for the demo the one that is shown), to seed it. The caller's to close. */
struct store *flow_open(struct flow *flow);

/* Saves a video that the query (0 = none) found; ID has 11 characters. */
void flow_add_video(struct flow *flow, const char *id, const char *title, int64_t published_at, int64_t query_id);

/* COUNT of them, called "Starship", video00000A now and the others STEP_S seconds one after the other before. */
void flow_add_videos(struct flow *flow, int count, int64_t step_s, int64_t query_id);

/* Tracks a query and returns its id. */
int64_t flow_add_query(struct flow *flow, const char *text);

/* COUNT gaps of a minute each, before what was read at their end. */
void flow_add_gaps(struct flow *flow, int64_t query_id, int64_t count);

/* Has every request from now on carry the parameter NAME ("HTTP_COOKIE") with VALUE, NULL: no longer. */
void flow_set(struct flow *flow, const char *name, const char *value);

/* Sends a request; URL may have a query string, BODY (a form) and TOKEN may be NULL. Returns the status; the answer is in
 * flow->response. */
int flow_request(struct flow *flow, const char *method, const char *url, const char *body, const char *token);

/* The same with any content type, without token. */
int flow_request_as(struct flow *flow, const char *method, const char *url, const char *body, const char *content_type);

/* Signs in as a browser does: COOKIE becomes what it sends back, and is set, CSRF the token of its forms. */
enum { FLOW_COOKIE_SIZE = 512 };
void flow_sign_in(struct flow *flow, char cookie[FLOW_COOKIE_SIZE], char csrf[CRYPTO_HEX_SIZE]);

/* A browser of the owner's, as flow_sign_in() fills it. */
struct flow_browser {
	char cookie[FLOW_COOKIE_SIZE];
	char csrf[CRYPTO_HEX_SIZE];
};

/* Sends FIELDS as the owner's form does, with the token of BROWSER's forms, and returns the status. */
int flow_submit(struct flow *flow, const struct flow_browser *browser, const char *url, const char *fields);

/* GET without token. */
int flow_get(struct flow *flow, const char *url);

/* The value of the header NAME of the last answer, the first one, in VALUE; "" when there is none. */
void flow_header(const struct flow *flow, const char *name, char *value, size_t size);

/* The body of the last answer, whether it, or its headers, contain TEXT, and how often the body does. */
const char *flow_body(const struct flow *flow);
bool flow_body_has(const struct flow *flow, const char *text);
int flow_body_count(const struct flow *flow, const char *text);
bool flow_header_has(const struct flow *flow, const char *text);
