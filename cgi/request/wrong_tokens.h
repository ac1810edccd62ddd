/* Wrong tokens, counted by who sends them: against guessing, as the limit on sign-ins in nginx. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	WRONG_TOKENS_AT_ONCE = 6,  /* so many may be tried at once, … */
	WRONG_TOKENS_EVERY_S = 6,  /* … and then one in so many seconds */
	WRONG_TOKENS_SENDERS = 512 /* that are remembered; of more, those of longest ago are forgotten */
};

struct wrong_tokens_entry {
	uint64_t sender;
	int64_t paid_at; /* UTC seconds: all wrong tokens of the sender are as good as forgotten then */
};

/* Shared by all threads; its guard is PTHREAD_MUTEX_INITIALIZER, the rest zero. */
struct wrong_tokens {
	pthread_mutex_t guard;
	struct wrong_tokens_entry entries[WRONG_TOKENS_SENDERS];
};

/* Whether REQUESTER (requester_name()) may try a token at NOW. */
bool wrong_tokens_may_try(struct wrong_tokens *tokens, const char *requester, int64_t now);

/* Counts a wrong one. */
void wrong_tokens_add(struct wrong_tokens *tokens, const char *requester, int64_t now);
