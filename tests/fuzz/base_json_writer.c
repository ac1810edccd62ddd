/* Text in an answer: JSON that reads as the same text, with what is no UTF-8 repaired. */

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "base/json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(text_free) char *text = fuzz_take_text(data, size);
	AUTO(text_free) char *repaired = NULL;
	AUTO(buf_clear) struct buf out = BUF(1024 * 1024);
	AUTO(json_free) cJSON *json = NULL;
	struct writer w = writer_json(&out);
	struct error err;

	PROMISE(text_repair(text, strlen(text), &repaired, &err));
	PROMISE(utf8_is_valid(text, strlen(text)) == (strcmp(text, repaired) == 0));
	write_object(&w, NULL);
	write_text(&w, "text", text);
	write_end(&w);
	PROMISE(buf_ok(&out, &err) && json_parse(buf_text(&out), out.len, &json, &err));
	PROMISE(strcmp(json_text(json, "text"), repaired) == 0);
	return 0;
}
