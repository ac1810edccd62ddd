/* The statement interface on libpq. */
#include "store/postgres/statement.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Types that parameters are bound with: pg_type.dat. */
enum { TYPE_INT8 = 20, TYPE_TEXT = 25, TYPE_FLOAT8 = 701 };

enum { NAME_SIZE = 16, PARAMETERS_MAX = 64, MESSAGE_SIZE = 128 };

/* ---- texts ---- */

/* The next parameter ?N of the text AT, and its N; NULL without one. */
static const char *next_parameter(const char *at, int *number)
{
	const char *mark = strchr(at, '?');

	*number = mark ? (int)strtol(mark + 1, NULL, 10) : 0;
	return mark ? mark + 1 : NULL;
}

/* The highest N. */
static int count_parameters(const char *sql)
{
	int count = 0;
	int number;

	while ((sql = next_parameter(sql, &number)))
		count = number > count ? number : count;
	assert(count <= PARAMETERS_MAX);
	return count;
}

/* The server finds out the type of a parameter that is not bound by where it stands; of those that are left out it wants to know one. */
static void give_types_to_gaps(struct statement *statement)
{
	bool stands[PARAMETERS_MAX + 1] = {false};
	const char *at = statement->sql;
	int number;

	while ((at = next_parameter(at, &number)))
		stands[number] = true;
	for (int i = 0; i < statement->count; i++)
		if (!stands[i + 1])
			statement->parameters[i].type = TYPE_INT8;
}

static bool is_write(const char *sql)
{
	static const char *const words[] = {"INSERT ", "UPDATE ", "DELETE "};
	const char *with = strncmp(sql, "WITH ", strlen("WITH ")) == 0 ? sql : NULL;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(sql, words[i], strlen(words[i])) == 0 || (with && strstr(with, words[i])))
			return true;
	return false;
}

static void blank(char *from, size_t len)
{
	memset(from, ' ', len);
}

/* What tells SQLite which index to use, or the order of joins. */
static void leave_out_hints(char *text)
{
	static const char index[] = "INDEXED BY ", cross[] = "CROSS JOIN ";

	for (char *at = strstr(text, index); at; at = strstr(at, index))
		blank(at, strlen(index) + strcspn(at + strlen(index), " )"));
	for (char *at = strstr(text, cross); at; at = strstr(at, cross))
		blank(at, strlen("CROSS"));
}

/* One block for all of it: parameters, the text, and what it was made of if that is to be KEPT. Without memory `text` stays NULL, and the step
 * tells. */
static void make(struct statement *statement, struct store *store, const char *sql, bool kept)
{
	size_t length = strlen(sql) + 1;
	int count = count_parameters(sql);
	size_t parameters = (size_t)count * sizeof(struct parameter);
	struct parameter *block = calloc(1, parameters + length + (kept ? length : 0));

	statement->engine = ENGINE_POSTGRES;
	statement->store = store;
	statement->sql = sql;
	statement->stale = true;
	if (!statement->number)
		statement->number = ++store->prepared;
	if (!block)
		return;
	statement->parameters = block;
	statement->count = count;
	statement->writes = is_write(sql);
	give_types_to_gaps(statement);
	statement->text = (char *)block + parameters;
	memcpy(statement->text, sql, length);
	for (char *at = strchr(statement->text, '?'); at; at = strchr(at, '?'))
		*at = '$';
	leave_out_hints(statement->text);
	if (kept)
		statement->sql = memcpy(statement->text + length, sql, length);
}

static void reset(struct statement *statement)
{
	PQclear(statement->rows);
	statement->rows = NULL;
}

void statement_clear(struct statement *statement)
{
	reset(statement);
	free(statement->parameters);
	statement->parameters = NULL;
	statement->text = NULL;
	statement->count = 0;
}

static struct statement *ready(struct statement *statement)
{
	reset(statement);
	for (int i = 0; i < statement->count; i++)
		statement->parameters[i].value = NULL;
	return statement;
}

/* The place of a text, or the free one for it. */
static struct statement *find(struct store *store, const char *sql)
{
	size_t at = (size_t)((uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15) >> 32) % STATEMENTS_MAX;

	while (store->statements[at].sql && store->statements[at].sql != sql)
		at = (at + 1) % STATEMENTS_MAX;
	return &store->statements[at];
}

struct statement *statement_use(struct store *store, const char *sql)
{
	struct statement *statement = find(store, sql);

	if (!statement->sql) {
		assert(store->statement_count < STATEMENTS_MAX - 1);
		store->statement_count++;
	}
	if (!statement->text)
		make(statement, store, sql, false);
	return ready(statement);
}

struct statement *statement_use_text(struct store *store, const char *text)
{
	for (size_t i = 0; i < TEXT_STATEMENTS_MAX; i++)
		if (store->texts[i].text && strcmp(store->texts[i].sql, text) == 0)
			return ready(&store->texts[i]);
	struct statement *statement = &store->texts[store->next_text++ % TEXT_STATEMENTS_MAX];
	statement_clear(statement);
	make(statement, store, text, true);
	return statement;
}

void statement_done(struct statement **statement)
{
	if (*statement)
		reset(*statement);
}

/* ---- binding ---- */

