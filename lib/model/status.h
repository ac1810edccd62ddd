/* How everything stands: read once from the record (store/status.h), shown by `newsreel-fetch --status` and GET /api/status. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text_list.h"
#include "model/key.h"
#include "model/schedule.h"
#include "model/query.h"
#include "model/run.h"

struct status {
	int64_t now;
	int64_t interval_s; /* between ticks */
	int64_t videos;
	int64_t hidden;            /* videos that were not re-checked in time */
	int64_t waiting;           /* videos that wait for videos.list, counted up to some thousands */
	int64_t last_run_at;       /* the last tick ended then, 0 = none has */
	int64_t last_success_at;   /* a search last went well then, 0 = none has */
	struct run_list runs;      /* the last ones, newest first; one without an end is at work, or was killed */
	struct query_list queries; /* without visitors' */
	int64_t visitor_queries;   /* those that are followed */
	struct key_list keys;
	struct schedule_table schedule; /* of today */
	int64_t resets_at;              /* end of the quota's day */
	int64_t size_bytes;             /* of the record */
	int64_t fts_segments;           /* of the full-text index: searches slow down when they grow many */
	struct text_list warnings;      /* sentences with a next step for the owner */
};

void status_clear(struct status *status);

/* Fills STATUS->warnings from all the rest. Errors: ERR_NO_MEMORY. */
MUST_USE bool status_warn(struct status *status, struct error *err);

/* STATUS as one JSON object, the caller's to free; in lines when PRETTY. For everybody: status ("ok", or "attention" when there are
 * warnings), videos, videos_hidden, last_run_at, last_success_at, warnings, queries (as GET /api/queries has them), runs. For the
 * OWNER also version, videos_waiting, left, planned (by category), resets_at, projects, keys (as GET /api/api_key has them),
 * visitor_queries, size_bytes, fts_segments. Errors: ERR_NO_MEMORY. */
MUST_USE bool status_write_json(const struct status *status, bool owner, bool pretty, char **out, struct error *err);
