#include "base/text_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

void text_list_clear(struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct text_list){0};
}

/* Takes ITEM over, also on failure. */
static bool text_list_take(struct text_list *list, char *item, struct error *err)
{
	if (!list_grow(&list->items, list->count, sizeof(*list->items))) {
		free(item);
		return error_no_memory(err);
	}
	list->items[list->count++] = item;
	return true;
}

bool text_list_add(struct text_list *list, const char *text, struct error *err)
{
	char *copy = NULL;

	return text_copy(text, &copy, err) && text_list_take(list, copy, err);
}

/* The LEN bytes without white space at their ends; the caller's to free. */
static char *trimmed(const char *text, size_t len)
{
	size_t from = len;
	size_t to = len;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t step = utf8_decode(text + i, len - i, &c);
		bool space = utf8_is_space(c);

		step = step ? step : 1;
		if (!space && from == len)
			from = i;
		if (!space)
			to = i + step;
		i += step;
	}
	return strndup(text + from, to - from);
}

bool text_list_has(const struct text_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

bool text_list_split(const char *text, char separator, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	while (*text) {
		const char *end = strchr(text, separator);
		size_t len = end ? (size_t)(end - text) : strlen(text);
		char *part = trimmed(text, len);

		if (!part)
			return error_no_memory(err);
		if (!*part)
			free(part);
		else if (!text_list_take(&parts, part, err))
			return false;
		text += len + (end != NULL);
	}
	*out = parts;
	parts = (struct text_list){0};
	return true;
}
