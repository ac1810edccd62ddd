/*
 * Calls of playlistItems.list: the newest uploads of channels that are followed. What belongs to a tracked query is saved (attribution.h),
 * all else is forgotten but for the numbers that tell when to read the list again (model/followed_channel.h). No list moves the coverage
 * of a search.
 */
#pragma once

#include "cron/run.h"
#include "model/followed_channel.h"

/* Reads the list of CHANNEL. A channel that is closed or has no uploads is no longer followed, nor is one that was silent for long,
 * unless it is the source of a query. A failed call is noted in the run, and other lists are left to the next run. False only when the
 * run cannot go on. */
MUST_USE bool uploads_read(struct fetch_run *run, const struct followed_channel *channel, struct error *err);

/* Learns which channels the sources of new queries are: by channels.list, where a query names a handle. */
MUST_USE bool uploads_resolve_sources(struct fetch_run *run, struct error *err);
