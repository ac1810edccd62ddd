/* The web program without FastCGI: a request in, a complete response out. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "config/config.h"
#include "cgi/request/request_metrics.h"
#include "cgi/request/databases.h"
#include "http/request.h"
#include "http/response.h"
#include "template/template.h"

/* What all threads share; borrowed by every struct app. */
struct shared {
	const struct config *config;
	const struct tmpl_set *templates;
	struct clock clock;
	int64_t started_at;         /* UTC seconds: until the first tick is due, nobody is late */
	const char *admin_token;    /* the token for writes */
	bool demo;                  /* the record shown is the demo's */
	const char *build;          /* names program and configuration: another one may answer otherwise */
	struct databases databases; /* what is written to */
	atomic_int exports;         /* how many are being sent */
	struct request_metrics request_metrics;
};

/* One thread's share. */
struct app {
	struct shared *shared;
	struct store *store;  /* read connection, this thread's own; NULL while the record does not exist yet */
	int64_t opened_at_ms; /* when it could not be opened although it exists, monotonic; 0 = never */
};

/* Answers the request RAW: routes it, runs its handler, turns an error into a problem (API) or a page, adds what every answer
 * carries (X-Request-Id …). Never fails: the worst is a 500. RESPONSE is initialised here and to be cleared by the caller; the
 * answer to HEAD has its body, which the caller leaves out. One log line a request is the caller's; *REQUEST_ID (33 bytes) and
 * *ROUTE (a literal, "" = none) are for it. */
void app_handle(struct app *app, const struct raw_request *raw, struct response *response, char request_id[33],
                const char **route);

/* The time, UTC seconds. */
int64_t app_now(const struct app *app);

/* The status that an error with CODE is answered with. */
int app_status(enum error_code code);

/* Closes what the thread opened. */
void app_close(struct app *app);
