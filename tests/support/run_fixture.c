#include "tests/support/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "tests/support/store_fixture.h"

int run_fixture_set_up(void **state)
{
	struct run_fixture *f = calloc(1, sizeof(*f));
	struct error err;
	int64_t id;

	assert_non_null(f);
	assert_true(quota_day_open(&err));
	f->store = fixture_store();
	assert_true(store_key_add(f->store, "key-of-the-only-project-0", NULL, FIXTURE_NOW, &id, &err));
	f->time.now = FIXTURE_NOW;
	f->random = 42;
	f->config = (struct config){.refresh_days = 25, .start_days = 7, .interval_s = 60};
	f->youtube = (struct youtube){.base_url = "http://127.0.0.1/youtube/v3", .transport = scripted_transport(&f->answers)};
	f->run = (struct fetch_run){.store = f->store,
	                            .config = &f->config,
	                            .clock = fake_clock(&f->time),
	                            .result = &f->result,
	                            .client = {.store = f->store,
	                                       .youtube = &f->youtube,
	                                       .clock = fake_clock(&f->time),
	                                       .quota = {.per_day = {[BUCKET_SEARCHES] = 100, [BUCKET_UNITS] = 10000}},
	                                       .deadline = FIXTURE_NOW + 10 * 86400,
	                                       .random = &f->random}};
	*state = f;
	return 0;
}

int run_fixture_tear_down(void **state)
{
	struct run_fixture *f = *state;

	fetch_run_clear(&f->run);
	store_close(&f->store);
	run_clear(&f->result);
	free(f);
	return 0;
}
