/* UTF-8 (RFC 3629): no surrogates, no overlong forms. Characters are code points; nothing here allocates. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 }; /* bytes of a character at most */

/* U+FFFD, the replacement character. */
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* The length of the well-formed character that the LEN bytes at BYTES begin with, and its code point; 0 when there is none.
 * In a C string UTF8_MAX will do for LEN: no character has a NUL inside. */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *code_point);

/* Writes CODE_POINT, at most U+10FFFF, and returns its length. */
size_t utf8_encode(uint32_t code_point, char out[UTF8_MAX]);

/* Whether LEN bytes are well-formed, without a NUL. */
bool utf8_is_valid(const char *bytes, size_t len);

/* Whether a character goes on with BYTE, rather than beginning there. */
bool utf8_continues(char byte);

/* The number of characters of valid text. */
size_t utf8_length(const char *text);

/* How many bytes of TEXT to keep so that they are at most MAX and end with a whole character. */
size_t utf8_cut(const char *text, size_t max);

/* Whether TEXT has a control character (U+0000 to U+001F, U+007F to U+009F). */
bool utf8_has_control(const char *text);

/* White space in any script. */
bool utf8_is_space(uint32_t c);
