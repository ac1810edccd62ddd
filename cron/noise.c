#include "cron/noise.h"

#include "store/hidden/hidden.h"

bool noise_finish(struct fetch_run *run, struct error *err)
{
	for (bool left = true; left && clock_now(&run->clock) < run->client.deadline;)
		if (!store_hidden_work(run->store, HIDDEN_STEP, &left, err))
			return false;
	return true;
}
