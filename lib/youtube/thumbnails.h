/* The pictures of a video: checked, put in order, one chosen for a card. */
#pragma once

#include "base/json.h"
#include "model/video.h"

/* Fills thumbnails and thumbnail_url of VIDEO, whose id is set, from the member "thumbnails" of an answer (NULL = none). The
 * text is canonical: sizes sorted by name, so that equal pictures give equal texts. Errors: ERR_NO_MEMORY. */
MUST_USE bool thumbnails_read(const cJSON *thumbnails, struct video *video, struct error *err);
