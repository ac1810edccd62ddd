/*
 * The questions of --probe: what YouTube's search does today, asked with a real key. What it shows is not recorded; every call is
 * charged to the ledger as always. docs/recording.md says what each question is good for.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "cron/api_client.h"

/* What all questions cost together at most, in searches and in units: no call is made a second time. */
enum { PROBE_SEARCHES_MAX = 9, PROBE_UNITS_MAX = 11 };

/* Asks YouTube with the text of QUERY, and prints a line for each question to TO: its name; "holds", "does not hold", "not decided" or
 * "failed"; why. *FAILED receives how many failed: the others are asked all the same. False only when it cannot go on, as when
 * the store fails. */
MUST_USE bool probe_run(struct api_client *client, const char *query, FILE *to, int64_t *failed, struct error *err);
