#include "cgi/request/context.h"

#include "store/status.h"

enum { TIME_LIMIT_MS = 2000 };

int64_t app_now(const struct app *app)
{
	return clock_now(&app->shared->clock);
}

bool app_open(struct app *app, struct error *err)
{
	if (!app->store && !store_open(app->shared->databases.served.path, STORE_READ, &app->store, err))
		return err->code != ERR_BUSY ? false : error_set(err, ERR_BUSY, "the database is not ready yet");
	app_allow_time(app);
	return true;
}

void app_allow_time(struct app *app)
{
	store_set_time_limit(app->store, TIME_LIMIT_MS);
}

bool app_status(struct app *app, struct status *out, struct error *err)
{
	const struct shared *shared = app->shared;
	struct quota_defaults quota = config_quota_defaults(shared->config);

	return store_status_read(app->store, &quota, shared->config->interval_s, shared->started_at, app_now(app), out, err);
}

void app_close(struct app *app)
{
	store_close(&app->store);
}
