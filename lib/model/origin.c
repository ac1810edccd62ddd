#include "model/origin.h"

const char *origin_name(enum origin origin)
{
	static const char *const names[ORIGIN_COUNT] = {[ORIGIN_ENVIRONMENT] = "environment",
	                                                [ORIGIN_OWNER] = "owner",
	                                                [ORIGIN_VISITOR] = "visitor",
	                                                [ORIGIN_DEFAULT] = "default"};

	return names[origin];
}

struct listed origin_after_look(struct listed entry, bool named_now)
{
	bool came = named_now && !entry.in_variable;
	bool left = !named_now && entry.in_variable;

	entry.in_variable = named_now;
	if (came && (entry.presence == PRESENCE_REMOVED || entry.presence == PRESENCE_PAUSED_BY_VARIABLE)) {
		entry.presence = PRESENCE_ACTIVE;
		entry.origin = ORIGIN_ENVIRONMENT;
	}
	/* What a visitor asked for and the owner now names is the owner's. */
	if (came && entry.origin == ORIGIN_VISITOR)
		entry.origin = ORIGIN_ENVIRONMENT;
	/* What the owner added by hand does not depend on the variable. */
	if (left && entry.presence == PRESENCE_ACTIVE && (entry.origin == ORIGIN_ENVIRONMENT || entry.origin == ORIGIN_DEFAULT))
		entry.presence = PRESENCE_PAUSED_BY_VARIABLE;
	return entry;
}
