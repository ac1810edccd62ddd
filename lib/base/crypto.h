/* Secrets and signatures: made at random, compared in constant time, shown masked; digests in hexadecimal. crypto.c alone knows
 * libcrypto. */
#pragma once

#include <stddef.h>

#include "base/error.h"

enum { CRYPTO_MASK_SIZE = 16, CRYPTO_HEX_SIZE = 65, CRYPTO_SHA1_HEX_SIZE = 41 };

/* 2 * BYTES hexadecimal digits of randomness and a NUL, into OUT of 2 * BYTES + 1 bytes. BYTES is at most 64.
 * Errors: ERR_INTERNAL without a source of randomness. */
MUST_USE bool crypto_random_hex(size_t bytes, char *out, struct error *err);

/* Whether two secrets are equal; takes the same time wherever they differ. */
bool crypto_equal(const char *a, const char *b);

/* SHA-256 of LEN bytes. */
void crypto_sha256(const void *bytes, size_t len, char out[CRYPTO_HEX_SIZE]);

/* The same of bytes that come piece by piece: AUTO(crypto_hash_close) struct crypto_hash *hash = NULL; after the beginning they are added,
 * and the end writes the digest and begins anew. Errors of the beginning: ERR_NO_MEMORY. */
struct crypto_hash;
MUST_USE bool crypto_hash_open(struct crypto_hash **out, struct error *err);
void crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t len);
void crypto_hash_end(struct crypto_hash *hash, char out[CRYPTO_HEX_SIZE]);
void crypto_hash_close(struct crypto_hash **hash); /* NULL is fine */

/* HMAC-SHA-256 (RFC 2104) of TEXT under KEY. Errors: ERR_INTERNAL. */
MUST_USE bool crypto_hmac_sha256(const char *key, const char *text, char out[CRYPTO_HEX_SIZE], struct error *err);

/* Enough of a secret to recognise it: "AIza…x4Qk"; a short one is all dots. */
void crypto_mask(const char *secret, char out[CRYPTO_MASK_SIZE]);

/* HMAC-SHA-1 (RFC 2104) of LEN bytes under SECRET, with which WebSub hubs sign their messages. */
void crypto_hmac_sha1(const char *secret, const void *bytes, size_t len, char out[CRYPTO_SHA1_HEX_SIZE]);

/* HMAC-SHA-256 of LEN bytes under KEY_LEN bytes of KEY, as it is. Errors: ERR_INTERNAL. */
enum { CRYPTO_SHA256_BYTES = 32 };
MUST_USE bool crypto_hmac_sha256_raw(const void *key, size_t key_len, const void *bytes, size_t len,
                                     unsigned char out[CRYPTO_SHA256_BYTES], struct error *err);

/* Fills OUT with LEN random bytes, 64 at most. Errors: ERR_INTERNAL without a source of randomness. */
MUST_USE bool crypto_random(void *out, size_t len, struct error *err);
