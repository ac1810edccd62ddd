/* The state of everything: read once from the database (store/status.h), shown by `newsreel-fetch --status`, GET /api/status and the
 * page /status. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text_list.h"
#include "model/key.h"
#include "model/schedule.h"
#include "model/query.h"
#include "model/run.h"

struct writer; /* base/json_writer.h */

struct status {
	int64_t now;
	int64_t interval_s; /* between runs */
	int64_t videos;
	int64_t hidden;            /* videos that were not re-checked in time */
	int64_t waiting;           /* videos that wait for videos.list, counted up to some thousands */
	int64_t last_run_at;       /* the last run ended then, 0 = none has */
	int64_t last_success_at;   /* a search last succeeded then, 0 = none has */
	int64_t clock_ahead_s;     /* of this machine's clock before YouTube's, at the last calls */
	struct run_list runs;      /* the last ones, newest first; one without an end is still running, or was killed */
	struct query_list queries; /* without visitors' */
	int64_t visitor_queries;   /* those that are followed */
	struct key_list keys;
	struct schedule_table schedule; /* of today */
	int64_t resets_at;              /* end of the quota's day */
	int64_t size_bytes;             /* of the database */
	int64_t fts_segments;           /* of the full-text index: searches slow down when they grow many */
	struct text_list warnings;      /* sentences with a next step for the owner */
};

void status_clear(struct status *status);

/* Fills STATUS->warnings from all the rest. Errors: ERR_NO_MEMORY. */
MUST_USE bool status_warn(struct status *status, struct error *err);

/* The status as one object. For everybody: status ("ok", or "attention" when there are warnings), videos, videos_hidden, last_run_at,
 * last_success_at, warnings, queries, runs. For the OWNER also version, videos_waiting, visitor_queries, size_bytes, fts_segments,
 * resets_at, left, planned (by category), projects, keys. */
void status_write_json(struct writer *w, const struct status *status, bool owner);
