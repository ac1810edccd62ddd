/* Inside lib/store only: channels, made and named as videos of theirs are saved. */
#pragma once

#include "model/video.h"
#include "store/sqlite/connection.h"

/* Finds the row *ID of VIDEO's channel (0 when it tells none) or makes it. A name that is missing is filled in; one that is known
 * is changed only if MAY_RENAME. For use inside a transaction. */
MUST_USE bool channel_keep(struct store *store, const struct video *video, bool may_rename, int64_t *id, struct error *err);
