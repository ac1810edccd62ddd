/* The bytes of an answer as JSON, mended where one fault would cost the whole answer. */
#pragma once

#include "base/json.h"

/* Parses LEN bytes of BODY. Ill-formed UTF-8, escapes of lone surrogates and \u0000 become U+FFFD first, so every text in the
 * result is valid UTF-8 without NUL; what is nested much deeper than any answer, and numbers longer than any, become 0. The caller's to release with json_free(). Errors: as json_parse(). */
MUST_USE bool body_parse(const char *body, size_t len, cJSON **out, struct error *err);
