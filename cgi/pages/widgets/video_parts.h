/* Parts of a video that several pages show in the same words. A member is called NAME where it is given. */
#pragma once

#include "model/video.h"
#include "base/json_writer.h"

/* The picture that may be shown, NULL when there is none: the Content-Security-Policy lets pictures come from here and from YouTube
 * only, others are not asked for. Borrowed. */
const char *video_picture(const struct video *video);

/* A number with its noun: {words: "1.2 k views", full: "1,234 views"}; VIDEO_UNKNOWN writes null. NOUN is in the singular. */
void write_amount(struct writer *w, const char *name, int64_t number, const char *noun);

/* When it was published: published, and recorded, moments as of page_write_moment(). One of them is null: what YouTube dates impossibly has
 * the time of its recording alone. */
void write_published(struct writer *w, const struct video *video, int64_t now);

/* The badge on the picture: badge {kind: "live", "upcoming" or "length", words}; null when there is nothing to say. */
void write_badge(struct writer *w, const struct video *video);
