#include "model/schedule.h"

const char *budget_category_name(enum budget_category category)
{
	static const char *const names[BUDGET_COUNT] = {
	    [BUDGET_ALL] = "all",           [BUDGET_NEWEST] = "newest",         [BUDGET_NEW_QUERIES] = "new_query",
	    [BUDGET_VISITORS] = "visitors", [BUDGET_SECOND_READINGS] = "again", [BUDGET_GAPS] = "gaps",
	    [BUDGET_SCOUTS] = "scouts",
	};

	return names[category];
}
