#include "cgi/commands/several.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/text_list.h"

static const char checked[] = "id-";

static bool add_id(const char *field, const char *text, struct id_list *out, struct error *err)
{
	int64_t id;

	if (!text_int(text, 1, INT64_MAX, &id))
		return error_set_value(err, ERR_INVALID, field, text, "ids of queries such as 1,2,3 are allowed");
	if (out->count == QUERY_COUNT_MAX)
		return error_set_field(err, ERR_INVALID, field, "at most %d ids are allowed", QUERY_COUNT_MAX);
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i] == id)
			return true;
	out->items[out->count++] = id;
	return true;
}

bool several_read_ids(const char *field, const char *text, struct id_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};

	if (!text_list_split(text ? text : "", ',', &parts, err))
		return false;
	if (parts.count == 0)
		return error_set_field(err, ERR_INVALID, field, "ids of queries such as 1,2,3 are missing");
	for (size_t i = 0; i < parts.count; i++)
		if (!add_id(field, parts.items[i], out, err))
			return false;
	return true;
}

bool several_read_checked(const struct fields *body, struct id_list *out, struct error *err)
{
	for (size_t i = 0; i < body->count; i++)
		if (strncmp(body->items[i].name, checked, strlen(checked)) == 0 &&
		    !add_id(body->items[i].name, body->items[i].name + strlen(checked), out, err))
			return false;
	return true;
}

void several_clear(struct several *several)
{
	free(several->failed);
	*several = (struct several){0};
}

static bool is_about_query(const struct error *why)
{
	return why->code == ERR_NOT_FOUND || why->code == ERR_CONFLICT || why->code == ERR_UNPROCESSABLE ||
	       why->code == ERR_TOO_MANY;
}

bool several_do(struct app *app, const struct request *req, const struct id_list *ids, do_to_query *what, struct several *out,
                struct error *err)
{
	AUTO(several_clear) struct several several = {0};

	for (size_t i = 0; i < ids->count; i++) {
		struct error why = {0};

		if (what(app, req, ids->items[i], &why)) {
			several.changed++;
			continue;
		}
		if (!is_about_query(&why)) {
			*err = why;
			return false;
		}
		if (!list_grow(&several.failed, several.failed_count, sizeof(*several.failed)))
			return error_no_memory(err);
		several.failed[several.failed_count].id = ids->items[i];
		several.failed[several.failed_count++].why = why;
	}
	*out = several;
	several = (struct several){0};
	return true;
}
