#include "delivery/message.h"

#include <string.h>

#include "base/crypto.h"
#include "base/encoding.h"

enum { KEY_BYTES = 32, KEY_MAX = 64 };

static const char prefix[] = "whsec_";

bool webhook_secret_make(struct buf *out, struct error *err)
{
	unsigned char key[KEY_BYTES];

	if (!crypto_random(key, sizeof(key), err))
		return false;
	buf_add_text(out, prefix);
	base64_encode(out, key, sizeof(key));
	return buf_ok(out, err);
}

static bool sign_with(const char *secret, const struct buf *content, struct buf *out, struct error *err)
{
	AUTO(buf_clear) struct buf key = BUF(KEY_MAX);
	unsigned char mac[CRYPTO_SHA256_BYTES];

	if (!base64_decode(&key, secret + strlen(prefix)) || !buf_ok(&key, err))
		return error_set(err, ERR_INTERNAL, "a secret of a webhook is not base64");
	if (!crypto_hmac_sha256_raw(buf_text(&key), key.len, buf_text(content), content->len, mac, err))
		return false;
	buf_add_text(out, out->len ? " v1," : "v1,");
	base64_encode(out, mac, sizeof(mac));
	return true;
}

bool webhook_sign(const char *const secrets[2], const char *id, int64_t timestamp, const struct buf *body, struct buf *out,
                  struct error *err)
{
	AUTO(buf_clear) struct buf content = BUF(MESSAGE_MAX_BYTES + 100);

	buf_printf(&content, "%s.%lld.", id, (long long)timestamp);
	buf_add(&content, buf_text(body), body->len);
	if (!buf_ok(&content, err))
		return false;
	for (int i = 0; i < 2; i++)
		if (*secrets[i] && !sign_with(secrets[i], &content, out, err))
			return false;
	return buf_ok(out, err);
}
