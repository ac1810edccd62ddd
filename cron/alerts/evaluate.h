/* What is new for alert rules: from the order of recording into the outbox (store/alerts/outbox.h). */
#pragma once

#include "config/config.h"
#include "store/store.h"

/* Makes the messages that are due NOW: for each rule one at most, of what its filter lets through of the news behind its cursor, which moves in
 * the same transaction. A rule whose filter cannot be read has that as its error; the others go on. Reads nothing of videos while
 * nothing is recorded. *MADE is how many messages there are more. Errors: those of the store. */
MUST_USE bool alerts_evaluate(struct store *store, int64_t now, int64_t *made, struct error *err);
