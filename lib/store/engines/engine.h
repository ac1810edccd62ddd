/*
 * Inside lib/store only: which engine a store belongs to. A program built without PostgreSQL has SQLite alone, whose functions are those of
 * statement.h, store.h and so on by name: nothing stands in between.
 *
 * With both (make POSTGRES=1) each engine's functions have its name before theirs, by build/generated/ENGINE_names.h, which the Makefile makes
 * of functions.h and puts before the engine's files; engines.c has the functions themselves, which ask the store for its engine.
 */
#pragma once

#include "store/search/indexing.h"
#include "store/search/search_scan.h"
#include "store/statement.h"
#include "store/store.h"

struct buf;
struct table; /* transfer/table.h */

struct engine {
	bool (*store_open)(const char *location, enum store_mode mode, struct store **out, struct error *err);
	bool (*store_files)(const char *location, struct text_list *out, struct error *err);
	void (*store_close)(struct store **store);
	void (*store_transaction_end)(struct store **store);
	void (*statement_done)(struct statement **statement);
#define ENGINE_FUNCTION(type, name, parameters, ...) type(*name) parameters;
#define ENGINE_PROCEDURE(name, parameters, ...) void(*name) parameters;
#include "store/engines/functions.h"
#undef ENGINE_FUNCTION
#undef ENGINE_PROCEDURE
};

/* The first member of struct store and struct statement is a pointer to it: ENGINE_SQLITE in SQLite's, ENGINE_POSTGRES in PostgreSQL's. */
extern const struct engine sqlite_engine, postgres_engine;

#ifdef HAVE_POSTGRES
#define ENGINE_SQLITE (&sqlite_engine)
#define ENGINE_POSTGRES (&postgres_engine)
#else
#define ENGINE_SQLITE NULL
#endif
