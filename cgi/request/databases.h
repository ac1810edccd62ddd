/*
 * The databases that the web program writes to: the one it serves and, in the demo, the live one beside it. Each has one
 * guarded connection, opened when it is first needed, since the fetch program may make the file later than we start. Beside, a replica of the one served may
 * answer readers.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/error.h"
#include "cgi/request/replica.h"
#include "store/store.h"

struct database {
	const char *path;     /* borrowed */
	enum store_mode mode; /* how to open it */
	struct store *store;  /* NULL until opened */
};

struct databases {
	pthread_mutex_t guard;
	struct database served;
	struct database live;   /* path NULL outside the demo: the one served is live */
	struct replica replica; /* of the one served */
	atomic_bool told;       /* the log has said why one is not ready */
};

/* Passes on whether a database of these, not the replica, was OPENED. ERR_BUSY loses its words, which may name servers: whoever asks hears that the database
 * is not ready yet, and the log why, once until one is. */
MUST_USE bool databases_ready(struct databases *databases, bool opened, struct error *err);

/* The connections while the guard is held. Outside the demo both are the same. */
struct databases_lock {
	struct databases *databases; /* NULL: the guard is not held */
	struct store *served;
	struct store *live;
};

/* Waits for the guard and opens what is not open yet: AUTO(databases_unlock) struct databases_lock db = {0}; Errors: ERR_BUSY
 * while a database does not exist. */
MUST_USE bool databases_lock(struct databases *databases, struct databases_lock *out, struct error *err);
void databases_unlock(struct databases_lock *db);

void databases_close(struct databases *databases);
