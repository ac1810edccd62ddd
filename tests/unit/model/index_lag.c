#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/index_lag.h"

enum { HOUR = 3600, NOW = 1795341600 };

static void the_share_of_unseen_videos_falls_with_their_age(void **state)
{
	(void)state;
	assert_true(index_lag_unseen(-1) == 1 && index_lag_unseen(0) == 1);
	for (int64_t age = 60; age <= INDEX_LAG_MAX_S; age += 60)
		assert_true(index_lag_unseen(age) <= index_lag_unseen(age - 60));
	assert_true(index_lag_unseen(INDEX_LAG_MAX_S) == 0);
}

/* Against a sum over seconds. */
static void the_sum_over_a_time_agrees_with_its_shares(void **state)
{
	static const struct {
		int64_t since, until;
	} times[] = {{NOW - HOUR, NOW}, {NOW - 60 * HOUR, NOW - 20 * HOUR}, {NOW - 120, NOW + 120}, {NOW, NOW}};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		double sum = 0;

		for (int64_t at = times[i].since; at < times[i].until; at++)
			sum += (index_lag_unseen(NOW - at) + index_lag_unseen(NOW - at - 1)) / 2;
		assert_float_equal(index_lag_unseen_s(times[i].since, times[i].until, NOW), sum, 0.1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_share_of_unseen_videos_falls_with_their_age),
	    cmocka_unit_test(the_sum_over_a_time_agrees_with_its_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
