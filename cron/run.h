/* Inside cron only: one run of newsreel-fetch at work, as its parts share it. */
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "cron/api_client.h"
#include "model/run.h"
#include "store/channels/followed.h"
#include "store/store.h"

struct fetch_run {
	struct store *store;
	const struct config *config;
	const char *push_base; /* as in struct cycle */
	struct clock clock;
	struct api_client client;
	struct run *result;
	bool searches_over; /* no key has any left */
	bool units_over;    /* the same, or a lookup failed: the next run goes on */
	bool uploads_over;  /* reading a list failed: the next run goes on */
	bool unreached;     /* YouTube cannot be reached: no further calls */
	bool followers_read;
	struct follower_list followers; /* the queries that take videos from channels, once they are needed (attribution.h) */
};

void fetch_run_clear(struct fetch_run *run);

/* Counts items of an answer that were skipped, and names them in the log: IDS of videos, "" for items without one. */
void fetch_run_note_skipped(struct fetch_run *run, const struct text_list *ids);

/* Counts a call that ended with RESULT as failed and keeps FAILURE as the run's error. Other calls are still made, unless RESULT
 * is CALL_UNREACHED: then the run makes no further ones. Errors: ERR_NO_MEMORY. */
MUST_USE bool fetch_run_note_failure(struct fetch_run *run, enum call_result result, const struct error *failure,
                                     struct error *err);
