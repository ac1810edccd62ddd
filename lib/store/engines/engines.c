/* Two engines behind one set of functions (engine.h). Compiled with POSTGRES=1 only. */
#include "store/engines/engine.h"

#include <string.h>

#include "store/transfer/table.h"

/* ---- the engines' own functions ---- */

#define DECLARE(prefix)                                                                                                          \
	bool prefix##_store_open(const char *location, enum store_mode mode, struct store **out, struct error *err);             \
	bool prefix##_store_files(const char *location, struct text_list *out, struct error *err);                               \
	void prefix##_store_close(struct store **store);                                                                         \
	void prefix##_store_transaction_end(struct store **store);                                                               \
	void prefix##_statement_done(struct statement **statement);

DECLARE(sqlite)
DECLARE(postgres)

#define ENGINE_FUNCTION(type, name, parameters, ...)                                                                             \
	type sqlite_##name parameters;                                                                                           \
	type postgres_##name parameters;
#define ENGINE_PROCEDURE(name, parameters, ...)                                                                                  \
	void sqlite_##name parameters;                                                                                           \
	void postgres_##name parameters;
#include "store/engines/functions.h"
#undef ENGINE_FUNCTION
#undef ENGINE_PROCEDURE

#define FIXED(prefix)                                                                                                            \
	.store_open = prefix##_store_open, .store_files = prefix##_store_files, .store_close = prefix##_store_close,             \
	.store_transaction_end = prefix##_store_transaction_end, .statement_done = prefix##_statement_done,

#define ENGINE_FUNCTION(type, name, ...) .name = sqlite_##name,
#define ENGINE_PROCEDURE(name, ...) .name = sqlite_##name,
const struct engine sqlite_engine = {FIXED(sqlite)
#include "store/engines/functions.h"
};
#undef ENGINE_FUNCTION
#undef ENGINE_PROCEDURE

#define ENGINE_FUNCTION(type, name, ...) .name = postgres_##name,
#define ENGINE_PROCEDURE(name, ...) .name = postgres_##name,
const struct engine postgres_engine = {FIXED(postgres)
#include "store/engines/functions.h"
};
#undef ENGINE_FUNCTION
#undef ENGINE_PROCEDURE

/* ---- the functions of both ---- */

/* Of a store or a statement, by its first member. */
static const struct engine *engine_of(const void *object)
{
	return *(const struct engine *const *)object;
}

#define ENGINE_FUNCTION(type, name, parameters, arguments, object)                                                               \
	type name parameters                                                                                                     \
	{                                                                                                                        \
		return engine_of(object)->name arguments;                                                                        \
	}
#define ENGINE_PROCEDURE(name, parameters, arguments, object)                                                                    \
	void name parameters                                                                                                     \
	{                                                                                                                        \
		engine_of(object)->name arguments;                                                                               \
	}
#include "store/engines/functions.h"

static const struct engine *engine_at(const char *location)
{
	bool is_postgres = strncmp(location, "postgresql://", strlen("postgresql://")) == 0 ||
	                   strncmp(location, "postgres://", strlen("postgres://")) == 0;

	return is_postgres ? &postgres_engine : &sqlite_engine;
}

bool store_open(const char *location, enum store_mode mode, struct store **out, struct error *err)
{
	return engine_at(location)->store_open(location, mode, out, err);
}

bool store_files(const char *location, struct text_list *out, struct error *err)
{
	return engine_at(location)->store_files(location, out, err);
}

void store_close(struct store **store)
{
	if (*store)
		engine_of(*store)->store_close(store);
}

void store_transaction_end(struct store **store)
{
	if (*store)
		engine_of(*store)->store_transaction_end(store);
}

void statement_done(struct statement **statement)
{
	if (*statement)
		engine_of(*statement)->statement_done(statement);
}
