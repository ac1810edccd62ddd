/* Tokens of any bytes: they are text, they stand for whole characters one after the other, and a search for one of them is for it alone. */

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "search/tokenizer.h"
#include "tests/fuzz/fuzz.h"

struct reading {
	const char *text;
	size_t len;
	size_t start; /* of the token before */
};

static bool is_border(const struct reading *reading, size_t at)
{
	return at == reading->len || !utf8_continues(reading->text[at]) || !utf8_is_valid(reading->text, reading->len);
}

/* A token, and how often it was given again. */
struct repeated {
	const struct token *token;
	int count;
};

static bool is_the_same(void *context, const struct token *token)
{
	struct repeated *repeated = context;

	PROMISE(token->len == repeated->token->len && memcmp(token->text, repeated->token->text, token->len) == 0);
	repeated->count++;
	return true;
}

static bool on_token(void *context, const struct token *token)
{
	struct reading *reading = context;
	struct repeated repeated = {.token = token};

	PROMISE(token->len > 0 && utf8_is_valid(token->text, token->len));
	PROMISE(token->start < token->end && token->end <= reading->len && token->start >= reading->start);
	PROMISE(is_border(reading, token->start) && is_border(reading, token->end));
	PROMISE(!token->unspaced || token_letters(token) <= 2);
	PROMISE(tokenize(TOKENS_OF_QUERY, token->text, token->len, is_the_same, &repeated) && repeated.count == 1);
	reading->start = token->start;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (enum token_source source = TOKENS_OF_QUERY; source <= TOKENS_OF_DOCUMENT; source++) {
		struct reading reading = {.text = (const char *)data, .len = size};

		PROMISE(tokenize(source, reading.text, size, on_token, &reading));
	}
	return 0;
}
