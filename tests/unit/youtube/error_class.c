#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/recorded.h"
#include "youtube/error_class.h"

static void recorded_errors_get_the_right_class(void **state)
{
	static const struct {
		const char *file;
		int status;
		enum error_class class;
		enum key_health health;
		const char *project;
		int64_t limit;
		const char *reason;
	} cases[] = {
	    {"error-400-API_KEY_INVALID.json", 400, CLASS_KEY_BAD, KEY_INVALID, "", -1, "API_KEY_INVALID"},
	    {"error-400-keyInvalid-2016.json", 400, CLASS_KEY_BAD, KEY_INVALID, "", -1, "keyInvalid"},
	    {"error-400-keyInvalid-2019.json", 400, CLASS_KEY_BAD, KEY_INVALID, "", -1, "keyInvalid"},
	    {"error-400-invalidPageToken.json", 400, CLASS_REQUEST, KEY_OK, "", -1, "invalidPageToken"},
	    {"error-400-invalidParameter-maxResults.json", 400, CLASS_REQUEST, KEY_OK, "", -1, "invalidParameter"},
	    {"error-403-API_KEY_HTTP_REFERRER_BLOCKED.json", 403, CLASS_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_HTTP_REFERRER_BLOCKED"},
	    {"error-403-API_KEY_IP_ADDRESS_BLOCKED.json", 403, CLASS_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_IP_ADDRESS_BLOCKED"},
	    {"error-403-API_KEY_SERVICE_BLOCKED.json", 403, CLASS_KEY_BAD, KEY_RESTRICTED, "123456789012", -1,
	     "API_KEY_SERVICE_BLOCKED"},
	    {"error-403-SERVICE_UNAVAILABLE.json", 403, CLASS_TEMPORARY, KEY_OK, "", -1, "SERVICE_UNAVAILABLE"},
	    {"error-403-accessNotConfigured-SERVICE_DISABLED.json", 403, CLASS_KEY_BAD, KEY_API_OFF, "69696969", -1,
	     "SERVICE_DISABLED"},
	    {"error-403-dailyLimitExceeded.json", 403, CLASS_QUOTA_SPENT, KEY_OK, "", -1, "dailyLimitExceeded"},
	    {"error-403-quotaExceeded.json", 403, CLASS_QUOTA_SPENT, KEY_OK, "", -1, "quotaExceeded"},
	    {"error-404-playlistNotFound.json", 404, CLASS_GONE, KEY_OK, "", -1, "playlistNotFound"},
	    {"error-429-search-quota-day-2026.json", 429, CLASS_QUOTA_SPENT, KEY_OK, "123456789012", 100, "RATE_LIMIT_EXCEEDED"},
	    {"error-500-backendError.json", 500, CLASS_TEMPORARY, KEY_OK, "", -1, "backendError"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(buf_clear) struct buf body = {0};

		if (!recorded_read(cases[i].file, &body)) {
			print_message("no recorded answers in " RECORDED_FOLDER "\n");
			skip();
		}
		print_message("%s\n", cases[i].file);
		struct answer_class answer = classify_answer(cases[i].status, buf_text(&body), body.len);
		assert_int_equal(answer.class, cases[i].class);
		assert_int_equal(answer.key_health, cases[i].health);
		assert_string_equal(answer.project_number, cases[i].project);
		assert_int_equal(answer.limit, cases[i].limit);
		assert_string_equal(answer.reason, cases[i].reason);
		assert_null(strchr(answer.text, '<'));
		assert_null(strstr(answer.text, "123456789012"));
		assert_null(strstr(answer.text, "69696969"));
	}
}

#define ERROR_BODY(reason, message) "{\"error\":{\"message\":\"" message "\",\"errors\":[{\"reason\":\"" reason "\"}]}}"
#define INFO_BODY(reason, message)                                                                                               \
	"{\"error\":{\"message\":\"" message "\",\"errors\":[{\"reason\":\"badRequest\"}],\"details\":[{\"reason\":\"" reason    \
	"\"}]}}"

/* What a person reads says what to do next, unless there is nothing to do. */
static void assert_has_next_step(const struct answer_class *answer)
{
	bool nothing_to_do = answer->class == CLASS_OK || answer->class == CLASS_GONE;

	assert_true(nothing_to_do || strstr(answer->text, ": "));
	assert_true(nothing_to_do || strchr(answer->text, '(')); /* YouTube's own word has room too */
}

static void every_class_has_its_answers(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum error_class class;
		enum key_health health;
	} cases[] = {
	    {200, "", CLASS_OK, KEY_OK},
	    {403, "", CLASS_NEXT_KEY, KEY_OK},
	    {403, "<html>denied</html>", CLASS_NEXT_KEY, KEY_OK},
	    {403, ERROR_BODY("forbidden", "Forbidden"), CLASS_FORBIDDEN, KEY_OK},
	    {403, ERROR_BODY("forbidden", "Requests to this API are blocked."), CLASS_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("forbidden", "Consumer has been suspended."), CLASS_KEY_BAD, KEY_SUSPENDED},
	    {403, ERROR_BODY("forbidden", "Your API key was reported as leaked."), CLASS_KEY_BAD, KEY_SUSPENDED},
	    {400, ERROR_BODY("badRequest", "API key expired. Please renew the API key."), CLASS_KEY_BAD, KEY_EXPIRED},
	    {400, ERROR_BODY("badRequest", "API key not valid."), CLASS_KEY_BAD, KEY_INVALID},
	    {400, ERROR_BODY("badRequest", "bad time"), CLASS_REQUEST, KEY_OK},
	    {403, ERROR_BODY("accountDelegationForbidden", "m"), CLASS_NEXT_KEY, KEY_OK},
	    {403, ERROR_BODY("rateLimitExceeded", "m"), CLASS_TEMPORARY, KEY_OK},
	    {429, ERROR_BODY("rateLimitExceeded", "m"), CLASS_TEMPORARY, KEY_OK},
	    {429, "", CLASS_TEMPORARY, KEY_OK},
	    {401, ERROR_BODY("authError", "m"), CLASS_REQUEST, KEY_OK},
	    {403, "{\"error\":{\"message\":\"Method doesn't allow unregistered callers\",\"status\":\"PERMISSION_DENIED\"}}",
	     CLASS_REQUEST, KEY_OK},
	    {403, ERROR_BODY("ipRefererBlocked", "m"), CLASS_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("forbidden", "The key has an IP address restriction."), CLASS_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("accessNotConfigured", "m"), CLASS_KEY_BAD, KEY_API_OFF},
	    {400, ERROR_BODY("keyExpired", "m"), CLASS_KEY_BAD, KEY_EXPIRED},
	    {400, INFO_BODY("API_KEY_INVALID", "API key expired. Please renew the API key."), CLASS_KEY_BAD, KEY_EXPIRED},
	    {400, INFO_BODY("API_KEY_INVALID", "API key not valid."), CLASS_KEY_BAD, KEY_INVALID},
	    {403, INFO_BODY("CONSUMER_SUSPENDED", "m"), CLASS_KEY_BAD, KEY_SUSPENDED},
	    {403, INFO_BODY("API_KEY_ANDROID_APP_BLOCKED", "m"), CLASS_KEY_BAD, KEY_RESTRICTED},
	    {403, INFO_BODY("API_KEY_IOS_APP_BLOCKED", "m"), CLASS_KEY_BAD, KEY_RESTRICTED},
	    {403, ERROR_BODY("quotaExceeded", "m"), CLASS_QUOTA_SPENT, KEY_OK},
	    {403, ERROR_BODY("dailyLimitExceededUnreg", "m"), CLASS_QUOTA_SPENT, KEY_OK},
	    {403, ERROR_BODY("userRateLimitExceeded", "m"), CLASS_TEMPORARY, KEY_OK},
	    {403, ERROR_BODY("servingLimitExceeded", "m"), CLASS_TEMPORARY, KEY_OK},
	    {403, ERROR_BODY("concurrentLimitExceeded", "m"), CLASS_TEMPORARY, KEY_OK},
	    {409, ERROR_BODY("SERVICE_UNAVAILABLE", "m"), CLASS_TEMPORARY, KEY_OK},
	    {400, ERROR_BODY("invalidSearchFilter", "m"), CLASS_REQUEST, KEY_OK},
	    {400, ERROR_BODY("invalidPageToken", "m"), CLASS_REQUEST, KEY_OK},
	    {403, ERROR_BODY("channelSuspended", "m"), CLASS_GONE, KEY_OK},
	    {403, ERROR_BODY("playlistItemsNotAccessible", "m"), CLASS_GONE, KEY_OK},
	    {413, "", CLASS_REQUEST, KEY_OK},
	    {414, "", CLASS_REQUEST, KEY_OK},
	    {404, "", CLASS_GONE, KEY_OK},
	    {404, ERROR_BODY("videoNotFound", "m"), CLASS_GONE, KEY_OK},
	    {500, "", CLASS_TEMPORARY, KEY_OK},
	    {502, "<html>", CLASS_TEMPORARY, KEY_OK},
	    {503, "{\"error\":", CLASS_TEMPORARY, KEY_OK},
	    {504, "", CLASS_TEMPORARY, KEY_OK},
	    {599, "", CLASS_TEMPORARY, KEY_OK},
	    {302, "", CLASS_REQUEST, KEY_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer_class answer = classify_answer(cases[i].status, cases[i].body, strlen(cases[i].body));

		print_message("%d %s\n", cases[i].status, cases[i].body);
		assert_int_equal(answer.class, cases[i].class);
		assert_has_next_step(&answer);
		if (answer.class == CLASS_KEY_BAD)
			assert_int_equal(answer.key_health, cases[i].health);
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
	assert_int_equal(classify_answer(429, per_minute, strlen(per_minute)).class, CLASS_TEMPORARY);
	struct answer_class none = classify_answer(429, zero, strlen(zero));
	assert_int_equal(none.class, CLASS_QUOTA_SPENT);
	assert_int_equal(none.limit, 0);
	assert_string_equal(none.project_number, "7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(recorded_errors_get_the_right_class),
	    cmocka_unit_test(every_class_has_its_answers),
	    cmocka_unit_test(only_a_limit_per_day_spends_a_project),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
