/* What the owner does not want to see, as far as requests have left work. */
#pragma once

#include "cron/run.h"

/* Hides, and shows again, the videos of channels that were muted or no longer are, and judges the matches of queries whose rules have changed:
 * in short transactions, until none is left or the run is to end. */
MUST_USE bool noise_finish(struct fetch_run *run, struct error *err);
