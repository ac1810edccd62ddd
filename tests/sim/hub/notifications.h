/* What the hub posts to subscribers: Atom, as recorded. */
#pragma once

#include "tests/sim/world/video.h"

/* An upload or a change at time AT. The text is the caller's to free. Errors: ERR_NO_MEMORY. */
MUST_USE bool notification_of_video(const char *topic, const struct world_video *video, int64_t at, char **out,
                                    struct error *err);

/* A tombstone, which does not name its topic. */
MUST_USE bool notification_of_deletion(const struct world_video *video, int64_t at, char **out, struct error *err);
