/* What the answer of a destination means. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How many seconds the BODY of an answer asks to wait, as Telegram, Discord and Matrix say it: within a day, -1 = it says nothing. */
int64_t answer_retry_after(const char *body, size_t len);

/* Takes the wait out of a line of a header, LEN bytes, if it is Retry-After (seconds, or a date: RFC 9110, section 10.2.3): within a day of NOW.
 * *OUT stays otherwise. */
void answer_take_header(const char *line, size_t len, int64_t now, int64_t *out);
