/* Every refusal that YouTube knows, from the simulator to its error class. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/quota_day.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sim_transport.h"
#include "youtube/client.h"

enum { NOW = 1795341600 };

#define KEY "a-key-of-the-simulator-00"

static const struct {
	const char *name;
	enum error_class class;
	enum key_health health;
} expected[] = {
    {"quotaExceeded", CLASS_QUOTA_SPENT, KEY_OK},
    {"dailyLimitExceeded", CLASS_QUOTA_SPENT, KEY_OK},
    {"dailyLimitExceededUnreg", CLASS_QUOTA_SPENT, KEY_OK},
    {"rateLimitExceeded", CLASS_TEMPORARY, KEY_OK},
    {"userRateLimitExceeded", CLASS_TEMPORARY, KEY_OK},
    {"servingLimitExceeded", CLASS_TEMPORARY, KEY_OK},
    {"concurrentLimitExceeded", CLASS_TEMPORARY, KEY_OK},
    {"backendError", CLASS_TEMPORARY, KEY_OK},
    {"internalError", CLASS_TEMPORARY, KEY_OK},
    {"INTERNAL", CLASS_TEMPORARY, KEY_OK},
    {"UNAVAILABLE", CLASS_TEMPORARY, KEY_OK},
    {"DEADLINE_EXCEEDED", CLASS_TEMPORARY, KEY_OK},
    {"SERVICE_UNAVAILABLE", CLASS_TEMPORARY, KEY_OK},
    {"conflict", CLASS_TEMPORARY, KEY_OK},
    {"500", CLASS_TEMPORARY, KEY_OK},
    {"502", CLASS_TEMPORARY, KEY_OK},
    {"504", CLASS_TEMPORARY, KEY_OK},
    {"accountDelegationForbidden", CLASS_NEXT_KEY, KEY_OK},
    {"forbidden", CLASS_FORBIDDEN, KEY_OK},
    {"keyInvalid", CLASS_KEY_BAD, KEY_INVALID},
    {"keyExpired", CLASS_KEY_BAD, KEY_EXPIRED},
    {"API_KEY_INVALID", CLASS_KEY_BAD, KEY_INVALID},
    {"API_KEY_EXPIRED", CLASS_KEY_BAD, KEY_EXPIRED},
    {"accessNotConfigured", CLASS_KEY_BAD, KEY_API_OFF},
    {"SERVICE_DISABLED", CLASS_KEY_BAD, KEY_API_OFF},
    {"API_KEY_HTTP_REFERRER_BLOCKED", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"API_KEY_IP_ADDRESS_BLOCKED", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"API_KEY_ANDROID_APP_BLOCKED", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"API_KEY_IOS_APP_BLOCKED", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"API_KEY_SERVICE_BLOCKED", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"ipRefererBlocked", CLASS_KEY_BAD, KEY_RESTRICTED},
    {"CONSUMER_SUSPENDED", CLASS_KEY_BAD, KEY_SUSPENDED},
    {"leaked", CLASS_KEY_BAD, KEY_SUSPENDED},
    {"unregistered", CLASS_REQUEST, KEY_OK},
    {"authError", CLASS_REQUEST, KEY_OK},
    {"invalidSearchFilter", CLASS_REQUEST, KEY_OK},
    {"invalidParameter", CLASS_REQUEST, KEY_OK},
    {"badRequest", CLASS_REQUEST, KEY_OK},
    {"missingRequiredParameter", CLASS_REQUEST, KEY_OK},
    {"unexpectedParameter", CLASS_REQUEST, KEY_OK},
    {"incompatibleParameters", CLASS_REQUEST, KEY_OK},
    {"invalidFilters", CLASS_REQUEST, KEY_OK},
    {"invalidPageToken", CLASS_REQUEST, KEY_OK},
    {"invalidChannelId", CLASS_REQUEST, KEY_OK},
    {"invalidLocation", CLASS_REQUEST, KEY_OK},
    {"invalidRelevanceLanguage", CLASS_REQUEST, KEY_OK},
    {"invalidRegionCode", CLASS_REQUEST, KEY_OK},
    {"invalidVideoId", CLASS_REQUEST, KEY_OK},
    {"INVALID_ARGUMENT", CLASS_REQUEST, KEY_OK},
    {"413", CLASS_REQUEST, KEY_OK},
    {"414", CLASS_REQUEST, KEY_OK},
    {"404", CLASS_GONE, KEY_OK},
    {"playlistNotFound", CLASS_GONE, KEY_OK},
    {"channelNotFound", CLASS_GONE, KEY_OK},
    {"videoNotFound", CLASS_GONE, KEY_OK},
    {"playlistItemsNotAccessible", CLASS_GONE, KEY_OK},
    {"channelForbidden", CLASS_GONE, KEY_OK},
    {"channelClosed", CLASS_GONE, KEY_OK},
    {"channelSuspended", CLASS_GONE, KEY_OK},
};

enum { EXPECTED_COUNT = sizeof(expected) / sizeof(expected[0]) };

static struct answer_class answer_to(struct sim *sim, const struct fault_step *step)
{
	struct fake_clock time = {.now = NOW};
	struct sim_transport transport = {.sim = sim, .clock = fake_clock(&time)};
	struct youtube youtube = {.base_url = "http://127.0.0.1/youtube/v3", .transport = sim_transport(&transport)};
	struct search_request request = {.text = "cats", .published_after = NOW - 100, .published_before = NOW};
	AUTO(search_answer_clear) struct search_answer answer = {0};
	struct outcome outcome;
	struct error err;

	faults_forget(&sim->faults);
	assert_true(faults_add(&sim->faults, step));
	assert_true(youtube_search(&youtube, KEY, &request, &answer, &outcome, &err));
	return outcome.answer;
}

static void every_refusal_has_its_class(void **state)
{
	struct world_options options = {.seed = 1, .rate_per_day = 20};
	AUTO(world_close) struct world *world = NULL;
	struct sim sim = {.faults = {.rng = rng_from(1)}, .pictures = ""};
	struct error err;

	(void)state;
	assert_true(quota_day_open(&err) && world_open(&options, &world, &err));
	sim.world = world;
	assert_true(projects_add(&sim.projects, KEY, "111", -1, -1, &err));
	for (size_t i = 0; i < EXPECTED_COUNT; i++) {
		struct fault_step step = {.fault = FAULT_REFUSED, .refusal = refusal_of(expected[i].name), .count = 1};

		assert_non_null(step.refusal);
		struct answer_class answer = answer_to(&sim, &step);
		if (answer.class != expected[i].class || answer.key_health != expected[i].health)
			fail_msg("%s: class %d, health %d", expected[i].name, answer.class, answer.key_health);
		assert_true(strpbrk(answer.text, "<>") == NULL);
	}
}

static void none_is_left_out(void **state)
{
	(void)state;
	for (unsigned i = 0; refusal_at(i); i++) {
		bool managed_entry = false;

		for (size_t k = 0; k < EXPECTED_COUNT; k++)
			managed_entry = managed_entry || strcmp(expected[k].name, refusal_at(i)->name) == 0;
		if (!managed_entry)
			fail_msg("%s has no class", refusal_at(i)->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_refusal_has_its_class),
	    cmocka_unit_test(none_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
