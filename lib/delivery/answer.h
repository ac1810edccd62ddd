/* What the answer of a destination means. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How many seconds the BODY of an answer asks to wait, as Telegram, Discord and Matrix say it: within a day, -1 = it says nothing. */
int64_t answer_retry_after(const char *body, size_t len);
