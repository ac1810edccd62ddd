#include "tests/sim/params.h"

#include <stdlib.h>
#include <string.h>

#include "base/encoding.h"

enum { VALUE_MAX_BYTES = 16 * 1024 };

static bool decode(const char *text, size_t len, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf decoded = BUF(VALUE_MAX_BYTES);

	percent_decode(&decoded, text, len, true);
	return buf_take(&decoded, out, err);
}

bool params_read(const char *query, struct params *out, struct error *err)
{
	*out = (struct params){0};
	while (*query && out->count < PARAMS_MAX) {
		size_t len = strcspn(query, "&");
		size_t name_len = strcspn(query, "=&");
		const char *value = query + name_len + (query[name_len] == '=');

		if (name_len > len)
			name_len = len;
		if (!decode(query, name_len, &out->items[out->count].name, err))
			return false;
		if (!decode(value, (size_t)(query + len - value), &out->items[out->count].value, err)) {
			free(out->items[out->count].name);
			return false;
		}
		out->count++;
		query += len + (query[len] == '&');
	}
	return true;
}

void params_clear(struct params *params)
{
	for (size_t i = 0; i < params->count; i++) {
		free(params->items[i].name);
		free(params->items[i].value);
	}
	params->count = 0;
}

const char *params_get(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->items[i].name, name) == 0)
			return params->items[i].value;
	return NULL;
}
