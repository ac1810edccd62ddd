/* Videos that the hub or a feed named: videos.list is asked for them before all others, and those whose title matches a tracked query are
 * recorded. */
#pragma once

#include "cron/run.h"

/* Looks up what was noted. A failed call is a warning, and leaves the rest to a later run; false only when the run cannot go on. */
MUST_USE bool notes_look_up(struct fetch_run *run, struct error *err);
