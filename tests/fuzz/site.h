/* For fuzzing the web program: with a small database. */
#pragma once

#include "tests/support/flow.h"

/* 30 videos, two hours apart, 20 of them found by the query 1, "rocket launch". To be closed. */
struct flow *fuzz_site_open(void);
void fuzz_site_close(struct flow **flow);
