#include "cgi/request/databases.h"

#include <stddef.h>

#include "base/log.h"

bool databases_ready(struct databases *databases, bool opened, struct error *err)
{
	if (opened) {
		if (atomic_load(&databases->told))
			atomic_store(&databases->told, false);
		return true;
	}
	if (err->code != ERR_BUSY)
		return false;
	if (!atomic_exchange(&databases->told, true))
		log_line(LOG_WARN, err->text, NULL);
	return error_set(err, ERR_BUSY, "the database is not ready yet");
}

static bool open_once(struct database *database, struct error *err)
{
	return database->store ? store_check_schema(database->store, err)
	                       : store_open(database->path, database->mode, &database->store, err);
}

bool databases_lock(struct databases *databases, struct databases_lock *out, struct error *err)
{
	bool demo = databases->live.path != NULL;

	pthread_mutex_lock(&databases->guard);
	bool opened = open_once(&databases->served, err) && (!demo || open_once(&databases->live, err));
	if (!databases_ready(databases, opened, err)) {
		pthread_mutex_unlock(&databases->guard);
		return false;
	}
	*out = (struct databases_lock){.databases = databases,
	                               .served = databases->served.store,
	                               .live = demo ? databases->live.store : databases->served.store};
	return true;
}

void databases_unlock(struct databases_lock *db)
{
	if (db->databases) {
		replica_note(&db->databases->replica, db->served);
		pthread_mutex_unlock(&db->databases->guard);
	}
	*db = (struct databases_lock){0};
}

void databases_close(struct databases *databases)
{
	store_close(&databases->served.store);
	store_close(&databases->live.store);
}
