#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"
#include "model/alerts/alert.h"

static struct alert rule(enum destination_kind kind)
{
	static char empty[] = "", label[] = "Moon", url[] = "https://hooks.example.org/T0/secret",
		    secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", to[] = "a@example.org", zone[] = "UTC";
	struct alert alert = {.label = label,
	                      .filter = empty,
	                      .kind = kind,
	                      .url = url,
	                      .secret = secret,
	                      .old_secret = empty,
	                      .recipient = empty,
	                      .timezone = zone};

	if (kind == DESTINATION_EMAIL) {
		alert.url = alert.secret = empty;
		alert.recipient = to;
	}
	return alert;
}

static void assert_refused(struct alert *alert, const char *field)
{
	struct error err = {0};

	assert_false(alert_check(alert, false, &err));
	assert_string_equal(err.field, field);
	assert_null(strstr(err.text, "secret/"));
}

static void what_is_wrong_is_named(void **state)
{
	static char plain[] = "http://example.org/", user[] = "https://a:b@example.org/", empty[] = "",
		    injected[] = "a@b.c\r\nBcc: d@e.f", nowhere[] = "Nowhere/City", weak[] = "whsec_QQ==", two[] = "a@b.c,d@e.f";
	struct error err;
	struct alert alert = rule(DESTINATION_WEBHOOK);

	(void)state;
	assert_true(alert_check(&alert, false, &err));
	alert.url = plain;
	assert_refused(&alert, "destination.url");
	assert_true(alert_check(&alert, true, &err));
	alert.url = user;
	assert_refused(&alert, "destination.url");
	alert = rule(DESTINATION_WEBHOOK);
	alert.secret = weak;
	assert_refused(&alert, "destination.secret");
	alert = rule(DESTINATION_SLACK);
	alert.url = empty;
	assert_refused(&alert, "destination.url");
	alert = rule(DESTINATION_EMAIL);
	assert_true(alert_check(&alert, false, &err));
	alert.recipient = injected;
	assert_refused(&alert, "destination.to");
	alert.recipient = two;
	assert_refused(&alert, "destination.to");
	alert = rule(DESTINATION_EMAIL);
	alert.schedule = SCHEDULE_DAILY;
	alert.timezone = nowhere;
	assert_refused(&alert, "timezone");
}

static void no_filter(struct writer *w, void *context)
{
	(void)w;
	(void)context;
}

static void secrets_are_not_in_its_json(void **state)
{
	(void)state;
	for (enum destination_kind kind = 0; kind < DESTINATION_COUNT; kind++) {
		AUTO(buf_clear) struct buf json = BUF(10000);
		struct writer w = writer_json(&json);
		struct alert alert = rule(kind);

		alert_write_json(&w, &alert, NULL, no_filter, NULL);
		assert_null(strstr(buf_text(&json), "T0"));
		assert_null(strstr(buf_text(&json), "MfKQ"));
	}
	AUTO(buf_clear) struct buf json = BUF(10000);
	struct writer w = writer_json(&json);
	struct alert alert = rule(DESTINATION_WEBHOOK);
	alert_write_json(&w, &alert, "whsec_new", no_filter, NULL);
	assert_non_null(strstr(buf_text(&json), "\"url\":\"https://hooks.example.org/…\",\"secret\":\"whsec_new\""));
}

static void pauses_grow_to_a_day_and_keep_to_what_is_asked(void **state)
{
	(void)state;
	for (uint64_t random = 0; random < 1000; random += 7) {
		assert_in_range(delivery_pause_s(1, -1, random), 54, 66);
		assert_in_range(delivery_pause_s(4, -1, random), 432, 528);
		assert_in_range(delivery_pause_s(100, -1, random), 77760, 86400);
		assert_in_range(delivery_pause_s(1, 3600, random), 3600, 3960);
		assert_in_range(delivery_pause_s(1, 999999999, random), 86400, 86400);
		assert_in_range(delivery_pause_s(8, 10, random), 6912, 8448);
	}
}

static void times_of_day_are_read_strictly(void **state)
{
	static const char *const wrong[] = {"", "8:00", "24:00", "08:60", "08:0a", "-1:00", "08:-1", "08:000", "0800"};
	int64_t minute = -1;
	char text[CLOCK_TIME_SIZE];

	(void)state;
	assert_true(alert_time_read("08:05", &minute));
	assert_int_equal(minute, 485);
	alert_time_write(minute, text);
	assert_string_equal(text, "08:05");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(alert_time_read(wrong[i], &minute));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_wrong_is_named),
	    cmocka_unit_test(secrets_are_not_in_its_json),
	    cmocka_unit_test(pauses_grow_to_a_day_and_keep_to_what_is_asked),
	    cmocka_unit_test(times_of_day_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
