#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "template/template.h"
#include "base/json_writer.h"

/* A tree with one of everything. */
static void build(struct tree *tree)
{
	struct writer w = writer_values(tree);

	write_object(&w, NULL);
	write_text(&w, "title",
	           "<b> & \"x\" 'y'\x01\x7F\xC2\x80\xC2\x9F\xEF\xBF\xBE\xEF\xBF\xBF \xC2\xA0\xEF\xBF\xBD\xEF\xBC\x81\t");
	write_int(&w, "count", -7);
	write_bool(&w, "yes", true);
	write_bool(&w, "no", false);
	write_null(&w, "nothing");
	write_text(&w, "empty", "");
	write_object(&w, "inner");
	write_text(&w, "title", "inside");
	write_end(&w);
	write_array(&w, "items");
	for (int i = 1; i <= 3; i++) {
		write_object(&w, NULL);
		write_int(&w, "n", i);
		write_bool(&w, "last", i == 3);
		write_end(&w);
	}
	write_end(&w);
	write_array(&w, "words");
	write_text(&w, NULL, "a");
	write_text(&w, NULL, "<");
	write_end(&w);
	write_array(&w, "none");
	write_end(&w);
	write_end(&w);
}

static bool render(const char *text, struct buf *out, struct error *err)
{
	const struct embedded sources[] = {{"main", text, strlen(text)}, {"_part", "[{{title}}]", 11}, {"_item", "{{n}};", 6}};
	const struct embedded_list list = {sources, 3};
	AUTO(tmpl_set_close) struct tmpl_set *set = NULL;
	AUTO(tree_clear) struct tree tree = {0};

	if (!tmpl_set_open(&list, &set, err))
		return false;
	build(&tree);
	assert_true(tree_ok(&tree, err));
	return tmpl_render(set, "main", tree.root, out, err);
}

static void every_tag_does_what_it_says(void **state)
{
	static const struct {
		const char *text, *result;
	} cases[] = {
	    {"plain { text } }}", "plain { text } }}"},
	    {"{{title}}", "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; \xC2\xA0\xEF\xBF\xBD\xEF\xBC\x81\t"},
	    {"{{count}} {{yes}} {{no}}{{nothing}}{{empty}}", "-7 true false"},
	    {"{{#yes}}a{{count}}{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}{{^yes}}d{{/yes}}", "a-7c"},
	    {"{{#nothing}}a{{/nothing}}{{^nothing}}b{{/nothing}}{{#empty}}c{{/empty}}{{^empty}}d{{/empty}}", "bd"},
	    {"{{#inner}}{{title}}{{/inner}}", "inside"},
	    {"{{#items}}{{n}}{{^last}}, {{/last}}{{/items}}", "1, 2, 3"},
	    {"{{#words}}({{.}}){{/words}}", "(a)(&lt;)"},
	    {"{{#none}}a{{/none}}{{^none}}b{{/none}}", "b"},
	    {"{{#items}}{{$count}}{{/items}}", "-7-7-7"},
	    {"{{#items}}{{#$yes}}{{n}}{{/$yes}}{{/items}}", "123"},
	    {"{{>_part}}{{#inner}}{{>_part}}{{/inner}}{{#items}}{{>_item}}{{/items}}",
	     "[&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; \xC2\xA0\xEF\xBF\xBD\xEF\xBC\x81\t][inside]1;2;3;"},
	    {"a{{! note }}b", "ab"},
	    {"a\n  {{! note }}\nb\n", "a\nb\n"},
	    {"<ul>\n{{#items}}\n<li>{{n}}\n{{/items}}\n</ul>\n", "<ul>\n<li>1\n<li>2\n<li>3\n</ul>\n"},
	    {"{{#count}}x{{/count}}", "x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(buf_clear) struct buf out = BUF(4096);
		struct error err = {0};

		if (!render(cases[i].text, &out, &err))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(buf_text(&out), cases[i].result);
	}
}

static void faults_name_template_line_and_tag(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"\n{{missing}}", "line 2: {{missing}}"},
	    {"{{#inner}}{{count}}{{/inner}}", "{{count}}"},
	    {"{{#items}}{{title}}{{/items}}", "{{title}}"},
	    {"{{items}}", "{{items}}"},
	    {"{{#items}}", "'items'"},
	    {"\n\n{{/items}}", "line 3"},
	    {"{{#items}}{{/none}}", "'none'"},
	    {"{{>_missing}}", "'_missing'"},
	    {"{{ title }}", "' title '"},
	    {"{{&title}}", "'&title'"},
	    {"{{{title}}}", "'{title'"},
	    {"{{title", "{{"},
	    {"{{>main}}", "circle"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(buf_clear) struct buf out = BUF(4096);
		struct error err = {0};

		buf_add_text(&out, "before");
		assert_false(render(cases[i].text, &out, &err));
		assert_non_null(strstr(err.text, "template main"));
		if (!strstr(err.text, cases[i].word))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(buf_text(&out), "before");
	}
}

static void random_templates_do_no_harm(void **state)
{
	static const char *const pieces[] = {"{{",    "}}", "#", "^",  "/", ">", "items", "title",
	                                     "_part", "$",  "!", "\n", " ", "x", ".",     "{"};
	unsigned seed = 20261122;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 5000; round++) {
		AUTO(buf_clear) struct buf text = BUF(4096);
		AUTO(buf_clear) struct buf out = BUF(4096);
		struct error err = {0};

		for (int i = rand() % 30; i >= 0; i--)
			buf_add_text(&text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
		if (!render(buf_text(&text), &out, &err))
			assert_int_not_equal(err.code, ERR_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_tag_does_what_it_says),
	    cmocka_unit_test(faults_name_template_line_and_tag),
	    cmocka_unit_test(random_templates_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
