#include "cgi/request/context.h"

enum { TIME_LIMIT_MS = 2000, REOPEN_AFTER_MS = 1000 };

int64_t app_now(const struct app *app)
{
	return clock_now(&app->shared->clock);
}

bool app_open(struct app *app, struct error *err)
{
	int64_t now = clock_monotonic_ms();

	if (app->store)
		return true;
	if (app->opened_at_ms && now - app->opened_at_ms < REOPEN_AFTER_MS)
		return error_set(err, ERR_BUSY, "the database is not ready yet");
	if (!store_open(app->shared->databases.served.path, STORE_READ, &app->store, err)) {
		if (err->code == ERR_BUSY) /* cheap to find out, and over at any moment */
			return error_set(err, ERR_BUSY, "the database is not ready yet");
		app->opened_at_ms = now;
		return false;
	}
	store_set_time_limit(app->store, TIME_LIMIT_MS);
	return true;
}

void app_close(struct app *app)
{
	store_close(&app->store);
}
