#include "tests/support/fake_clock.h"

static int64_t fake_now(void *context)
{
	const struct fake_clock *fake = context;

	return fake->now + fake->slept_ms / 1000;
}

static void fake_sleep(void *context, int64_t milliseconds)
{
	struct fake_clock *fake = context;

	fake->slept_ms += milliseconds;
}

struct clock fake_clock(struct fake_clock *fake)
{
	return (struct clock){.now = fake_now, .sleep = fake_sleep, .context = fake};
}
