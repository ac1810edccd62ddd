#include "store/postgres/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

enum { OLDEST_SERVER = 150000, ASK_AGAIN_MS = 20, GIVE_UP_MS = 5000 };

/* ---- errors ---- */

/* A class of SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html), or one condition; TEXT NULL: the server's own words. */
static const struct condition {
	const char *state;
	enum error_code code;
	const char *text;
} conditions[] = {
    {"57014", ERR_BUSY, "The request took too long"},       /* query_canceled */
    {"55P03", ERR_BUSY, "the database is busy"},            /* lock_not_available */
    {"40", ERR_BUSY, "the database is busy"},               /* transaction rollback: deadlocks, serialization */
    {"25P02", ERR_BUSY, "the transaction has failed"},      /* in_failed_sql_transaction */
    {"08", ERR_BUSY, NULL},                                 /* connection exception */
    {"57", ERR_BUSY, NULL},                                 /* operator intervention: shutting down, starting up */
    {"53300", ERR_BUSY, NULL},                              /* too_many_connections */
    {"53100", ERR_INTERNAL, "the disk is full"},            /* disk_full */
    {"53200", ERR_NO_MEMORY, "the database has no memory"}, /* out_of_memory */
    {"23", ERR_CONFLICT, NULL},                             /* integrity constraint violation */
};

