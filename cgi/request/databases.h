/*
 * The records that the web program writes to: the one that is shown and, in the demo, the real one beside it. Each has one
 * guarded connection, opened when it is first needed, since the fetch program may make the file later than we start.
 */
#pragma once

#include <pthread.h>

#include "base/error.h"
#include "store/store.h"

struct record {
	const char *path;     /* borrowed */
	enum store_mode mode; /* how to open it */
	struct store *store;  /* NULL until opened */
};

struct records {
	pthread_mutex_t guard;
	struct record shown;
	struct record real; /* path NULL outside the demo: the shown one is the real one */
};

/* The connections while the guard is held. Outside the demo both are the same. */
struct writing {
	struct records *records; /* NULL: the guard is not held */
	struct store *shown;
	struct store *real;
};

/* Waits for the guard and opens what is not open yet: AUTO(writing_end) struct writing w = {0}; Errors: ERR_BUSY while a record
 * does not exist. */
MUST_USE bool writing_begin(struct records *records, struct writing *out, struct error *err);
void writing_end(struct writing *writing);

void records_close(struct records *records);
