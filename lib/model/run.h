/* One run of newsreel-fetch, as remembered. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/project.h"

struct writer; /* base/json_writer.h */

struct run {
	int64_t id;
	int64_t started_at;
	int64_t finished_at;        /* 0 = still running, or killed */
	int64_t searches;           /* calls charged */
	int64_t units;              /* calls charged */
	int64_t recount_units;      /* those of them that asked for numbers of new videos again */
	int64_t added;              /* videos that were new */
	int64_t updated;            /* videos that changed */
	int64_t skipped;            /* items of answers that could not be used */
	int64_t gone;               /* videos that YouTube no longer has */
	int64_t hidden;             /* videos that were not re-checked in time */
	int64_t failures;           /* calls that failed */
	int64_t ms;                 /* how long it took */
	int64_t planned;            /* calls worth making, as planned */
	int64_t left[BUCKET_COUNT]; /* of today's quota, over all projects, when it ended */
	int64_t clock_ahead_s; /* of this machine's clock before the Date of YouTube's answers; 0 = as it should be, or unknown */
	char *error;           /* the last failure in words, NULL when there was none */
	bool own_fault; /* one of the failures was this machine's (a full disk), not YouTube's or a key's; not remembered */
};

void run_clear(struct run *run);

struct run_list {
	struct run *items;
	size_t count;
};

void run_list_clear(struct run_list *list);

/* Whether runs that come every INTERVAL_S seconds have stopped, at NOW, when the last one ended at LAST_AT. */
bool run_is_late(int64_t last_at, int64_t interval_s, int64_t now);

/* The run as one object: started_at, finished_at, searches, units, recount_units, added, updated, skipped, gone, hidden, failures, ms, error. */
void run_write_json(struct writer *w, const struct run *run);
