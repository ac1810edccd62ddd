#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "model/subscription.h"

enum { NOW = 1795341600 };

static void retries_come_ever_later_until_once_a_day(void **state)
{
	(void)state;
	assert_int_equal(subscription_retry_at(0, NOW), NOW + 3600);
	assert_int_equal(subscription_retry_at(2, NOW), NOW + 4 * 3600);
	assert_int_equal(subscription_retry_at(5, NOW), NOW + SECONDS_PER_DAY);
	assert_int_equal(subscription_retry_at(INT64_MAX, NOW), NOW + SECONDS_PER_DAY);
}

static void leases_are_renewed_before_they_end_and_not_together(void **state)
{
	int64_t lease = 5 * SECONDS_PER_DAY;
	int64_t one = subscription_renew_at("one", lease, NOW);
	int64_t other = subscription_renew_at("other", lease, NOW);

	(void)state;
	assert_in_range(one, NOW + lease * 3 / 5, NOW + lease * 4 / 5);
	assert_in_range(other, NOW + lease * 3 / 5, NOW + lease * 4 / 5);
	assert_int_not_equal(one, other);
	assert_in_range(subscription_renew_at("one", 1, NOW), NOW, NOW + 1);
}

static void a_pause_grows_and_is_as_long_as_asked_for(void **state)
{
	(void)state;
	assert_int_equal(host_pause_s(1, -1, 0), 60);
	assert_int_equal(host_pause_s(3, -1, 0), 240);
	assert_int_equal(host_pause_s(INT64_MAX, -1, 0), 6 * 3600);
	assert_int_equal(host_pause_s(1, 120, 0), 120);
	assert_int_equal(host_pause_s(5, 120, 0), 960);
	assert_int_equal(host_pause_s(1, INT64_MAX, 0), SECONDS_PER_DAY);
	assert_int_equal(host_pause_s(1, 120, 60), 180);
	assert_in_range(host_pause_s(1, 120, UINT64_MAX), 120, 180);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(retries_come_ever_later_until_once_a_day),
	    cmocka_unit_test(leases_are_renewed_before_they_end_and_not_together),
	    cmocka_unit_test(a_pause_grows_and_is_as_long_as_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
