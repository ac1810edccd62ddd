#include "model/origin.h"

const char *origin_name(enum origin origin)
{
	static const char *const names[ORIGIN_COUNT] = {[ORIGIN_ENVIRONMENT] = "environment",
	                                                [ORIGIN_OWNER] = "owner",
	                                                [ORIGIN_VISITOR] = "visitor",
	                                                [ORIGIN_DEFAULT] = "default"};

	return names[origin];
}

struct managed_entry managed_entry_update(struct managed_entry entry, bool named_now)
{
	bool came = named_now && !entry.in_config;
	bool left = !named_now && entry.in_config;

	entry.in_config = named_now;
	if (came && (entry.entry_state == ENTRY_REMOVED || entry.entry_state == ENTRY_PAUSED_BY_CONFIG)) {
		entry.entry_state = ENTRY_ACTIVE;
		entry.origin = ORIGIN_ENVIRONMENT;
	}
	/* What a visitor asked for and the owner now names is the owner's. */
	if (came && entry.origin == ORIGIN_VISITOR)
		entry.origin = ORIGIN_ENVIRONMENT;
	/* What the owner added by hand does not depend on the variable. */
	if (left && entry.entry_state == ENTRY_ACTIVE && (entry.origin == ORIGIN_ENVIRONMENT || entry.origin == ORIGIN_DEFAULT))
		entry.entry_state = ENTRY_PAUSED_BY_CONFIG;
	return entry;
}
