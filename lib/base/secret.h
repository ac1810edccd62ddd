/* Secrets: made at random, compared in constant time, shown masked. Uses libcrypto. */
#pragma once

#include <stddef.h>

#include "base/error.h"

enum { SECRET_MASK_SIZE = 16 };

/* 2 * BYTES hexadecimal digits of randomness and a NUL, into OUT of 2 * BYTES + 1 bytes. BYTES is at most 64.
 * Errors: ERR_INTERNAL without a source of randomness. */
MUST_USE bool secret_random_hex(size_t bytes, char *out, struct error *err);

/* Whether two secrets are equal; takes the same time wherever they differ. */
bool secret_equal(const char *a, const char *b);

/* Enough of a secret to recognise it: "AIza…x4Qk"; OUT has SECRET_MASK_SIZE bytes. Short secrets are all dots. */
void secret_mask(const char *secret, char out[SECRET_MASK_SIZE]);

enum { SECRET_SIGNATURE_SIZE = 41 };

/* HMAC-SHA1 (RFC 2104) of LEN bytes, in hexadecimal: what WebSub hubs sign their messages with. */
void secret_sign_sha1(const char *secret, const void *bytes, size_t len, char out[SECRET_SIGNATURE_SIZE]);
