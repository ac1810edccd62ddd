#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "delivery/answer.h"

static void check(const char *body, int64_t seconds)
{
	if (answer_retry_after(body, strlen(body)) != seconds)
		fail_msg("%s: %lld", body, (long long)answer_retry_after(body, strlen(body)));
}

static void chats_say_in_their_ways_how_long_to_wait(void **state)
{
	(void)state;
	check("{\"ok\":false,\"error_code\":429,\"parameters\":{\"retry_after\":35}}", 35);
	check("{\"message\":\"You are being rate limited.\",\"retry_after\":64.57,\"global\":false}", 65);
	check("{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":2000}", 2);
	check("{\"retry_after\":1e300}", 86400);
}

static void other_bodies_say_nothing(void **state)
{
	static const char *const bodies[] = {
	    "", "no", "[]", "{}", "{\"retry_after\":\"5\"}", "{\"retry_after\":-1}", "{\"parameters\":[1]}", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		check(bodies[i], -1);
}

static int64_t wait_of(const char *line)
{
	int64_t wait = -1;

	answer_take_header(line, strlen(line), 784111700, &wait);
	return wait;
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	assert_int_equal(wait_of("Retry-After: 120\r\n"), 120);
	assert_int_equal(wait_of("retry-after:\t0\r\n"), 0);
	assert_int_equal(wait_of("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 77);
	assert_int_equal(wait_of("Retry-After: Sun, 06 Nov 1994 08:00:00 GMT\r\n"), 0);
	assert_int_equal(wait_of("Retry-After: 99999999999\r\n"), 86400);
	assert_int_equal(wait_of("Retry-After: -1\r\n"), -1);
	assert_int_equal(wait_of("Retry-After: soon\r\n"), -1);
	assert_int_equal(wait_of("Retry-After:\r\n"), -1);
	assert_int_equal(wait_of("X-Retry-After: 5\r\n"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chats_say_in_their_ways_how_long_to_wait),
	    cmocka_unit_test(other_bodies_say_nothing),
	    cmocka_unit_test(retry_after_is_seconds_or_a_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
