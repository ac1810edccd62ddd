#include "model/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

void query_clear(struct query *query)
{
	coverage_clear(&query->gaps);
	coverage_clear(&query->coverage);
	free(query->text);
	free(query->error);
	*query = (struct query){0};
}

void query_list_clear(struct query_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		query_clear(&list->items[i]);
	free(list->items);
	*list = (struct query_list){0};
}

const char *query_state_name(const struct query *query)
{
	return query->entry_state == ENTRY_ACTIVE ? "active" : "paused";
}

bool query_check(const char *text, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;

	if (!utf8_is_valid(text, strlen(text)))
		return error_set(err, ERR_INVALID, "not a query: only valid UTF-8 is allowed");
	if (utf8_has_control(text))
		return error_set(err, ERR_INVALID, "not a query: control characters are not allowed");
	if (!text_squeeze(text, &squeezed, err))
		return false;
	size_t length = utf8_length(squeezed);
	if (length < 1 || length > QUERY_LENGTH_MAX)
		return error_set(err, ERR_INVALID, "not a query: it has %zu characters, allowed are 1 to %d", length,
		                 QUERY_LENGTH_MAX);
	return true;
}
