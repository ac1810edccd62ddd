#include "delivery/answer.h"

#include <math.h>

#include "base/json.h"
#include "base/timestamp.h"

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
