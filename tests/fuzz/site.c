#include "tests/fuzz/site.h"

#include <stdio.h>

#include "base/log.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/store_fixture.h"

enum { VIDEOS = 30 };

static void seed(struct flow *flow)
{
	struct store *store = flow_open(flow);
	int64_t query = fixture_query(store, "rocket launch");

	for (int i = 0; i < VIDEOS; i++) {
		char id[16];

		snprintf(id, sizeof(id), "video%05dA", i);
		int64_t seq = fixture_save(store, id, i % 2 ? "Starship <b>flight</b>" : "Pokémon オフィシャル", "a description",
		                           "A channel", FLOW_NOW - 7200 * i, SOURCE_SEARCH);
		if (i % 3)
			fixture_match(store, query, seq);
	}
	store_close(&store);
}

struct flow *fuzz_site_open(void)
{
	void *state = NULL;

	log_set_level(LOG_ERROR);
	PROMISE(flow_set_up(&state) == 0);
	seed(state);
	return state;
}

void fuzz_site_close(struct flow **flow)
{
	void *state = *flow;

	flow_tear_down(&state);
	*flow = NULL;
}
