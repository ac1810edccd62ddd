#include "model/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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

	if (!text_is_utf8(text, strlen(text)))
		return error_set(err, ERR_INVALID, "only valid UTF-8 is allowed") || error_wrap(err, "not a query");
	if (text_has_control(text))
		return error_set(err, ERR_INVALID, "control characters are not allowed") || error_wrap(err, "not a query");
	if (!text_squeeze(text, &squeezed, err))
		return false;
	size_t length = text_length(squeezed);
	if (length < 1 || length > QUERY_LENGTH_MAX)
		return error_set(err, ERR_INVALID, "it has %zu characters, allowed are 1 to %d", length, QUERY_LENGTH_MAX) ||
		       error_wrap(err, "not a query");
	return true;
}
