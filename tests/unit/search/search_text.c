/* What a search text is taken apart into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "search/search_text.h"

/* Terms as "term, -negative, |alternative, prefix*". */
static void write_terms(const struct search_text *search, struct buf *out)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct term *term = &search->terms[i];

		buf_add_text(out, i ? ", " : "");
		buf_add_text(out, term->or_before ? "|" : "");
		buf_add_text(out, term->negative ? "-" : "");
		buf_add(out, search->tokens.data + term->at, term->len);
		buf_add_text(out, term->prefix ? "*" : "");
	}
}

static void a_text_is_taken_apart_into_terms(void **state)
{
	static const struct {
		const char *text, *terms;
	} cases[] = {
	    {"", ""},
	    {" !! ", ""},
	    {"Rocket", "rocket*"},
	    {"Rocket ", "rocket"},
	    {"Pokémon café", "pokemon, cafe*"},
	    {"AC/DC", "ac dc*"},
	    {"\"rocket launch\" moon ", "rocket launch, moon"},
	    {"\"rocket launch\"", "rocket launch"},
	    {"\"rocket", "rocket*"},
	    {"\"\" rocket ", "rocket"},
	    {"rocket -moon", "rocket, -moon"},
	    {"rocket -\"the moon\" ", "rocket, -the moon"},
	    {"-rocket", "rocket"},
	    {"moon OR mars sun ", "moon, |mars, sun"},
	    {"OR moon", "or, moon*"},
	    {"moon OR", "moon, or*"},
	    {"moon OR -mars ", "moon, |mars"},
	    {"a x", "a, x"}, /* one letter is a word */
	    {"日本語", "日本 本語"},
	    {"日 x ", "日*, x"},
	    {"日本rocket ", "日本 rocket"},
	    {"\xcc\x81 moon ", "moon"}, /* an accent without a letter */
	    {"🚀 OR tomorrow ", "🚀, |tomorrow"},
	    {"-🚀 moon ", "-🚀, moon"},
	    {"§ OR tomorrow ", "tomorrow"}, /* what is no word is no alternative */
	    {"moon OR § mars ", "moon, mars"},
	    {"moon § OR mars ", "moon, mars"},
	    {"\"\" OR moon ", "or, moon"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(search_text_clear) struct search_text search = {0};
		AUTO(buf_clear) struct buf terms = BUF(1000);
		struct error err;

		assert_true(search_text_read(cases[i].text, &search, &err));
		write_terms(&search, &terms);
		if (strcmp(buf_text(&terms), cases[i].terms) != 0)
			fail_msg("'%s': '%s' instead of '%s'", cases[i].text, buf_text(&terms), cases[i].terms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_taken_apart_into_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
