/* The state of everything: read once from the database (store/status.h), judged once (status_judge), shown by `newsreel-fetch --status`,
 * GET /api/status, /healthz, /readyz, /metrics and the page /status. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text_list.h"
#include "model/key.h"
#include "model/schedule.h"
#include "model/query.h"
#include "model/run.h"
#include "model/subscription.h"

struct writer; /* base/json_writer.h */

/* The state in a sentence: the first of these that holds. */
enum summary {
	SUMMARY_NO_ROOM,
	SUMMARY_STOPPED,
	SUMMARY_NO_KEY,
	SUMMARY_NEW,
	SUMMARY_NO_GOOD_KEY,
	SUMMARY_SPENT,
	SUMMARY_SILENT,
	SUMMARY_FAILING,
	SUMMARY_NO_QUERY,
	SUMMARY_ATTENTION,
	SUMMARY_GOOD,
	SUMMARY_COUNT
};

/* What is known of backups. */
struct backup_log {
	int64_t wanted_since; /* they have been scheduled since then, 0 = they are not */
	char *error;          /* why the last scheduled one failed, NULL = it did not */
	int64_t succeeded_at; /* the last good one, scheduled or not, 0 = none … */
	int64_t bytes;        /* … and its size */
};

void backup_log_clear(struct backup_log *log);

struct status {
	int64_t now;
	int64_t interval_s; /* between runs */
	int64_t started_at; /* of newsreel-web: until the first run is due, none is late; 0 = unknown */
	int64_t videos;
	int64_t hidden;                 /* videos that were not re-checked in time */
	int64_t waiting;                /* videos that wait for videos.list, counted up to some thousands */
	int64_t followed;               /* channels whose uploads lists are read */
	int64_t last_run_at;            /* the last run ended then, 0 = none has */
	int64_t last_success_at;        /* a search last succeeded then, 0 = none has */
	int64_t clock_ahead_s;          /* of this machine's clock before YouTube's, at the last calls */
	struct run_list runs;           /* the last ones, newest first; one without an end is still running, or was killed */
	struct query_list queries;      /* without visitors' */
	int64_t visitor_queries;        /* those that are followed */
	int64_t found[FOUND_HOW_COUNT]; /* matches of tracked queries in the last week, by what brought them */
	int64_t push_wanted;            /* followed channels that newsreel subscribes to */
	int64_t push_alive;             /* those of them with a lease */
	int64_t push_denied;            /* those that the hub denied … */
	char push_reason[DENIED_REASON_SIZE]; /* … one of them for this reason, "" = none given */
	struct host_pause push_hub;
	struct key_list keys;
	struct schedule_table schedule; /* of today */
	int64_t recount_units;          /* that asked for numbers of new videos again today */
	int64_t resets_at;              /* end of the quota's day */
	int64_t size_bytes;             /* of the database */
	int64_t wal_bytes;              /* of its write-ahead log */
	int64_t room_bytes;             /* that it can still grow by */
	int64_t fts_segments;           /* of the full-text index: searches slow down when they grow many */
	int64_t unindexed;              /* videos that wait for the full-text index: searches by words do not find them yet */
	int64_t alerts_failing;         /* rules that ended, were set aside, cannot be read, or have failed for an hour */
	struct backup_log backup;
	int64_t alerts_waiting; /* messages in the outbox */
	char *failure;          /* of the last run that tried anything, unless a search has succeeded since it began, else NULL */

	/* What status_judge() makes of it. */
	enum summary summary;
	bool writable;             /* the database has room for more */
	bool healthy;              /* it records as it should, or will by itself; or there is no key */
	struct text_list warnings; /* sentences with a next step for the owner; none: SUMMARY_GOOD */
};

void status_clear(struct status *status);

/* Fills the last members of STATUS from all the others. Errors: ERR_NO_MEMORY. */
MUST_USE bool status_judge(struct status *status, struct error *err);

/* The summary in words ("The last run failed"), what happens next or what to do (NULL: nothing), and how bad it is: "good", "new",
 * "late" or "failing". */
const char *summary_words(enum summary summary);
const char *summary_next(enum summary summary);
const char *summary_level(enum summary summary);

/* How much of what was found in the last week push notifications brought, in percent; 0 when nothing was found. */
int64_t status_push_percent(const struct status *status);

/* The member `warnings`. */
void status_write_warnings(struct writer *w, const struct status *status);

/* The status as one object. For everybody: status ("ok", or "attention" when there are warnings), summary (in words), videos,
 * videos_hidden, videos_indexed, last_run_at, last_success_at, followed_channels, warnings, found (in the last week, by "search" …),
 * push {channels, subscriptions, denied, denied_reason, error}, queries, runs. For the OWNER also version, last_backup_at, backup_error, videos_waiting, visitor_queries, size_bytes, fts_segments,
 * resets_at, left, planned (by category), recount_units, projects, keys. */
void status_write_json(struct writer *w, const struct status *status, bool owner);
