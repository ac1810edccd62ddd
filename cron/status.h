/* What --status tells: how the record, the queries and the keys stand. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "store/keys.h"
#include "store/store.h"

/* Prints the state at NOW to TO, as text for a person or as one JSON object. Keys are masked. Errors: as store.h. */
MUST_USE bool status_print(struct store *store, const struct quota_defaults *quota, int64_t now, bool json, FILE *to,
                           struct error *err);
