/* The RSS feeds of followed channels, with NEWSREEL_RSS=1: free of quota, a quarter of an hour late, often not to be had. */
#pragma once

#include "cron/run.h"

/* Reads the feeds that are due, a few in each run, and notes their new videos. A failure is a warning, and says nothing about a channel; false
 * only when the run cannot go on. */
MUST_USE bool feeds_read(struct fetch_run *run, struct error *err);
