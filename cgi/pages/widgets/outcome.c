#include "cgi/pages/widgets/outcome.h"

#include "http/params.h"

#include <assert.h>

bool outcome_read(const struct request *req, const struct outcome outcomes[], size_t count, const char **words, struct error *err)
{
	const char *names[OUTCOMES_MAX] = {NULL};
	size_t which = count;

	assert(count <= OUTCOMES_MAX);
	for (size_t i = 0; i < count; i++)
		names[i] = outcomes[i].name;
	if (!params_choose(req, "done", names, count, &which, err))
		return false;
	*words = which < count ? outcomes[which].words : NULL;
	return true;
}
