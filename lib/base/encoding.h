/* Bytes as plain characters: hexadecimal digits, percent-encoding (RFC 3986, section 2.1), and base64 (RFC 4648, section 4). */
#pragma once

#include "base/buf.h"

/* The value of a hexadecimal digit of either case, -1 when C is none. */
int hex_value(char c);

/* Writes LEN bytes as 2 * LEN lower-case digits and a NUL. */
void hex_write(const void *bytes, size_t len, char *out);

/* Appends TEXT with everything percent-encoded but the unreserved characters (letters, digits, "-._~"). */
void percent_encode(struct buf *out, const char *text);

/* The same for links that people read: a blank becomes '+', and a colon, which may stand in a query string (RFC 3986, section
 * 3.4), stays. */
void percent_encode_readable(struct buf *out, const char *text);

/* Appends LEN bytes of TEXT decoded; with PLUS_IS_BLANK as forms have it. False when a '%' has no two digits after it: it is
 * appended as it is. */
bool percent_decode(struct buf *out, const char *text, size_t len, bool plus_is_blank);

/* Appends LEN bytes as base64, with padding. */
void base64_encode(struct buf *out, const void *bytes, size_t len);

/* Appends what TEXT, strict base64 with padding, stands for. False when it is none. */
bool base64_decode(struct buf *out, const char *text);
