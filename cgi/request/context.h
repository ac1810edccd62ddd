/* What the threads of the web program know when they answer a request; with it come request and response. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "config/config.h"
#include "cgi/request/request_metrics.h"
#include "cgi/request/databases.h"
#include "cgi/request/wrong_tokens.h"
#include "http/request.h"
#include "http/response.h"
#include "listing/video_query.h"
#include "model/status.h"
#include "template/template.h"

/* What all threads share; borrowed by every struct app. */
struct shared {
	const struct config *config;
	const struct tmpl_set *templates;
	struct clock clock;
	int64_t started_at;         /* UTC seconds: until the first run is due, none is late */
	const char *admin_token;    /* the token for writes */
	bool demo;                  /* the database served is the demo's */
	const char *build;          /* names program and configuration, on which every answer depends */
	struct databases databases; /* what is written to */
	struct {
		pthread_mutex_t guard;
		pthread_cond_t freed;
		int64_t running, waiting;
		int64_t datasets; /* of those that run */
	} costly;                 /* requests; see costly.h */
	atomic_bool outdated;     /* a newer version has migrated the database: this program is to end (server.c) */
	struct wrong_tokens wrong_tokens;
	struct request_metrics request_metrics;
};

/* Who waits for the answer. */
struct reader {
	bool (*has_left)(void *connection); /* NULL: no reader leaves */
	void *connection;
};

/* One thread's share. */
struct app {
	struct shared *shared;
	struct reader reader;
	/* Read connections, this thread's own; NULL until they are open. */
	struct store *primary, *replica;
	struct store *store; /* the one that answers the request */
	bool may_be_late;    /* the request's answer may be of a moment ago: a replica may give it */
	int64_t deadline_ms; /* of its statements, monotonic */
};

/* What lists are read in. */
struct list_context app_lists(const struct app *app);

/* The time, UTC seconds. */
int64_t app_now(const struct app *app);

/* Chooses the thread's connection for the request, opens it when it is not open yet, and allows the request its time: the database may come into being
 * after we started. Errors: ERR_BUSY until then, others as store_open(). */
MUST_USE bool app_open(struct app *app, struct error *err);

/* The same, and from here to the end all that is read is of one state of the database (store_read_begin): no later reader will see an older one. */
MUST_USE bool app_read_begin(struct app *app, struct error *err);
void app_read_end(struct app *app);

/* The thread's statements may take a bounded time together, from now on: at the beginning of a request, and of each piece of an export. They
 * end earlier when the reader leaves. */
void app_allow_time(struct app *app);

/* Whether nobody waits for the answer any more. */
bool app_reader_has_left(const struct app *app);

/* How everything is (store/status.h); OUT is the caller's to clear. The connection has to be open. */
MUST_USE bool app_status(struct app *app, struct status *out, struct error *err);

/* Closes what the thread opened. */
void app_close(struct app *app);
