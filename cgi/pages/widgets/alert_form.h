/* The form of an alert rule, with the fields that its kind of destination has. */
#pragma once

#include "base/json_writer.h"
#include "cgi/request/context.h"
#include "model/alerts/alert.h"

/* What people call the kind. */
const char *alert_kind_words(enum destination_kind kind);

/* A rule that is to be added, as the parameters say, which are those of a list, or the form that was refused. The caller's to clear. */
MUST_USE bool alert_form_begin(struct app *app, const struct request *req, struct alert *out, struct error *err);

/* Takes the kind that was chosen by the parameter `to`, or in the form that was refused, for ALERT. */
MUST_USE bool alert_form_choose(const struct request *req, struct alert *alert, struct error *err);

/* kinds: the kinds to choose from; form: the fields, with what was typed if it was refused for WHY. Secrets are not in it, but for one that is
 * made for a new webhook. */
MUST_USE bool alert_form_write(struct app *app, struct writer *w, const struct request *req, const struct alert *alert,
                               const struct error *why, struct error *err);
