#include "cgi/request/wrong_tokens.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 8, DIGITS = 16 };

/* The beginning of the name, which is a hash in hexadecimal digits. */
static uint64_t sender_of(const char *requester)
{
	char digits[DIGITS + 1] = "";

	strncpy(digits, requester, DIGITS);
	return strtoull(digits, NULL, 16);
}

/* The index of the sender's entry; of the one among the neighbours that matters least when there is none. */
static size_t find(const struct wrong_tokens *tokens, uint64_t sender)
{
	size_t first = (size_t)(sender % WRONG_TOKENS_SENDERS);
	size_t best = first;

	for (size_t i = 0; i < NEIGHBOURS; i++) {
		size_t at = (first + i) % WRONG_TOKENS_SENDERS;

		if (tokens->entries[at].sender == sender)
			return at;
		if (tokens->entries[at].paid_at < tokens->entries[best].paid_at)
			best = at;
	}
	return best;
}

bool wrong_tokens_may_try(struct wrong_tokens *tokens, const char *requester, int64_t now)
{
	uint64_t sender = sender_of(requester);

	pthread_mutex_lock(&tokens->guard);
	size_t at = find(tokens, sender);
	int64_t wait_s = tokens->entries[at].sender == sender ? tokens->entries[at].paid_at - now : 0;
	pthread_mutex_unlock(&tokens->guard);
	return wait_s <= (int64_t)(WRONG_TOKENS_AT_ONCE - 1) * WRONG_TOKENS_EVERY_S;
}

void wrong_tokens_add(struct wrong_tokens *tokens, const char *requester, int64_t now)
{
	uint64_t sender = sender_of(requester);

	pthread_mutex_lock(&tokens->guard);
	size_t at = find(tokens, sender);
	int64_t from =
	    tokens->entries[at].sender == sender && tokens->entries[at].paid_at > now ? tokens->entries[at].paid_at : now;
	tokens->entries[at].sender = sender;
	tokens->entries[at].paid_at = from + WRONG_TOKENS_EVERY_S;
	pthread_mutex_unlock(&tokens->guard);
}
