#include "cgi/request/context.h"

#include "store/status.h"

enum { TIME_LIMIT_MS = 2000 };

int64_t app_now(const struct app *app)
{
	return clock_now(&app->shared->clock);
}

struct list_context app_lists(const struct app *app)
{
	return (struct list_context){.store = app->store, .now = app_now(app), .page_size = app->shared->config->page_size};
}

bool app_reader_has_left(const struct app *app)
{
	return app->reader.has_left && app->reader.has_left(app->reader.connection);
}

static bool may_go_on(void *context)
{
	const struct app *app = context;

	return clock_monotonic_ms() <= app->deadline_ms && !app_reader_has_left(app);
}

bool app_open(struct app *app, struct error *err)
{
	struct databases *databases = &app->shared->databases;

	app_allow_time(app);
	bool opened =
	    app->store ? store_check_schema(app->store, err) : store_open(databases->served.path, STORE_READ, &app->store, err);
	if (!databases_ready(databases, opened, err))
		return false;
	store_set_may_go_on(app->store, may_go_on, app);
	return true;
}

void app_allow_time(struct app *app)
{
	app->deadline_ms = clock_monotonic_ms() + TIME_LIMIT_MS;
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