static const struct condition *find_condition(const char *state)
{
	for (size_t i = 0; state && i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (strncmp(state, conditions[i].state, strlen(conditions[i].state)) == 0)
			return &conditions[i];
	return NULL;
}

/* Somebody asked for a write that the role was not granted, or that a view has no place for, which it sees instead of a table (docs/machines.md). What
 * readers lack is a fault in the setup. */
static bool is_denied(const struct store *store, const char *state)
{
	return store->mode != STORE_READ && state &&
	       (strcmp(state, "42501") == 0 || strcmp(state, "0A000") == 0); /* insufficient_privilege, feature_not_supported */
}

/* The first line of a message, without the severity before it. */
static bool set_message(struct error *err, enum error_code code, const char *before, const char *message)
{
	return error_set(err, code, "%s: %.*s", before, (int)strcspn(message, "\n"), message);
}

bool pg_error(struct store *store, const PGresult *result, struct error *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const struct condition *condition = find_condition(state);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (PQstatus(store->db) == CONNECTION_BAD)
		return set_message(err, ERR_BUSY, "the connection to the database was lost",
		                   message ? message : PQerrorMessage(store->db));
	if (condition && condition->text)
		return error_set(err, condition->code, "%s", condition->text);
	if (condition && condition->code == ERR_CONFLICT)
		return set_message(err, ERR_CONFLICT, "the database refuses it", message ? message : "");
	if (is_denied(store, state))
		return set_message(err, ERR_DENIED, "the database does not allow it", message ? message : "");
	return set_message(err, condition ? condition->code : ERR_INTERNAL, "the database",
	                   message ? message : PQerrorMessage(store->db));
}

/* ---- running ---- */

static void cancel(struct store *store)
{
	PGcancel *handle = PQgetCancel(store->db);
	char ignored[256];

	if (handle)
		PQcancel(handle, ignored, sizeof(ignored));
	PQfreeCancel(handle);
}

/* For all results of what was sent. */
struct waiting {
	bool interruptible;
	int64_t give_up_ms; /* monotonic; INT64_MAX: not yet */
};

/* Until there is a result to be had, or the connection is lost. What may not go on is cancelled, once: the server answers that too. One that does not, as its
 * disk hangs, loses the connection. */
static bool wait_for_result(struct store *store, struct waiting *waiting)
{
	struct pollfd server = {.fd = PQsocket(store->db), .events = POLLIN};

	while (PQisBusy(store->db)) {
		bool asks = waiting->interruptible && store->may_go_on;
		bool waits_on = !asks && waiting->give_up_ms == INT64_MAX;
		if (poll(&server, 1, waits_on ? -1 : ASK_AGAIN_MS) < 0 && errno != EINTR)
			return false;
		if (server.revents && !PQconsumeInput(store->db))
			return false;
		if (asks && PQisBusy(store->db) && !store->may_go_on(store->may_go_on_context)) {
			cancel(store);
			waiting->interruptible = false;
			waiting->give_up_ms = clock_monotonic_ms() + GIVE_UP_MS;
		}
		if (clock_monotonic_ms() > waiting->give_up_ms)
			(void)shutdown(server.fd, SHUT_RDWR);
	}
	return true;
}

static bool is_good(const PGresult *result)
{
	return PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK;
}

PGresult *pg_answer(struct store *store, bool interruptible, struct error *err)
{
	struct waiting waiting = {interruptible, INT64_MAX};
	PGresult *last = NULL;
	PGresult *next = NULL;

	/* PQgetResult() waits itself when the connection is lost: it has one more to tell of that. */
	while (wait_for_result(store, &waiting), (next = PQgetResult(store->db))) {
		if (last && !is_good(last)) {
			PQclear(next);
			continue;
		}
		PQclear(last);
		last = next;
	}
	if (last && is_good(last))
		return last;
	pg_error(store, last, err);
	PQclear(last);
	return NULL;
}

bool pg_run_text(struct store *store, const char *text, bool interruptible, struct error *err)
{
	if (!PQsendQuery(store->db, text))
		return pg_error(store, NULL, err);
	PGresult *result = pg_answer(store, interruptible, err);
	bool rolled_back = strcmp(text, "COMMIT") == 0 && result && strcmp(PQcmdStatus(result), "ROLLBACK") == 0;
	PQclear(result);
	if (rolled_back)
		return error_set(err, ERR_BUSY, "the transaction has failed");
	return result;
}

/* ---- connecting ---- */

/* Statements are short: compiling them would take longer. They are written for nested loops along indices in the order of their texts, as SQLite
 * runs them: so they are planned that way, once a connection, whatever is known of the tables by then. A client that is gone frees its locks within
 * a second. */
static const char settings[] = "SET lock_timeout = 10000; SET client_min_messages = warning; SET timezone = 'UTC'; SET jit = off;"
			       " SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
			       " SET max_parallel_workers_per_gather = 0; SET plan_cache_mode = force_generic_plan;"
			       " SET idle_in_transaction_session_timeout = 300000; SET client_connection_check_interval = 1000";
static const char read_only[] = "SET default_transaction_read_only = on";

static bool configure(struct store *store, struct error *err)
{
	const char *encoding = PQparameterStatus(store->db, "server_encoding");

	if (PQserverVersion(store->db) < OLDEST_SERVER)
		return error_set(err, ERR_INVALID, "PostgreSQL %d is too old: newsreel needs 15 or newer",
		                 PQserverVersion(store->db) / 10000);
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return error_set(err, ERR_INVALID, "the database has the encoding %s: newsreel needs UTF8",
		                 encoding ? encoding : "unknown");
	return pg_run_text(store, settings, false, err) &&
	       (store->mode != STORE_READ || pg_run_text(store, read_only, false, err));
}

static void ignore_notice(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

bool pg_connect(const char *location, enum store_mode mode, struct store **out, struct error *err)
{
	/* What the URL says of these counts more. A server's machine that does not answer is given up within a minute. */
	static const char *const names[] = {
	    "client_encoding",     "fallback_application_name", "connect_timeout", "keepalives_idle",
	    "keepalives_interval", "tcp_user_timeout",          "dbname",          NULL};
	const char *const values[] = {"UTF8", "newsreel", "10", "20", "5", "30000", location, NULL};
	struct store *store = calloc(1, sizeof(*store));
	bool done = false;

	if (!store)
		return error_no_memory(err);
	store->engine = ENGINE_POSTGRES;
	store->mode = mode;
	store->connection = 1;
	store->db = PQconnectdbParams(names, values, 1);
	if (!store->db)
		error_no_memory(err);
	else if (PQstatus(store->db) != CONNECTION_OK)
		set_message(err, ERR_BUSY, "the database cannot be reached", PQerrorMessage(store->db));
	else {
		PQsetNoticeReceiver(store->db, ignore_notice, NULL);
		done = store->configured = configure(store, err);
	}
	if (done)
		*out = store;
	else
		pg_disconnect(store);
	return done;
}

void pg_disconnect(struct store *store)
{
	PQfinish(store->db);
	free(store);
}

/* Reads what the end of the last reading gave (store_read_end): nobody waited for it. */
static void finish_ending(struct store *store)
{
	struct error ignored;

	if (store->ending)
		PQclear(pg_answer(store, true, &ignored));
	store->ending = false;
}

/* The end of a connection that was not in use lies there to be read. */
static bool is_usable(struct store *store)
{
	struct pollfd server = {.fd = PQsocket(store->db), .events = POLLIN};

	if (PQstatus(store->db) != CONNECTION_OK || PQtransactionStatus(store->db) != PQTRANS_IDLE || !store->configured)
		return false;
	while (poll(&server, 1, 0) > 0)
		if (!PQconsumeInput(store->db))
			return false;
	return true;
}

bool pg_connected(struct store *store, struct error *err)
{
	if (store->in_transaction || store->readers > 0)
		return true;
	finish_ending(store);
	if (is_usable(store))
		return true;
	if (store->locks > 0)
		return error_set(err, ERR_BUSY, "the connection to the database was lost");
	store->configured = false;
	PQreset(store->db);
	store->connection++;
	if (PQstatus(store->db) != CONNECTION_OK)
		return set_message(err, ERR_BUSY, "the database cannot be reached", PQerrorMessage(store->db));
	store->configured = configure(store, err);
	return store->configured;
}
