#include "cgi/request/databases.h"

#include <stddef.h>

static bool open_once(struct record *record, struct error *err)
{
	return record->store || store_open(record->path, record->mode, &record->store, err);
}

bool writing_begin(struct records *records, struct writing *out, struct error *err)
{
	bool demo = records->real.path != NULL;

	pthread_mutex_lock(&records->guard);
	if (!open_once(&records->shown, err) || (demo && !open_once(&records->real, err))) {
		pthread_mutex_unlock(&records->guard);
		return false;
	}
	*out = (struct writing){.records = records,
	                        .shown = records->shown.store,
	                        .real = demo ? records->real.store : records->shown.store};
	return true;
}

void writing_end(struct writing *writing)
{
	if (writing->records)
		pthread_mutex_unlock(&writing->records->guard);
	*writing = (struct writing){0};
}

void records_close(struct records *records)
{
	store_close(&records->shown.store);
	store_close(&records->real.store);
}
