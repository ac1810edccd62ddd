#include "base/json.h"

#include <math.h>

#include "base/text.h"

enum { DEPTH_MAX = 100 };

/* cJSON parses by recursion up to 1,000 deep: stops deeper input before it costs stack. */
static bool depth_is_fine(const char *bytes, size_t len)
{
	int depth = 0;
	bool text = false;

	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];
		if (text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				text = false;
		} else if (c == '"') {
			text = true;
		} else if (c == '[' || c == '{') {
			if (++depth > DEPTH_MAX)
				return false;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return true;
}

bool json_parse(const char *bytes, size_t len, cJSON **out, struct error *err)
{
	const char *end = NULL;

	if (!text_is_utf8(bytes, len))
		return error_set(err, ERR_INVALID, "not JSON: not valid UTF-8");
	if (!depth_is_fine(bytes, len))
		return error_set(err, ERR_INVALID, "not JSON: nested more than %d deep", DEPTH_MAX);
	cJSON *json = cJSON_ParseWithLengthOpts(bytes, len, &end, 0);
	if (!json)
		return error_set(err, ERR_INVALID, "not JSON: fault at byte %zu", end ? (size_t)(end - bytes) : 0);
	for (; end < bytes + len; end++) {
		if (*end != ' ' && *end != '\t' && *end != '\r' && *end != '\n') {
			cJSON_Delete(json);
			return error_set(err, ERR_INVALID, "not JSON: something follows at byte %zu", (size_t)(end - bytes));
		}
	}
	*out = json;
	return true;
}

void json_free(cJSON **json)
{
	cJSON_Delete(*json);
	*json = NULL;
}

const cJSON *json_object(const cJSON *parent, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(parent, name);

	return cJSON_IsObject(member) ? member : NULL;
}

const cJSON *json_array(const cJSON *parent, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(parent, name);

	return cJSON_IsArray(member) ? member : NULL;
}

const char *json_text(const cJSON *parent, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(parent, name);

	return cJSON_IsString(member) ? member->valuestring : NULL;
}

bool json_int(const cJSON *parent, const char *name, int64_t *out)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(parent, name);

	if (cJSON_IsString(member))
		return text_int(member->valuestring, INT64_MIN, INT64_MAX, out);
	/* Beyond 2^53 a double no longer holds every whole number. */
	if (!cJSON_IsNumber(member) || member->valuedouble != floor(member->valuedouble) ||
	    fabs(member->valuedouble) > 9007199254740992.0)
		return false;
	*out = (int64_t)member->valuedouble;
	return true;
}
