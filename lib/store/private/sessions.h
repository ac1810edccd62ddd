/* Sessions of the owner's browsers: a session is there until it is signed out or expires. Errors as store.h says. */
#pragma once

#include "base/crypto.h"
#include "store/store.h"

struct owner_session {
	char id[CRYPTO_HEX_SIZE]; /* SHA-256 of the number in its cookie */
	int64_t created_at;
	int64_t used_at; /* the last time that was noted */
	int64_t expires_at;
	char *agent; /* User-Agent at sign-in, "" = none */
};

struct owner_session_list {
	struct owner_session *items;
	size_t count;
};

void owner_session_list_clear(struct owner_session_list *list);

/* Adds SESSION of the browser AGENT (any bytes; the first 200 are kept), and deletes those that have expired at its created_at. */
MUST_USE bool store_session_add(struct store *store, const struct owner_session *session, const char *agent, struct error *err);

/* Whether the session ID is there and not expired at NOW; then *USED_AT is when it was last used, so far as is noted. */
MUST_USE bool store_session_find(struct store *store, const char *id, int64_t now, bool *found, int64_t *used_at,
                                 struct error *err);

/* Notes that it is used at NOW. */
MUST_USE bool store_session_use(struct store *store, const char *id, int64_t now, struct error *err);

/* Ends the session ID; with NULL all of them. */
MUST_USE bool store_session_remove(struct store *store, const char *id, struct error *err);

/* Those that are not expired at NOW, the one used last first. */
MUST_USE bool store_sessions_list(struct store *store, int64_t now, struct owner_session_list *out, struct error *err);
