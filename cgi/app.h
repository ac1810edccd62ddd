/* The web program without FastCGI: a request in, a complete response out. */
#pragma once

#include "base/clock.h"
#include "base/config.h"
#include "store/store.h"
#include "web/request.h"
#include "web/response.h"
#include "web/tmpl.h"

#include <pthread.h>

/* What all threads share; borrowed by every struct app. */
struct shared {
	const struct config *config;
	const struct tmpl_set *templates;
	struct clock clock;
	const char *admin_token; /* the token for writes */
	bool demo;               /* the record shown is the demo's */
	pthread_mutex_t write;   /* guards the two below */
	struct store *writer;    /* the record that is shown */
	struct store *real;      /* where keys go: the real record in the demo, else the same as writer */
};

/* One thread's share. */
struct app {
	struct shared *shared;
	struct store *store; /* read connection, this thread's own; NULL while the record does not exist yet */
};

/* Answers the request RAW: routes it, runs its handler, turns an error into a problem (API) or a page, adds what every answer carries (X-Request-Id
 * …). Never fails: the worst is a 500. RESPONSE is initialised here and to be cleared by the caller. One log line a request is the caller's;
 * *REQUEST_ID (33 bytes) and *ROUTE (a literal, "" = none) are for it. */
void app_handle(struct app *app, const struct raw_request *raw, struct response *response, char request_id[33], const char **route);
