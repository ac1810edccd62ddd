/* What an answer means. Input: the status on a line, then the body. There is always a class, in words that can be shown. */

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "youtube/error_class.h"

#define KEY "AIzaSyA-made-up-key-0123456789_abcdefghi"

static void promise_class(int status, const struct answer_class *answer)
{
	PROMISE(answer->class <= CLASS_GONE);
	PROMISE((answer->class == CLASS_OK) == (status == 200));
	PROMISE((answer->class == CLASS_KEY_BAD) == (answer->key_health != KEY_OK));
	PROMISE(answer->limit >= -1);
	PROMISE(!answer->project_number[strspn(answer->project_number, "0123456789")]);
	fuzz_promise_text(answer->reason);
	fuzz_promise_text(answer->text);
	PROMISE(status == 200 || answer->text[0]);
	PROMISE(!strpbrk(answer->text, "<>&\"\r\n") && !utf8_has_control(answer->reason));
	PROMISE(!strstr(answer->text, KEY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(text_free) char *line = fuzz_take_line(&data, &size);
	int64_t status = 403;

	if (!text_int(line, 100, 599, &status))
		status = 403;
	const struct answer_class answer = classify_answer((int)status, (const char *)data, size);
	promise_class((int)status, &answer);
	return 0;
}
