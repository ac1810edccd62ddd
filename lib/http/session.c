#include "http/session.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { NONCE_BYTES = (SESSION_NONCE_SIZE - 1) / 2, SIGNED_SIZE = 80 };

/* One key for each purpose, so that a signature made for one is worth nothing for another. */
static bool sign(const struct session *session, const char *category, const char *token, char out[CRYPTO_HEX_SIZE],
                 struct error *err)
{
	char key[CRYPTO_HEX_SIZE];
	char text[SIGNED_SIZE];

	snprintf(text, sizeof(text), "%lld.%s", (long long)session->expires_at, session->nonce);
	return crypto_hmac_sha256(token, category, key, err) && crypto_hmac_sha256(key, text, out, err);
}

bool session_begin(int64_t now, struct session *out, struct error *err)
{
	out->expires_at = now + SESSION_LIFE_S;
	return crypto_random_hex(NONCE_BYTES, out->nonce, err);
}

bool session_sign(const struct session *session, const char *token, char out[SESSION_VALUE_SIZE], struct error *err)
{
	char signature[CRYPTO_HEX_SIZE];

	if (!sign(session, "newsreel session", token, signature, err))
		return false;
	snprintf(out, SESSION_VALUE_SIZE, "%lld.%s.%s", (long long)session->expires_at, session->nonce, signature);
	return true;
}

void session_id(const struct session *session, char out[CRYPTO_HEX_SIZE])
{
	crypto_sha256(session->nonce, strlen(session->nonce), out);
}

bool session_csrf_token(const struct session *session, const char *token, char out[CRYPTO_HEX_SIZE], struct error *err)
{
	return sign(session, "newsreel form", token, out, err);
}

/* "1795384800.nonce.signature", unsigned yet. */
static bool parse(const char *value, struct session *out)
{
	char expires[24];
	size_t len = strcspn(value, ".");

	if (len == 0 || len >= sizeof(expires) || !value[len] || strcspn(value + len + 1, ".") != SESSION_NONCE_SIZE - 1)
		return false;
	memcpy(expires, value, len);
	expires[len] = '\0';
	memcpy(out->nonce, value + len + 1, SESSION_NONCE_SIZE - 1);
	out->nonce[SESSION_NONCE_SIZE - 1] = '\0';
	return text_int(expires, 0, INT64_MAX, &out->expires_at);
}

static bool is_valid(const char *value, const char *token, int64_t now, struct session *out)
{
	struct session session = {0};
	char expected[SESSION_VALUE_SIZE];
	struct error err;

	if (!parse(value, &session) || session.expires_at <= now || !session_sign(&session, token, expected, &err) ||
	    !crypto_equal(value, expected))
		return false;
	*out = session;
	return true;
}

/* Several cookies may have our name, should a neighbouring site have set one: each is tried. */
bool session_find(const char *cookies, const char *token, int64_t now, struct session *out)
{
	static const char name[] = SESSION_COOKIE "=";

	while (*cookies) {
		char value[SESSION_VALUE_SIZE];
		size_t len;

		cookies += strspn(cookies, "; ");
		len = strcspn(cookies, ";");
		if (strncmp(cookies, name, sizeof(name) - 1) == 0 && len - (sizeof(name) - 1) < sizeof(value)) {
			memcpy(value, cookies + sizeof(name) - 1, len - (sizeof(name) - 1));
			value[len - (sizeof(name) - 1)] = '\0';
			if (is_valid(value, token, now, out))
				return true;
		}
		cookies += len;
	}
	return false;
}
