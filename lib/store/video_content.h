/* Inside lib/store only: what of a video is stored, of what is told and what is there already. Nothing here asks the database. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/video.h"

/* A copy of what is stored of VIDEO, found at NOW if it does not say when, and of nothing else that it owns. A time of publication that no
 * video can have becomes NOW, and unknown. Errors: ERR_INVALID without an id. */
MUST_USE bool video_clean(const struct video *video, int64_t now, struct video *out, struct error *err);

/* An answer of YouTube is right: FRESH takes from STORED what it does not tell. */
MUST_USE bool video_fill_from_stored(struct video *fresh, const struct video *stored, struct error *err);

/* An import only adds what is missing: FRESH takes from STORED all that is known there. */
MUST_USE bool video_prefer_stored(struct video *fresh, const struct video *stored, struct error *err);

/* In which of the members that readers see the two differ, but for the channel: bits 1 << enum change_field (changes/changes.h). */
unsigned video_differences(const struct video *a, const struct video *b);

/* Whether readers see the same, and both descriptions are cut or neither. */
bool video_same_content(const struct video *a, const struct video *b);

/* Whether readers saw another title, description or thumbnail; the rest of a description that a search had cut is no change. */
bool video_is_revision(const struct video *old, const struct video *video);
