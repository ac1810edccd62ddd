/* Lists of videos with what is hidden among them, for the owner. Errors as store.h says. */
#pragma once

#include "store/video_search.h"

/* As store_videos_page(), with hidden videos in their places, `hidden` set (model/video.h). Only newest and oldest first, and from the beginning
 * or by AFTER: page numbers lead nowhere. Videos of one second stay together, so a page may be a little longer than asked for. Up to
 * HIDDEN_SCANNED_MAX hidden ones are looked at. Errors: also ERR_INVALID for another order, or a page number. */
MUST_USE bool store_videos_page_with_hidden(struct store *store, const struct video_request *request, struct video_page *out,
                                            struct error *err);

enum { HIDDEN_SCANNED_MAX = 20000 };
