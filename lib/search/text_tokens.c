#include "search/text_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "search/tokenizer.h"

/* Tokens of one text that are looked at, and bytes of them. */
enum { TOKENS_MAX = 8192, FOLDED_MAX = 1 << 18 };

void text_tokens_clear(struct text_tokens *tokens)
{
	free(tokens->items);
	buf_clear(&tokens->folded);
	*tokens = (struct text_tokens){0};
}

static bool on_token(void *context, const struct token *token)
{
	struct text_tokens *tokens = context;

	if (tokens->count == TOKENS_MAX)
		return false;
	tokens->failed = !list_grow(&tokens->items, tokens->count, sizeof(*tokens->items));
	if (tokens->failed)
		return false;
	tokens->items[tokens->count++] = (struct place){
	    .at = tokens->folded.len, .len = token->len, .start = token->start, .end = token->end, .colocated = token->colocated};
	buf_add(&tokens->folded, token->text, token->len);
	return !tokens->folded.failed;
}

bool text_tokens_read(const char *text, size_t len, struct text_tokens *out, struct error *err)
{
	*out = (struct text_tokens){.folded = BUF(FOLDED_MAX)};
	/* It stops by itself where there is too much: what came before is enough. */
	return (tokenize(TOKENS_OF_DOCUMENT, text, len, on_token, out) && !out->failed && out->folded.failed != ERR_NO_MEMORY) ||
	       error_no_memory(err);
}

static bool is_match(const struct text_tokens *tokens, const struct place *token, const char *word, size_t len, bool prefix)
{
	return (prefix ? token->len >= len : token->len == len) && memcmp(tokens->folded.data + token->at, word, len) == 0;
}

/* The token at the place of AT (which is not colocated) that matches, NULL when none does. */
static const struct place *match_at(const struct text_tokens *tokens, size_t at, const char *word, size_t len, bool prefix)
{
	do {
		if (is_match(tokens, &tokens->items[at], word, len, prefix))
			return &tokens->items[at];
		at++;
	} while (at < tokens->count && tokens->items[at].colocated);
	return NULL;
}

size_t text_tokens_next(const struct text_tokens *tokens, size_t at)
{
	do
		at++;
	while (at < tokens->count && tokens->items[at].colocated);
	return at;
}

bool text_tokens_match(const struct text_tokens *tokens, size_t at, const char *words, const struct term *term, size_t *end)
{
	size_t word = term->at;

	for (;;) {
		size_t len = strcspn(words + word, " ");
		bool last = word == term->last_at;
		const struct place *token =
		    at < tokens->count ? match_at(tokens, at, words + word, len, last && term->prefix) : NULL;

		if (!token)
			return false;
		*end = token->end;
		if (last)
			return true;
		word += len + 1;
		at = text_tokens_next(tokens, at);
	}
}
