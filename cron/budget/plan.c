#include "cron/budget/plan.h"

#include <stdlib.h>

#include "base/list.h"

void plan_clear(struct plan *plan)
{
	free(plan->calls);
	*plan = (struct plan){0};
}

bool plan_add(struct plan *plan, const struct planned_call *call, struct error *err)
{
	if (!list_grow(&plan->calls, plan->count, sizeof(*plan->calls)))
		return error_no_memory(err);
	plan->calls[plan->count++] = *call;
	return true;
}

bool plan_has_query(const struct plan *plan, const struct query *query)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->calls[i].kind == PLAN_SEARCH && plan->calls[i].job.query == query)
			return true;
	return false;
}

int64_t plan_pages(const struct plan *plan)
{
	int64_t pages = 0;

	for (size_t i = 0; i < plan->count; i++)
		pages += plan->calls[i].kind == PLAN_SEARCH ? plan->calls[i].job.pages_max : 0;
	return pages;
}
