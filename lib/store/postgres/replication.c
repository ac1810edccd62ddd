/* What there is to know of servers that replicate the database. */
#include <string.h>

#include "store/postgres/connection.h"

enum replication_statement { HAS_STANDBY, WAITS_FOR_NOBODY };

static const char *const sql[] = {
    [HAS_STANDBY] = "SELECT EXISTS (SELECT 1 FROM pg_stat_replication)",
    [WAITS_FOR_NOBODY] = "SELECT current_setting('synchronous_standby_names') = ''",
};

/* Whether the URL names several. */
static bool has_several_hosts(struct store *store)
{
	PQconninfoOption *options = PQconninfo(store->db);
	bool several = false;

	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		several |= strcmp(option->keyword, "host") == 0 && option->val && strchr(option->val, ',');
	PQconninfoFree(options);
	return several;
}

/* A primary that waits for no other server takes writes as long as it lives, also after another one has taken its place. */
bool store_replication_risk(struct store *store, bool replicated, const char **out, struct error *err)
{
	int64_t standby = 0, alone;

	if (!statement_number(statement_use(store, sql[WAITS_FOR_NOBODY]), &alone, err) ||
	    !statement_number(statement_use(store, sql[HAS_STANDBY]), &standby, err))
		return false;
	*out = alone && (replicated || standby || has_several_hosts(store))
	           ? "synchronous_standby_names is empty: a primary that comes back after another has taken its place takes "
	             "writes that"
	             " are lost; set it on every server (docs/machines.md)"
	           : NULL;
	return true;
}
