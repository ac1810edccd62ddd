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

static bool open_primary(struct app *app, struct error *err)
{
	struct databases *databases = &app->shared->databases;
	bool opened = app->primary ? store_check_schema(app->primary, err)
	                           : store_open(databases->served.path, STORE_READ, &app->primary, err);

	if (opened)
		store_set_may_go_on(app->primary, may_go_on, app);
	return databases_ready(databases, opened, err);
}

/* When it cannot be asked, the replica is as good as it was. */
static void ask_primary(struct app *app)
{
	struct replica *replica = &app->shared->databases.replica;
	struct error ignored;

	if (!replica_asks(replica, app_now(app)))
		return;
	if (open_primary(app, &ignored))
		replica_note_primary(replica, app->primary, app_now(app));
	app_allow_time(app); /* where it does not answer, that has taken all of it */
}

static bool choose(struct app *app, struct error *err)
{
	if (app->may_be_late) {
		ask_primary(app);
		if (replica_use(&app->shared->databases.replica, &app->replica, app_now(app))) {
			app->store = app->replica;
			return true;
		}
	}
	bool ready = open_primary(app, err);
	app->store = app->primary;
	return ready;
}

bool app_open(struct app *app, struct error *err)
{
	app_allow_time(app);
	if (!choose(app, err))
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

void app_seen(struct app *app)
{
	replica_note(&app->shared->databases.replica, app->store);
}

void app_close(struct app *app)
{
	app->store = NULL;
	store_close(&app->primary);
	store_close(&app->replica);
}
