/* Pictures in place of thumbnails. */
#pragma once

#include "base/buf.h"

/* Writes an SVG of 480 x 360 for the video ID: colours and shapes that belong to it alone. */
void picture_write(const char *id, struct buf *out);
