/* What a file to import is when it is no text of ours. */
#pragma once

#include <stddef.h>

#include "base/error.h"

/* Whether a file that begins with BYTES may be text in UTF-8, for OPTION of newsreel-fetch. Errors: ERR_INVALID with what it is (compressed,
 * UTF-16 …) and the command that makes it readable, with the MEMBER to take out of a ZIP archive. */
MUST_USE bool import_format_check(const char *bytes, size_t len, const char *option, const char *member, struct error *err);
