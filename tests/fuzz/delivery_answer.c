/* What destinations answer, a line of a header and a body: how long to wait is within a day, or nothing. */

#include <stdlib.h>
#include <string.h>

#include "delivery/answer.h"
#include "tests/fuzz/fuzz.h"

enum { DAY = 86400, NOW = 1795341600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_take_line(&data, &size);
	int64_t wait = -1;

	answer_take_header(line, strlen(line), NOW, &wait);
	PROMISE(wait >= -1 && wait <= DAY);
	wait = answer_retry_after((const char *)data, size);
	PROMISE(wait >= -1 && wait <= DAY);
	free(line);
	return 0;
}
