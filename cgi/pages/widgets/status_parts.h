/* The parts of the page /status: the summary in a sentence, and what only the owner sees. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "model/status.h"

/* The member `summary`: `name` (a class of the style sheet), `words`, `next`, and `trouble`, what YouTube or the way there said;
 * NULL is null. */
void status_write_summary(struct writer *w, const struct status *status);

/* The member `owner`: `projects` with meters, `planned` until the reset, `keys`, and numbers. */
void status_write_owner(struct app *app, struct writer *w, const struct status *status);
