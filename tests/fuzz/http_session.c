/*
 * A Cookie header: a session is found in it only if we have signed it, and one that we have signed is found wherever it stands.
 * Input: the first line stands before the true cookie, the second after it, the rest is a header of its own.
 */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tests/fuzz/fuzz.h"
#include "http/session.h"

#define TOKEN "a-token-for-the-fuzzers-0123"

enum { NOW = 1795341600, COOKIES_MAX_BYTES = 64 * 1024 };

static const struct session true_session = {.expires_at = NOW + 60, .nonce = "0123456789abcdef0123456789abcdef"};

static bool is_the_true_one(const struct session *session)
{
	return session->expires_at == true_session.expires_at && strcmp(session->nonce, true_session.nonce) == 0;
}

/* Nobody can have guessed another one. */
static void promise_nothing_forged(const char *cookies)
{
	struct session found = {0};

	if (session_find(cookies, TOKEN, NOW, &found))
		PROMISE(is_the_true_one(&found));
	PROMISE(!session_find(cookies, TOKEN, true_session.expires_at, &found));
	PROMISE(!session_find(cookies, "another-token-of-the-owner", NOW, &found));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(text_free) char *before = fuzz_take_line(&data, &size);
	AUTO(text_free) char *after = fuzz_take_line(&data, &size);
	AUTO(text_free) char *alone = fuzz_take_text(data, size);
	AUTO(buf_clear) struct buf cookies = BUF(COOKIES_MAX_BYTES);
	char value[SESSION_VALUE_SIZE];
	struct session found = {0};
	struct error err;

	PROMISE(session_sign(&true_session, TOKEN, value, &err));
	buf_printf(&cookies, "%s; " SESSION_COOKIE "=%s;%s", before, value, after);
	if (buf_ok(&cookies, &err))
		PROMISE(session_find(buf_text(&cookies), TOKEN, NOW, &found) && is_the_true_one(&found));
	promise_nothing_forged(alone);
	promise_nothing_forged(before);
	return 0;
}
