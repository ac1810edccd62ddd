#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/recorded.h"
#include "youtube/error_class.h"

static void recorded_errors_get_the_right_verdict(void **state)
{
	static const struct {
		const char *file;
		int status;
		enum verdict_class class;
		enum key_health health;
		const char *project;
		int64_t limit;
		const char *reason;
	} cases[] = {
	    {"error-400-API_KEY_INVALID.json", 400, VERDICT_KEY_BAD, KEY_INVALID, "", -1, "API_KEY_INVALID"},
	    {"error-400-keyInvalid-2016.json", 400, VERDICT_KEY_BAD, KEY_INVALID, "", -1, "keyInvalid"},
	    {"error-400-keyInvalid-2019.json", 400, VERDICT_KEY_BAD, KEY_INVALID, "", -1, "keyInvalid"},
	    {"error-400-invalidPageToken.json", 400, VERDICT_REQUEST, KEY_OK, "", -1, "invalidPageToken"},
	    {"error-400-invalidParameter-maxResults.json", 400, VERDICT_REQUEST, KEY_OK, "", -1, "invalidParameter"},
	    {"error-403-API_KEY_HTTP_REFERRER_BLOCKED.json", 403, VERDICT_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_HTTP_REFERRER_BLOCKED"},
	    {"error-403-API_KEY_IP_ADDRESS_BLOCKED.json", 403, VERDICT_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_IP_ADDRESS_BLOCKED"},
	    {"error-403-API_KEY_SERVICE_BLOCKED.json", 403, VERDICT_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_SERVICE_BLOCKED"},
	    {"error-403-SERVICE_UNAVAILABLE.json", 403, VERDICT_TEMPORARY, KEY_OK, "", -1, "SERVICE_UNAVAILABLE"},
	    {"error-403-accessNotConfigured-SERVICE_DISABLED.json", 403, VERDICT_KEY_BAD, KEY_API_OFF, "69696969", -1,
	     "SERVICE_DISABLED"},
	    {"error-403-dailyLimitExceeded.json", 403, VERDICT_SPENT, KEY_OK, "", -1, "dailyLimitExceeded"},
	    {"error-403-quotaExceeded.json", 403, VERDICT_SPENT, KEY_OK, "", -1, "quotaExceeded"},
	    {"error-404-playlistNotFound.json", 404, VERDICT_GONE, KEY_OK, "", -1, "playlistNotFound"},
	    {"error-429-search-quota-day-2026.json", 429, VERDICT_SPENT, KEY_OK, "123456789012", 100, "RATE_LIMIT_EXCEEDED"},
	    {"error-500-backendError.json", 500, VERDICT_TEMPORARY, KEY_OK, "", -1, "backendError"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(buf_clear) struct buf body = {0};

		if (!recorded_read(cases[i].file, &body)) {
			print_message("no recorded answers in " RECORDED_FOLDER "\n");
			skip();
		}
		print_message("%s\n", cases[i].file);
		struct verdict verdict = verdict_of(cases[i].status, buf_text(&body), body.len);
		assert_int_equal(verdict.class, cases[i].class);
		assert_int_equal(verdict.key_health, cases[i].health);
		assert_string_equal(verdict.project_number, cases[i].project);
		assert_int_equal(verdict.limit, cases[i].limit);
		assert_string_equal(verdict.reason, cases[i].reason);
		assert_null(strchr(verdict.text, '<'));
		assert_null(strstr(verdict.text, "123456789012"));
		assert_null(strstr(verdict.text, "69696969"));
	}
}

#define ERROR_BODY(reason, message) "{\"error\":{\"message\":\"" message "\",\"errors\":[{\"reason\":\"" reason "\"}]}}"
#define INFO_BODY(reason, message)                                                                                               \
	"{\"error\":{\"message\":\"" message "\",\"errors\":[{\"reason\":\"badRequest\"}],\"details\":[{\"reason\":\"" reason    \
	"\"}]}}"

/* What a person reads says what to do next, unless there is nothing to do. */
static void assert_has_next_step(const struct verdict *verdict)
{
	bool nothing_to_do = verdict->class == VERDICT_OK || verdict->class == VERDICT_GONE;

	assert_true(nothing_to_do || strstr(verdict->text, ": "));
	assert_true(nothing_to_do || strchr(verdict->text, '(')); /* YouTube's own word has room too */
}

static void every_class_has_its_verdict(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum verdict_class class;
		enum key_health health;
	} cases[] = {
	    {200, "", VERDICT_OK, KEY_OK},
	    {403, "", VERDICT_NEXT_KEY, KEY_OK},
	    {403, "<html>denied</html>", VERDICT_NEXT_KEY, KEY_OK},
	    {403, ERROR_BODY("forbidden", "Forbidden"), VERDICT_FORBIDDEN, KEY_OK},
	    {403, ERROR_BODY("forbidden", "Requests to this API are blocked."), VERDICT_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("forbidden", "Consumer has been suspended."), VERDICT_KEY_BAD, KEY_SUSPENDED},
	    {403, ERROR_BODY("forbidden", "Your API key was reported as leaked."), VERDICT_KEY_BAD, KEY_SUSPENDED},
	    {400, ERROR_BODY("badRequest", "API key expired. Please renew the API key."), VERDICT_KEY_BAD, KEY_EXPIRED},
	    {400, ERROR_BODY("badRequest", "API key not valid."), VERDICT_KEY_BAD, KEY_INVALID},
	    {400, ERROR_BODY("badRequest", "bad time"), VERDICT_REQUEST, KEY_OK},
	    {403, ERROR_BODY("accountDelegationForbidden", "m"), VERDICT_NEXT_KEY, KEY_OK},
	    {403, ERROR_BODY("rateLimitExceeded", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {429, ERROR_BODY("rateLimitExceeded", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {429, "", VERDICT_TEMPORARY, KEY_OK},
	    {401, ERROR_BODY("authError", "m"), VERDICT_REQUEST, KEY_OK},
	    {403, "{\"error\":{\"message\":\"Method doesn't allow unregistered callers\",\"status\":\"PERMISSION_DENIED\"}}",
	     VERDICT_REQUEST, KEY_OK},
	    {403, ERROR_BODY("ipRefererBlocked", "m"), VERDICT_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("forbidden", "The key has an IP address restriction."), VERDICT_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("accessNotConfigured", "m"), VERDICT_KEY_BAD, KEY_API_OFF},
	    {400, ERROR_BODY("keyExpired", "m"), VERDICT_KEY_BAD, KEY_EXPIRED},
	    {400, INFO_BODY("API_KEY_INVALID", "API key expired. Please renew the API key."), VERDICT_KEY_BAD, KEY_EXPIRED},
	    {400, INFO_BODY("API_KEY_INVALID", "API key not valid."), VERDICT_KEY_BAD, KEY_INVALID},
	    {403, INFO_BODY("CONSUMER_SUSPENDED", "m"), VERDICT_KEY_BAD, KEY_SUSPENDED},
	    {403, INFO_BODY("API_KEY_ANDROID_APP_BLOCKED", "m"), VERDICT_KEY_BAD, KEY_RESTRICTED},
	    {403, INFO_BODY("API_KEY_IOS_APP_BLOCKED", "m"), VERDICT_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("quotaExceeded", "m"), VERDICT_SPENT, KEY_OK},
	    {403, ERROR_BODY("dailyLimitExceededUnreg", "m"), VERDICT_SPENT, KEY_OK},
	    {403, ERROR_BODY("userRateLimitExceeded", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {403, ERROR_BODY("servingLimitExceeded", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {403, ERROR_BODY("concurrentLimitExceeded", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {409, ERROR_BODY("SERVICE_UNAVAILABLE", "m"), VERDICT_TEMPORARY, KEY_OK},
	    {400, ERROR_BODY("invalidSearchFilter", "m"), VERDICT_REQUEST, KEY_OK},
	    {400, ERROR_BODY("invalidPageToken", "m"), VERDICT_REQUEST, KEY_OK},
	    {403, ERROR_BODY("channelSuspended", "m"), VERDICT_GONE, KEY_OK},
	    {403, ERROR_BODY("playlistItemsNotAccessible", "m"), VERDICT_GONE, KEY_OK},
	    {413, "", VERDICT_REQUEST, KEY_OK},
	    {414, "", VERDICT_REQUEST, KEY_OK},
	    {404, "", VERDICT_GONE, KEY_OK},
	    {404, ERROR_BODY("videoNotFound", "m"), VERDICT_GONE, KEY_OK},
	    {500, "", VERDICT_TEMPORARY, KEY_OK},
	    {502, "<html>", VERDICT_TEMPORARY, KEY_OK},
	    {503, "{\"error\":", VERDICT_TEMPORARY, KEY_OK},
	    {504, "", VERDICT_TEMPORARY, KEY_OK},
	    {599, "", VERDICT_TEMPORARY, KEY_OK},
	    {302, "", VERDICT_REQUEST, KEY_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict verdict = verdict_of(cases[i].status, cases[i].body, strlen(cases[i].body));

		print_message("%d %s\n", cases[i].status, cases[i].body);
		assert_int_equal(verdict.class, cases[i].class);
		assert_has_next_step(&verdict);
		if (verdict.class == VERDICT_KEY_BAD)
			assert_int_equal(verdict.key_health, cases[i].health);
	}
}

static void only_a_limit_per_day_spends_a_project(void **state)
{
	static const char per_minute[] =
	    "{\"error\":{\"errors\":[{\"reason\":\"rateLimitExceeded\"}],\"details\":[{\"reason\":\"RATE_LIMIT_EXCEEDED\","
	    "\"metadata\":{\"quota_limit\":\"defaultPerMinutePerProject\",\"quota_limit_value\":\"60\"}}]}}";
	static const char zero[] =
	    "{\"error\":{\"errors\":[{\"reason\":\"rateLimitExceeded\"}],\"details\":[{\"reason\":\"RATE_LIMIT_EXCEEDED\","
	    "\"metadata\":{\"quota_limit\":\"defaultSearchListPerDayPerProject\",\"quota_limit_value\":\"0\",\"consumer\":"
	    "\"projects/7\"}}]}}";

	(void)state;
	assert_int_equal(verdict_of(429, per_minute, strlen(per_minute)).class, VERDICT_TEMPORARY);
	struct verdict none = verdict_of(429, zero, strlen(zero));
	assert_int_equal(none.class, VERDICT_SPENT);
	assert_int_equal(none.limit, 0);
	assert_string_equal(none.project_number, "7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(recorded_errors_get_the_right_verdict),
	    cmocka_unit_test(every_class_has_its_verdict),
	    cmocka_unit_test(only_a_limit_per_day_spends_a_project),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
