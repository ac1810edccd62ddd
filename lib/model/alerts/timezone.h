/* Time zones of the zone database (tzdata). */
#pragma once

#include <stdbool.h>

enum { TIMEZONE_MAX_BYTES = 64 };

/* Whether NAME is one of them: "Europe/Berlin". */
bool timezone_exists(const char *name);
