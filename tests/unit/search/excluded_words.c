#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "search/excluded_words.h"
#include "search/search_match.h"

static struct text_tokens tokens_of(const char *text)
{
	struct text_tokens tokens = {0};
	struct error err;

	assert_true(text_tokens_read(text, strlen(text), &tokens, &err));
	return tokens;
}

/* Whether the LINES exclude TEXT; and the search text "-word", which is to say the same. */
static bool excludes(const char *lines, const char *text)
{
	AUTO(text_list_clear) struct text_list list = {0};
	AUTO(title_words_clear) struct title_words words = {0};
	struct text_tokens tokens = tokens_of(text);
	struct error err;

	assert_true(text_list_split(lines, '\n', &list, &err) && excluded_words_read(&list, &words, &err));
	bool found = excluded_words_in(&words, &tokens, 1);
	text_tokens_clear(&tokens);
	return found;
}

static bool finds(const char *search_text, const char *title, const char *description)
{
	struct search_text search = {0};
	struct text_tokens texts[] = {tokens_of(title), tokens_of(description)};
	struct error err;

	assert_true(search_text_read(search_text, &search, &err));
	bool found = search_matches(&search, texts, 2);
	search_text_clear(&search);
	text_tokens_clear(&texts[0]);
	text_tokens_clear(&texts[1]);
	return found;
}

static void words_are_those_of_search_text(void **state)
{
	(void)state;
	assert_true(excludes("minecraft", "MINECRÄFT let's play"));
	assert_false(excludes("mine", "minecraft")); /* whole words */
	assert_true(excludes("one\nfan edit", "a fan  edit of it"));
	assert_false(excludes("fan edit", "edit by a fan"));
	assert_true(excludes("新聞", "今日の新聞です"));
	assert_true(excludes("a|b \"c\"", "x a b c y"));
	assert_true(excludes("-minus", "a minus b"));
	assert_false(excludes("", "anything"));
	assert_false(excludes("!!!\n?", "really?!!!"));
	assert_true(excludes("🚀", "to the moon 🚀"));
}

static void a_search_text_matches_as_the_index_would(void **state)
{
	(void)state;
	assert_true(finds("falcon heavy ", "Falcon", "a heavy rocket"));
	assert_false(finds("falcon light ", "Falcon", "a heavy rocket"));
	assert_true(finds("fal", "Falcon", ""));
	assert_false(finds("fal ", "Falcon", ""));
	assert_true(finds("light OR heavy ", "Falcon heavy", ""));
	assert_false(finds("falcon -heavy ", "Falcon", "heavy"));
	assert_true(finds("\"falcon heavy\"", "the falcon heavy", ""));
	assert_false(finds("\"heavy falcon\"", "the falcon heavy", ""));
	assert_false(finds("!!", "!!", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_those_of_search_text),
	    cmocka_unit_test(a_search_text_matches_as_the_index_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
