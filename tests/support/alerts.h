/* Rules and recordings, for tests of alerts. */
#pragma once

#include "model/alerts/alert.h"
#include "store/store.h"

/* Adds a rule of FILTER with a webhook at http://127.0.0.1:PORT/ and returns its id. */
int64_t alerts_add_rule(struct store *store, const char *filter, int port, int64_t now);

/* Records COUNT videos at NOW, "v0000000001" … from FIRST on, with the words "moon" and "even" or "odd"; looked up already. In one transaction. */
void alerts_record(struct store *store, int first, int count, int64_t now);
