#include "model/subscription.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"

enum { DOUBLINGS_MAX = 12, PAUSE_FIRST_S = 60, PAUSE_MAX_S = 6 * SECONDS_PER_HOUR, DENIED_MAX_DAYS = 16 };

void subscription_list_clear(struct subscription_list *list)
{
	free(list->items);
	*list = (struct subscription_list){0};
}

/* FIRST seconds, doubled so often, MOST at most. */
static int64_t doubled(int64_t first, int64_t doublings, int64_t most)
{
	int64_t pause = first << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);

	return pause < most ? pause : most;
}

int64_t subscription_retry_at(int64_t failures, int64_t now)
{
	return now + doubled(SECONDS_PER_HOUR, failures, SECONDS_PER_DAY);
}

int64_t subscription_denied_retry_at(int64_t denials, int64_t now)
{
	return now + doubled(SECONDS_PER_DAY, denials > 0 ? denials - 1 : 0, DENIED_MAX_DAYS * SECONDS_PER_DAY);
}

int64_t subscription_renew_at(const char *token, int64_t lease_s, int64_t now)
{
	int64_t fifth = lease_s / 5;

	return now + lease_s - fifth - (int64_t)(text_hash(token, strlen(token)) % (uint64_t)(fifth + 1));
}

int64_t host_pause_s(int64_t failures, int64_t retry_after_s, uint64_t random)
{
	int64_t pause = doubled(PAUSE_FIRST_S, failures > 0 ? failures - 1 : 0, PAUSE_MAX_S);

	if (retry_after_s > pause)
		pause = retry_after_s < SECONDS_PER_DAY ? retry_after_s : SECONDS_PER_DAY;
	return pause + (int64_t)(random % (uint64_t)(pause / 2 + 1));
}
