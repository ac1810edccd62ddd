/* The time of day, injected wherever a decision depends on it, so that tests run weeks in seconds. */
#pragma once

#include <stdint.h>

struct clock {
	int64_t (*now)(void *context);                      /* UTC seconds */
	void (*sleep)(void *context, int64_t milliseconds); /* returns earlier when a signal comes */
	void *context;
};

/* The machine's clock. */
struct clock clock_system(void);

/* UTC seconds. */
int64_t clock_now(const struct clock *clock);

/* Waits; a signal ends it early. */
void clock_sleep(const struct clock *clock, int64_t milliseconds);

/* Milliseconds that only move forward, for measuring how long something took. */
int64_t clock_monotonic_ms(void);
