#include "delivery/answer.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "base/timestamp.h"

enum { HEADER_VALUE_MAX = 128 };

/* The number called NAME in units of which PER_SECOND are a second, rounded up; -1 when there is none. */
static int64_t read_wait(const cJSON *object, const char *name, double per_second)
{
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);

	if (!cJSON_IsNumber(number) || !(number->valuedouble >= 0))
		return -1;
	return (int64_t)fmin(ceil(number->valuedouble / per_second), SECONDS_PER_DAY);
}

int64_t answer_retry_after(const char *body, size_t len)
{
	AUTO(json_free) cJSON *json = NULL;
	struct error ignored;

	if (!json_parse(body, len, &json, &ignored) || !cJSON_IsObject(json))
		return -1;
	int64_t discord = read_wait(json, "retry_after", 1);
	int64_t matrix = read_wait(json, "retry_after_ms", 1000);
	int64_t telegram = read_wait(json_object(json, "parameters"), "retry_after", 1);
	return discord >= 0 ? discord : matrix >= 0 ? matrix : telegram;
}

void answer_take_header(const char *line, size_t len, int64_t now, int64_t *out)
{
	static const char name[] = "Retry-After:";
	const size_t name_len = sizeof(name) - 1;
	char value[HEADER_VALUE_MAX];
	int64_t wait, time;

	if (len <= name_len || strncasecmp(line, name, name_len) != 0)
		return;
	for (line += name_len, len -= name_len; len && (*line == ' ' || *line == '\t'); len--)
		line++;
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	if (len >= sizeof(value))
		return;
	memcpy(value, line, len);
	value[len] = '\0';
	if (timestamp_parse_http(value, &time))
		wait = time > now ? time - now : 0;
	else if (!text_int(value, 0, INT64_MAX, &wait))
		return;
	*out = wait < SECONDS_PER_DAY ? wait : SECONDS_PER_DAY;
}
