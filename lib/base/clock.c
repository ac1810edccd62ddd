#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t system_now(void *context)
{
	(void)context;
	return (int64_t)time(NULL);
}

static void system_sleep(void *context, int64_t milliseconds)
{
	(void)context;
	struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
	nanosleep(&pause, NULL); /* a signal ends the pause early, which is what its sender wants */
}

struct clock clock_system(void)
{
	return (struct clock){.now = system_now, .sleep = system_sleep};
}

int64_t clock_now(const struct clock *clock)
{
	return clock->now(clock->context);
}

void clock_sleep(const struct clock *clock, int64_t milliseconds)
{
	clock->sleep(clock->context, milliseconds);
}

int64_t clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
