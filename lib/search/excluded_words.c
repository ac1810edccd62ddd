#include "search/excluded_words.h"

enum { TEXT_MAX_BYTES = 64 * 1024 };

bool excluded_words_read(const struct text_list *words, struct title_words *out, struct error *err)
{
	AUTO(buf_clear) struct buf text = BUF(TEXT_MAX_BYTES);

	for (size_t i = 0; i < words->count; i++) {
		buf_add_text(&text, "\"");
		for (const char *at = words->items[i]; *at; at++)
			buf_add_char(&text, *at == '"' ? ' ' : *at);
		buf_add_text(&text, "\" ");
	}
	return buf_ok(&text, err) && title_words_read(buf_text(&text), out, err);
}

static bool has_any(const struct text_tokens *tokens, const struct title_words *words)
{
	size_t end;

	for (size_t at = 0; at < tokens->count; at = text_tokens_next(tokens, at))
		for (size_t i = 0; i < words->count; i++)
			if (text_tokens_match(tokens, at, words->words, &words->terms[i], &end))
				return true;
	return false;
}

bool excluded_words_in(const struct title_words *words, const struct text_tokens *texts, size_t count)
{
	for (size_t i = 0; i < count && words->count; i++)
		if (has_any(&texts[i], words))
			return true;
	return false;
}
