/* Text from outside: repaired, folded, squeezed, split. */

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/text.h"
#include "base/text_list.h"
#include "base/utf8.h"
#include "base/timestamp.h"
#include "tests/fuzz/fuzz.h"

static void folding_is_done_after_once(const char *text)
{
	AUTO(text_free) char *folded = NULL;
	AUTO(text_free) char *twice = NULL;
	AUTO(text_free) char *squeezed = NULL;
	struct error err;

	PROMISE(unicode_fold_text(text, &folded, &err) && unicode_fold_text(folded, &twice, &err) &&
	        text_squeeze(folded, &squeezed, &err));
	fuzz_promise_text(folded);
	PROMISE(strcmp(folded, twice) == 0);
	PROMISE(strcmp(folded, squeezed) == 0);
}

static void parts_are_trimmed_and_free_of_the_separator(const char *text)
{
	AUTO(text_list_clear) struct text_list parts = {0};
	struct error err;

	PROMISE(text_list_split(text, ';', &parts, &err));
	for (size_t i = 0; i < parts.count; i++)
		PROMISE(parts.items[i][0] && parts.items[i][0] != ' ' && !strchr(parts.items[i], ';'));
}

static void a_time_survives_its_text(const char *text)
{
	char written[TIMESTAMP_SIZE];
	int64_t time, again, number;

	if (timestamp_parse(text, &time)) {
		PROMISE(time >= 0 && time <= TIMESTAMP_MAX);
		timestamp_format(time, written);
		PROMISE(timestamp_parse(written, &again) && again == time);
	}
	if (timestamp_parse_date(text, &time))
		PROMISE(time == timestamp_day(time) && timestamp_month(time) <= time);
	if (timestamp_parse_http(text, &time))
		PROMISE(time >= 0);
	if (duration_parse(text, &number))
		PROMISE(number >= 0);
	if (text_int(text, -10, 1000, &number))
		PROMISE(number >= -10 && number <= 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(text_free) char *text = fuzz_take_text(data, size);
	AUTO(text_free) char *repaired = NULL;
	struct error err;

	PROMISE(text_repair((const char *)data, size, &repaired, &err));
	fuzz_promise_text(repaired);
	PROMISE(!utf8_is_valid((const char *)data, size) || memcmp(repaired, text, size) == 0);
	folding_is_done_after_once(repaired);
	parts_are_trimmed_and_free_of_the_separator(repaired);
	a_time_survives_its_text(text);
	return 0;
}
