/*
 * The YouTube Data API as newsreel uses it: a request in, a complete answer out. Free of HTTP and of clocks, so that it runs
 * behind a server (tests/sim/main.c) and inside a test (tests/support/sim_transport.h) alike. Shapes, errors and quirks are those of
 * recorded answers; what stands for sure is in https://developers.google.com/youtube/v3/docs.
 */
#pragma once

#include "tests/sim/api/sim.h"

/* Answers REQUEST at NOW. OUT is to be cleared by the caller. Errors: ERR_NO_MEMORY. */
MUST_USE bool sim_answer(struct sim *sim, const struct sim_request *request, int64_t now, struct sim_response *out,
                         struct error *err);
