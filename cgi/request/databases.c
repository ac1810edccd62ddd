#include "cgi/request/databases.h"

#include <stddef.h>
#include <time.h>

#include "base/log.h"

enum { GUARD_WAIT_S = 10 };

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

/* A commit may wait for another server for as long as that is away: then one thread waits with it, not all. */
static bool wait_for_guard(pthread_mutex_t *guard)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GUARD_WAIT_S;
	return pthread_mutex_timedlock(guard, &until) == 0;
}

bool databases_lock(struct databases *databases, struct databases_lock *out, struct error *err)
{
	bool demo = databases->live.path != NULL;

	if (!wait_for_guard(&databases->guard))
		return error_set(err, ERR_BUSY, "the database is busy: try again later");
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
