/* What the owner hides by a button beside it: a video, a channel. */
#pragma once

#include "cgi/request/context.h"
#include "base/json_writer.h"

/* Members of the outermost object for {{>_noise}} and {{>_unhide}}: where their forms lead, and back from there to the page at hand, whose
 * path and parameters REQ has; null for who is not the owner. undo: what was hidden just before this page, for its notice; else null. Errors:
 * as store.h. */
MUST_USE bool noise_write_frame(struct app *app, struct writer *w, const struct request *req, struct error *err);

/* The member `noise` for {{>_noise}}: the buttons of the video with this ID and title, of the channel CHANNEL_ID ("" = none), each of which may be
 * NULL to leave its button out; null unless WANTED. HIDDEN: the video is hidden (enum hidden_reason). */
void noise_write_buttons(struct writer *w, bool wanted, const char *id, const char *title, const char *channel_id,
                         const char *channel_title, unsigned hidden);

/* "hidden by you, channel muted": why a video is shown to its owner only; NULL when it is not. A literal. */
const char *noise_reasons(unsigned hidden);

/* Parameters of a page that tell what was hidden just before. */
#define NOISE_PARAMETERS "hidden", "muted"
