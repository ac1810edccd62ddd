#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"

static void secrets_are_masked_and_compared_whole(void **state)
{
	char mask[CRYPTO_MASK_SIZE];
	char one[65], two[65];
	struct error err;

	(void)state;
	crypto_mask("AIzaSyA1234567890123456789x4Qk", mask);
	assert_string_equal(mask, "AIza…x4Qk");
	crypto_mask("short", mask);
	assert_string_equal(mask, "…");
	assert_true(crypto_equal("abc", "abc"));
	assert_false(crypto_equal("abc", "abcd"));
	assert_false(crypto_equal("abc", ""));
	assert_true(crypto_random_hex(32, one, &err) && crypto_random_hex(32, two, &err));
	assert_int_equal(strlen(one), 64);
	assert_string_not_equal(one, two);
}

static void digests_are_those_of_the_standards(void **state)
{
	char digest[CRYPTO_HEX_SIZE], sha1[CRYPTO_SHA1_HEX_SIZE];
	struct error err;

	(void)state;
	crypto_sha256("abc", 3, digest); /* FIPS 180-4 */
	assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(crypto_hmac_sha256("Jefe", "what do ya want for nothing?", digest, &err)); /* RFC 4231, case 2 */
	assert_string_equal(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	crypto_hmac_sha1("Jefe", "what do ya want for nothing?", 28, sha1); /* RFC 2202, case 2 */
	assert_string_equal(sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets_are_masked_and_compared_whole),
	    cmocka_unit_test(digests_are_those_of_the_standards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
