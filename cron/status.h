/* What --status shows: database, runs, queries, quota and keys. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "model/status.h"

/* Prints STATUS to TO, as text for a person or as one JSON object (model/status.h). Keys are masked. Errors: ERR_NO_MEMORY. */
MUST_USE bool status_print(const struct status *status, bool json, FILE *to, struct error *err);
