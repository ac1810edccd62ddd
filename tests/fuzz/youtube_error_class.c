/* What an answer means. Input: the status on a line, then the body. There is always a verdict, in words that can be shown. */

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "youtube/error_class.h"

#define KEY "AIzaSyA-made-up-key-0123456789_abcdefghi"

static void promise_verdict(int status, const struct verdict *verdict)
{
	PROMISE(verdict->class <= VERDICT_GONE);
	PROMISE((verdict->class == VERDICT_OK) == (status == 200));
	PROMISE((verdict->class == VERDICT_KEY_BAD) == (verdict->key_health != KEY_OK));
	PROMISE(verdict->limit >= -1);
	PROMISE(!verdict->project_number[strspn(verdict->project_number, "0123456789")]);
	fuzz_promise_text(verdict->reason);
	fuzz_promise_text(verdict->text);
	PROMISE(status == 200 || verdict->text[0]);
	PROMISE(!strpbrk(verdict->text, "<>&\"\r\n") && !utf8_has_control(verdict->reason));
	PROMISE(!strstr(verdict->text, KEY));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(text_free) char *line = fuzz_take_line(&data, &size);
	int64_t status = 403;

	if (!text_int(line, 100, 599, &status))
		status = 403;
	const struct verdict verdict = verdict_of((int)status, (const char *)data, size);
	promise_verdict((int)status, &verdict);
	return 0;
}
