/*
 * Where a query or key came from, and what the environment variable that names it may do to it.
 *
 * Entries of a variable are taken over once and remembered. One removed by API or page stays removed until it has left
 * the variable and come back. One that left the variable is paused: nothing is lost, no calls are made for it.
 */
#pragma once

#include <stdbool.h>

enum origin {
	ORIGIN_ENVIRONMENT, /* a variable or .env */
	ORIGIN_OWNER,       /* API or page, with the token */
	ORIGIN_VISITOR,     /* API or page, without it */
	ORIGIN_DEFAULT,     /* the query tracked while there is none */
	ORIGIN_COUNT
};

/* "environment", "owner", "visitor", "default" */
const char *origin_name(enum origin origin);

/* What an entry is, seen from the variable. */
enum entry_state { ENTRY_ACTIVE, ENTRY_PAUSED_BY_OWNER, ENTRY_PAUSED_BY_CONFIG, ENTRY_REMOVED };

struct managed_entry {
	enum origin origin;
	enum entry_state entry_state;
	bool in_config; /* when the variable was last read */
};

/* The entry after the variable was read, which names it now or does not. */
struct managed_entry managed_entry_update(struct managed_entry entry, bool named_now);
