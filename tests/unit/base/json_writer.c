#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_writer.h"

static void json_written_reads_back_the_same(void **state)
{
	unsigned seed = 99;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 2000; round++) {
		static const char *const pieces[] = {"\"", "\\",        "\n",   "\x01", "é",           "🚀",
		                                     "a",  "</script>", "\x7f", "\t",   "\xE2\x80\xA8"};
		AUTO(buf_clear) struct buf text = BUF(4096);
		AUTO(buf_clear) struct buf out = BUF(65536);
		AUTO(json_free) cJSON *json = NULL;
		struct writer w = writer_json(&out);
		struct error err;

		for (int i = rand() % 40; i > 0; i--)
			buf_add_text(&text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
		write_object(&w, NULL);
		write_text(&w, "text", buf_text(&text));
		write_array(&w, "list");
		write_int(&w, NULL, INT64_MIN);
		write_bool(&w, NULL, true);
		write_null(&w, NULL);
		write_end(&w);
		write_time(&w, "time", 1795341600);
		write_raw_json(&w, "raw", "{\"a\":[1]}");
		write_end(&w);
		assert_true(json_parse(buf_text(&out), out.len, &json, &err));
		assert_string_equal(json_text(json, "text"), buf_text(&text));
		assert_string_equal(json_text(json, "time"), "2026-11-22T10:00:00Z");
		assert_int_equal(cJSON_GetArraySize(json_array(json, "list")), 3);
	}
}

static void ill_formed_text_never_makes_ill_formed_json(void **state)
{
	AUTO(buf_clear) struct buf out = BUF(1024);
	struct writer w = writer_json(&out);

	(void)state;
	write_text(&w, NULL, "a\xff\xc3");
	assert_string_equal(buf_text(&out), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_written_reads_back_the_same),
	    cmocka_unit_test(ill_formed_text_never_makes_ill_formed_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
