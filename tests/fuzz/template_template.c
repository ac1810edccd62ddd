/* A template. Its own quotes and brackets are taken out first: those in what it gives would have come from a value, unescaped. */

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "template/template.h"
#include "base/json_writer.h"

#define VALUE "<b> & \"x\" 'y'"

static void build(struct tree *tree)
{
	struct writer w = writer_values(tree);

	write_object(&w, NULL);
	write_text(&w, "t", VALUE);
	write_int(&w, "n", -7);
	write_bool(&w, "y", true);
	write_bool(&w, "f", false);
	write_null(&w, "z");
	write_object(&w, "o");
	write_text(&w, "t", VALUE);
	write_end(&w);
	write_array(&w, "a");
	for (int i = 0; i < 2; i++) {
		write_object(&w, NULL);
		write_text(&w, "t", VALUE);
		write_int(&w, "n", i);
		write_end(&w);
	}
	write_end(&w);
	write_array(&w, "w");
	write_text(&w, NULL, VALUE);
	write_end(&w);
	write_end(&w);
}

static bool render(const char *text, struct buf *out, struct error *err)
{
	const struct embedded sources[] = {{"main", text, strlen(text)}, {"_p", "{{t}}", 5}};
	const struct embedded_list list = {sources, 2};
	AUTO(tmpl_set_close) struct tmpl_set *set = NULL;
	AUTO(tree_clear) struct tree tree = {0};

	if (!tmpl_set_open(&list, &set, err))
		return false;
	build(&tree);
	PROMISE(tree_ok(&tree, err));
	return tmpl_render(set, "main", tree.root, out, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_INVALID, ERR_INTERNAL, ERR_TOO_LARGE, ERR_NONE};
	AUTO(text_free) char *text = fuzz_take_text(data, size);
	AUTO(buf_clear) struct buf out = BUF(256 * 1024);
	struct error err = {0};

	for (char *at = text; *at; at++)
		if (strchr("<\"'", *at))
			*at = '(';
	if (render(text, &out, &err)) {
		PROMISE(!strpbrk(buf_text(&out), "<\"'"));
		PROMISE(!utf8_is_valid(text, strlen(text)) || utf8_is_valid(buf_text(&out), out.len));
	} else {
		fuzz_promise_error(&err, allowed);
		PROMISE(err.code == ERR_TOO_LARGE || strstr(err.text, "template "));
		PROMISE(out.len == 0 || err.code == ERR_TOO_LARGE);
	}
	return 0;
}
