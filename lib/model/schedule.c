#include "model/schedule.h"

const char *purpose_name(enum purpose purpose)
{
	static const char *const names[PURPOSE_COUNT] = {
	    [PACE_ALL] = "all",           [PURPOSE_NEWEST] = "newest", [PURPOSE_NEW_QUERY] = "new_query",
	    [PURPOSE_VISITORS] = "visitors", [PURPOSE_AGAIN] = "again",   [PURPOSE_GAPS] = "gaps",
	};

	return names[purpose];
}
