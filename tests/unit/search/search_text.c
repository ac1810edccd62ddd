/* What a search text is taken apart into, with the tokenizer of the store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "search/search_text.h"
#include "store/video_search.h"
#include "tests/support/store_fixture.h"

static int set_up(void **state)
{
	*state = fixture_store();
	return 0;
}

static int tear_down(void **state)
{
	struct store *store = *state;

	store_close(&store);
	return 0;
}

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
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(search_text_clear) struct search_text search = {0};
		AUTO(buf_clear) struct buf terms = BUF(1000);
		struct error err;

		assert_true(search_text_read(store_tokenizer(*state), cases[i].text, &search, &err));
		write_terms(&search, &terms);
		if (strcmp(buf_text(&terms), cases[i].terms) != 0)
			fail_msg("'%s': '%s' instead of '%s'", cases[i].text, buf_text(&terms), cases[i].terms);
	}
}

/* Tokens as "folded(the original)", those at the place of the one before with a +. */
struct written {
	struct buf out;
	const char *text;
};

static bool write_token(void *context, const struct token *token)
{
	struct written *written = context;

	buf_add_text(&written->out, !written->out.len ? "" : token->colocated ? "+" : " ");
	buf_add(&written->out, token->text, token->len);
	buf_add_char(&written->out, '(');
	buf_add(&written->out, written->text + token->start, token->end - token->start);
	buf_add_char(&written->out, ')');
	return true;
}

static void scripts_without_spaces_are_cut_into_pairs(void **state)
{
	static const struct {
		enum token_source source;
		const char *text, *tokens;
	} cases[] = {
	    {TOKENS_OF_DOCUMENT, "A Rocket!", "a(A) rocket(Rocket)"},
	    {TOKENS_OF_DOCUMENT, "日本語 B", "日本(日本) 本語(本語)+語(語) b(B)"},
	    {TOKENS_OF_QUERY, "日本語 B", "日本(日本) 本語(本語) b(B)"},
	    {TOKENS_OF_DOCUMENT, "語", "語(語)"},
	    {TOKENS_OF_DOCUMENT, "日本Éa", "日本(日本)+本(本) ea(Éa)"},
	    {TOKENS_OF_QUERY, "เพลง", "เพ(เพ) พล(พล) ลง(ลง)"},
	    /* What folding dropped has no place of its own: each piece keeps the whole's. */
	    {TOKENS_OF_QUERY, "日本e\xcc\x81", "日本(日本e\xcc\x81) e(日本e\xcc\x81)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tokenizer *tokenizer = store_tokenizer(*state);
		struct written written = {.out = BUF(1000), .text = cases[i].text};

		assert_true(
		    tokenizer->run(tokenizer, cases[i].source, written.text, strlen(written.text), write_token, &written));
		if (strcmp(buf_text(&written.out), cases[i].tokens) != 0)
			fail_msg("'%s': '%s' instead of '%s'", cases[i].text, buf_text(&written.out), cases[i].tokens);
		buf_clear(&written.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_text_is_taken_apart_into_terms, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(scripts_without_spaces_are_cut_into_pairs, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
