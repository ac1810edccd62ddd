/* A clock that tests set: time passes only when somebody sleeps. */
#pragma once

#include "base/clock.h"

struct fake_clock {
	int64_t now;      /* UTC seconds */
	int64_t slept_ms; /* in all */
};

/* A clock over FAKE (borrowed). */
struct clock fake_clock(struct fake_clock *fake);