/* NULL when it could not be made, or has no such parameter: those of lists have a part of them. */
static struct parameter *parameter_of(struct statement *statement, int at, Oid type)
{
	assert(at > 0);
	if (!statement->parameters || at > statement->count)
		return NULL;
	struct parameter *parameter = &statement->parameters[at - 1];
	if (parameter->type != type) {
		parameter->type = type;
		statement->stale = true;
	}
	return parameter;
}

void bind_int(struct statement *statement, int at, int64_t value)
{
	struct parameter *parameter = parameter_of(statement, at, TYPE_INT8);

	if (!parameter)
		return;
	snprintf(parameter->number, sizeof(parameter->number), "%lld", (long long)value);
	parameter->value = parameter->number;
}

/* The type counts even so: the server may not tell it by itself. */
void bind_int_or_null(struct statement *statement, int at, int64_t value, int64_t null)
{
	if (value != null)
		bind_int(statement, at, value);
	else
		(void)parameter_of(statement, at, TYPE_INT8);
}

void bind_real(struct statement *statement, int at, double value)
{
	struct parameter *parameter = parameter_of(statement, at, TYPE_FLOAT8);

	if (!parameter)
		return;
	snprintf(parameter->number, sizeof(parameter->number), "%.17g", value);
	parameter->value = parameter->number;
}

void bind_text(struct statement *statement, int at, const char *text)
{
	struct parameter *parameter = parameter_of(statement, at, TYPE_TEXT);

	if (parameter)
		parameter->value = text;
}

/* ---- running ---- */

/* NAME is what the server knows it by from then on. */
static bool prepare(struct statement *statement, char name[NAME_SIZE], struct error *err)
{
	struct store *store = statement->store;
	char deallocate[sizeof("DEALLOCATE ") + NAME_SIZE];
	Oid types[PARAMETERS_MAX];
	bool is_there = statement->connection == store->connection;

	snprintf(name, NAME_SIZE, "s%u", statement->number);
	if (is_there && !statement->stale)
		return true;
	snprintf(deallocate, sizeof(deallocate), "DEALLOCATE %s", name);
	if (is_there && !pg_run_text(store, deallocate, true, err))
		return false;
	statement->connection = 0;
	for (int i = 0; i < statement->count; i++)
		types[i] = statement->parameters[i].type;
	if (!PQsendPrepare(store->db, name, statement->text, statement->count, types))
		return pg_error(store, NULL, err);
	PGresult *result = pg_answer(store, true, err);
	if (!result)
		return false;
	PQclear(result);
	statement->connection = store->connection;
	statement->stale = false;
	return true;
}

/* Waits for the rows of what was sent. */
static bool take_rows(struct statement *statement, struct error *err)
{
	statement->rows = pg_answer(statement->store, true, err);
	statement->row = -1;
	return statement->rows;
}

static bool execute(struct statement *statement, struct error *err)
{
	struct store *store = statement->store;
	const char *values[PARAMETERS_MAX];
	char name[NAME_SIZE];

	if (!prepare(statement, name, err))
		return false;
	for (int i = 0; i < statement->count; i++)
		values[i] = statement->parameters[i].value;
	if (!PQsendQueryPrepared(store->db, name, statement->count, values, NULL, NULL, 0))
		return pg_error(store, NULL, err);
	if (!take_rows(statement, err))
		return false;
	if (statement->writes)
		store->changed = strtoll(PQcmdTuples(statement->rows), NULL, 10);
	return true;
}

bool statement_run_after(struct statement *statement, const char *before, struct error *err)
{
	struct store *store = statement->store;
	char name[NAME_SIZE];
	char message[MESSAGE_SIZE];

	if (!statement->text)
		return error_no_memory(err);
	if (!prepare(statement, name, err))
		return false;
	snprintf(message, sizeof(message), "%s; EXECUTE %s", before, name);
	return PQsendQuery(store->db, message) ? take_rows(statement, err) : pg_error(store, NULL, err);
}

/* One write at a time, as in SQLite: a write outside a transaction is one. */
static bool execute_alone(struct statement *statement, struct error *err)
{
	return transaction_begin(statement->store, err) && transaction_end(statement->store, execute(statement, err), err);
}

static bool run(struct statement *statement, struct error *err)
{
	struct store *store = statement->store;

	if (!statement->text)
		return error_no_memory(err);
	if (!pg_connected(store, err))
		return false;
	return statement->writes && !store->in_transaction ? execute_alone(statement, err) : execute(statement, err);
}

bool statement_step(struct statement *statement, bool *row, struct error *err)
{
	if (!statement->rows && !run(statement, err))
		return false;
	*row = ++statement->row < PQntuples(statement->rows);
	return true;
}

int64_t changed_rows(struct store *store)
{
	return store->changed;
}

/* ---- columns ---- */

bool column_is_null(struct statement *row, int column)
{
	return PQgetisnull(row->rows, row->row, column);
}

const char *column_text(struct statement *row, int column)
{
	return PQgetvalue(row->rows, row->row, column); /* "" for NULL */
}

/* A truth value is "t" or "f". */
int64_t column_int(struct statement *row, int column)
{
	const char *text = column_text(row, column);

	return *text == 't' ? 1 : strtoll(text, NULL, 10);
}

double column_real(struct statement *row, int column)
{
	return strtod(column_text(row, column), NULL);
}
