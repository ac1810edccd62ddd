/* The parts of the page /status: how things stand in a sentence, and what only the owner sees. */
#pragma once

#include "cgi/pages/page.h"
#include "model/status.h"

/* The member `standing`: `name` (a class of the style sheet), `words`, `next`, and `trouble`, what YouTube or the way there said;
 * NULL is null. */
void status_write_standing(struct writer *w, const struct status *status);

/* The member `owner`: `projects` with meters, `planned` until the reset, `keys`, `numbers`. Errors: as page_link(). */
MUST_USE bool status_write_owner(struct app *app, struct writer *w, const struct status *status, struct error *err);
