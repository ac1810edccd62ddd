/*
 * Sessions of signed-in browsers: a cookie that only we can have made. It holds when it ends and a random number, signed with a
 * key that is derived from the token for changes, so another token ends every session. Whether the session has been signed out since
 * is for the caller to know.
 */
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "base/crypto.h"

enum {
	SESSION_LIFE_S = 12 * 3600,
	SESSION_NONCE_SIZE = 33,
	SESSION_VALUE_SIZE = 20 + 1 + SESSION_NONCE_SIZE + CRYPTO_HEX_SIZE /* "1795384800.nonce.signature" */
};

#define SESSION_COOKIE "newsreel_session"

struct session {
	int64_t expires_at; /* UTC seconds */
	char nonce[SESSION_NONCE_SIZE];
};

/* A new session that ends SESSION_LIFE_S after NOW. Errors: ERR_INTERNAL without randomness. */
MUST_USE bool session_begin(int64_t now, struct session *out, struct error *err);

/* The cookie's value under the token for changes. Errors: ERR_INTERNAL. */
MUST_USE bool session_sign(const struct session *session, const char *token, char out[SESSION_VALUE_SIZE], struct error *err);

/* Finds a session that is signed with TOKEN and not over at NOW in COOKIES, a Cookie header. False without a message
 * when there is none. */
MUST_USE bool session_find(const char *cookies, const char *token, int64_t now, struct session *out);

/* What the session is stored as: a hash that does not tell its cookie. */
void session_id(const struct session *session, char out[CRYPTO_HEX_SIZE]);

/* The token that every form of this session carries (CSRF): another site cannot know it. Errors: ERR_INTERNAL. */
MUST_USE bool session_csrf_token(const struct session *session, const char *token, char out[CRYPTO_HEX_SIZE], struct error *err);
