/* newsreel-web --healthcheck: whether the site that runs is healthy, as a container's health check asks. */
#pragma once

#include "base/error.h"

/* Asks /healthz of nginx, which is a part of the site, at LISTEN ("ADDRESS:PORT" of NEWSREEL_LISTEN), and prints the answer. Errors: ERR_UPSTREAM
 * when there is none in a few seconds, or it is not 200. */
MUST_USE bool healthcheck(const char *listen, struct error *err);
