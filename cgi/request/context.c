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
	if (!app->primary && !store_open(app->shared->databases.served.path, STORE_READ, &app->primary, err))
		return false;
	store_set_may_go_on(app->primary, may_go_on, app);
	return true;
}

/* When it cannot be asked, the replica is as good as it was. */
static void ask_primary(struct app *app)
{
	struct databases *databases = &app->shared->databases;
	struct error ignored;

	if (!replica_asks(&databases->replica, app_now(app)))
		return;
	bool opened = open_primary(app, &ignored) && store_check_schema(app->primary, &ignored);
	if (databases_ready(databases, opened, &ignored))
		replica_note_primary(&databases->replica, app->primary, app_now(app));
	app_allow_time(app); /* where it does not answer, that has taken all of it */
}

/* The beginning of one state tells its schema, too: asked for after that, it costs nothing. */
static bool begin(struct app *app, struct store *store, bool one_state, struct error *err)
{
	app->store = store;
	if (!one_state)
		return store_check_schema(store, err);
	if (!store_read_begin(store, err))
		return false;
	bool ours = store_check_schema(store, err);
	if (!ours)
		store_read_end(store);
	return ours;
}

static bool begin_on_replica(struct app *app, bool one_state)
{
	struct replica *replica = &app->shared->databases.replica;
	struct error err;

	ask_primary(app);
	if (!replica_use(replica, &app->replica, app_now(app)))
		return false;
	store_set_may_go_on(app->replica, may_go_on, app);
	if (begin(app, app->replica, one_state, &err))
		return true;
	if (!app_reader_has_left(app))
		replica_leave_out(replica, app_now(app), &err);
	return false;
}

static bool begin_on_primary(struct app *app, bool one_state, struct error *err)
{
	bool begun = open_primary(app, err) && begin(app, app->primary, one_state, err);

	return databases_ready(&app->shared->databases, begun, err);
}

static bool open_for(struct app *app, bool one_state, struct error *err)
{
	app_allow_time(app);
	if (app->may_be_late && begin_on_replica(app, one_state))
		return true;
	app_allow_time(app); /* a replica may have taken all of it */
	return begin_on_primary(app, one_state, err);
}

bool app_open(struct app *app, struct error *err)
{
	return open_for(app, false, err);
}

bool app_read_begin(struct app *app, struct error *err)
{
	if (!open_for(app, true, err))
		return false;
	replica_note(&app->shared->databases.replica, app->store);
	return true;
}

void app_read_end(struct app *app)
{
	store_read_end(app->store);
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
	app->store = NULL;
	store_close(&app->primary);
	store_close(&app->replica);
}
