/* Texts without the difference of upper and lower case, in every script that has cases. */
#pragma once

#include "base/error.h"

/* TEXT squeezed (text_squeeze()) and with its case folded: equal results mean equal queries. The caller's to free.
 * Errors: ERR_NO_MEMORY, ERR_TOO_LARGE (more than 1 MiB). */
MUST_USE bool case_fold(const char *text, char **out, struct error *err);
