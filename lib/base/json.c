#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 100 };

/* What cJSON takes and newsreel does not: it parses by recursion up to 1,000 deep, which costs stack, and its texts are C
 * strings, which a NUL written as an escape would cut. */
static bool is_acceptable(const char *bytes, size_t len, struct error *err)
{
	int depth = 0;
	bool text = false;

	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];
		if (text) {
			if (c == '\\' && len - i >= 6 && memcmp(bytes + i, "\\u0000", 6) == 0)
				return error_set(err, ERR_INVALID, "not taken: a text with U+0000 at byte %zu", i);
			if (c == '\\')
				i++;
			else if (c == '"')
				text = false;
		} else if (c == '"') {
			text = true;
		} else if (c == '[' || c == '{') {
			if (++depth > DEPTH_MAX)
				return error_set(err, ERR_INVALID, "not taken: JSON nested more than %d deep", DEPTH_MAX);
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return true;
}

bool json_parse(const char *bytes, size_t len, cJSON **out, struct error *err)
{
	const char *end = NULL;

	if (!utf8_is_valid(bytes, len))
		return error_set(err, ERR_INVALID, "not JSON: not valid UTF-8");
	if (!is_acceptable(bytes, len, err))
		return false;
	errno = 0;
	cJSON *json = cJSON_ParseWithLengthOpts(bytes, len, &end, 0);
	if (!json && errno == ENOMEM) /* cJSON itself does not tell */
		return error_no_memory(err);
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
