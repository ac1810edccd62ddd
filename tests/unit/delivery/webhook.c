#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/encoding.h"
#include "delivery/message.h"

#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define OLD "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define NEW "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="

static void sign(const char *first, const char *second, struct buf *out)
{
	AUTO(buf_clear) struct buf body = BUF(100);
	const char *const secrets[2] = {first, second};
	struct error err;

	buf_add_text(&body, "{\"test\": 2432232314}");
	assert_true(webhook_sign(secrets, ID, 1614265330, &body, out, &err));
}

/* The first is the example of the specification's libraries, both were computed with Python's hmac. */
static void signatures_are_those_of_standard_webhooks(void **state)
{
	AUTO(buf_clear) struct buf one = BUF(500);
	AUTO(buf_clear) struct buf two = BUF(500);

	(void)state;
	sign(OLD, "", &one);
	assert_string_equal(buf_text(&one), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	sign(NEW, OLD, &two);
	assert_string_equal(buf_text(&two),
	                    "v1,n5DaN+gA2MAYX907WDJCkFssG5llG4OqYhJ+3q5ij4M= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void a_new_secret_is_one(void **state)
{
	AUTO(buf_clear) struct buf first = BUF(100);
	AUTO(buf_clear) struct buf second = BUF(100);
	AUTO(buf_clear) struct buf key = BUF(100);
	struct error err;

	(void)state;
	assert_true(webhook_secret_make(&first, &err));
	assert_true(webhook_secret_make(&second, &err));
	assert_memory_equal(buf_text(&first), "whsec_", 6);
	assert_true(base64_decode(&key, buf_text(&first) + 6));
	assert_int_equal(key.len, 32);
	assert_string_not_equal(buf_text(&first), buf_text(&second));
}

static void base64_goes_both_ways(void **state)
{
	static const char *const pairs[][2] = {{"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
	                                       {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		AUTO(buf_clear) struct buf there = BUF(100);
		AUTO(buf_clear) struct buf back = BUF(100);

		base64_encode(&there, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(buf_text(&there), pairs[i][1]);
		assert_true(base64_decode(&back, pairs[i][1]));
		assert_string_equal(buf_text(&back), pairs[i][0]);
	}
	static const char *const wrong[] = {"Zg", "Zg=", "Z===", "Zg==Zg==", "Z g=", "Zm9v\n", "=Zg="};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		AUTO(buf_clear) struct buf out = BUF(100);
		assert_false(base64_decode(&out, wrong[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures_are_those_of_standard_webhooks),
	    cmocka_unit_test(a_new_secret_is_one),
	    cmocka_unit_test(base64_goes_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
