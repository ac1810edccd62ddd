#include "base/crypto.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/encoding.h"

enum { RANDOM_MAX = 64, SHOWN = 4, LEAST_TO_SHOW = 20 };

bool crypto_random(void *out, size_t len, struct error *err)
{
	assert(len <= RANDOM_MAX);
	return RAND_bytes(out, (int)len) == 1 || error_set(err, ERR_INTERNAL, "no source of randomness");
}

bool crypto_random_hex(size_t bytes, char *out, struct error *err)
{
	unsigned char random[RANDOM_MAX];

	if (!crypto_random(random, bytes, err))
		return false;
	hex_write(random, bytes, out);
	OPENSSL_cleanse(random, sizeof(random));
	return true;
}

/* Looked up once: libcrypto does it for each call otherwise, after a lock that all threads share. */
static EVP_MD *sha256;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

void crypto_sha256(const void *bytes, size_t len, char out[CRYPTO_HEX_SIZE])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	pthread_once(&fetched, fetch_sha256);
	EVP_Digest(bytes, len, digest, NULL, sha256, NULL);
	hex_write(digest, sizeof(digest), out);
}

struct crypto_hash {
	EVP_MD_CTX *context;
};

bool crypto_hash_open(struct crypto_hash **out, struct error *err)
{
	AUTO(crypto_hash_close) struct crypto_hash *hash = calloc(1, sizeof(*hash));

	pthread_once(&fetched, fetch_sha256);
	if (hash)
		hash->context = EVP_MD_CTX_new();
	if (!hash || !hash->context || EVP_DigestInit_ex(hash->context, sha256, NULL) != 1)
		return error_no_memory(err);
	*out = hash;
	hash = NULL;
	return true;
}

void crypto_hash_add(struct crypto_hash *hash, const void *bytes, size_t len)
{
	EVP_DigestUpdate(hash->context, bytes, len);
}

void crypto_hash_end(struct crypto_hash *hash, char out[CRYPTO_HEX_SIZE])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	EVP_DigestFinal_ex(hash->context, digest, NULL);
	EVP_DigestInit_ex(hash->context, sha256, NULL);
	hex_write(digest, sizeof(digest), out);
}

void crypto_hash_close(struct crypto_hash **hash)
{
	if (*hash)
		EVP_MD_CTX_free((*hash)->context);
	free(*hash);
	*hash = NULL;
}

bool crypto_hmac_sha256_raw(const void *key, size_t key_len, const void *bytes, size_t len,
                            unsigned char out[CRYPTO_SHA256_BYTES], struct error *err)
{
	return HMAC(EVP_sha256(), key, (int)key_len, bytes, len, out, NULL) ||
	       error_set(err, ERR_INTERNAL, "libcrypto cannot sign");
}

bool crypto_hmac_sha256(const char *key, const char *text, char out[CRYPTO_HEX_SIZE], struct error *err)
{
	unsigned char mac[SHA256_DIGEST_LENGTH];

	if (!crypto_hmac_sha256_raw(key, strlen(key), text, strlen(text), mac, err))
		return false;
	hex_write(mac, sizeof(mac), out);
	return true;
}

/* The digests are compared, so the time does not tell the length either. */
bool crypto_equal(const char *a, const char *b)
{
	unsigned char digest_a[SHA256_DIGEST_LENGTH];
	unsigned char digest_b[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)a, strlen(a), digest_a);
	SHA256((const unsigned char *)b, strlen(b), digest_b);
	return CRYPTO_memcmp(digest_a, digest_b, sizeof(digest_a)) == 0;
}

void crypto_mask(const char *secret, char out[CRYPTO_MASK_SIZE])
{
	size_t len = strlen(secret);

	if (len < LEAST_TO_SHOW)
		snprintf(out, CRYPTO_MASK_SIZE, "…");
	else
		snprintf(out, CRYPTO_MASK_SIZE, "%.*s…%s", SHOWN, secret, secret + len - SHOWN);
}

void crypto_hmac_sha1(const char *secret, const void *bytes, size_t len, char out[CRYPTO_SHA1_HEX_SIZE])
{
	unsigned char digest[SHA_DIGEST_LENGTH];

	HMAC(EVP_sha1(), secret, (int)strlen(secret), bytes, len, digest, NULL);
	hex_write(digest, sizeof(digest), out);
}
