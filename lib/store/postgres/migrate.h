/*
 * Inside lib/store/postgres only: whose a database is, and the numbered migrations.
 *
 * lib/store/postgres/migrations/NNNN_name.sql are applied in the order of their names. NNNN is the number of SQLite's migration after which both schemas
 * mean the same: 0032_schema.sql is all of SQLite's up to 0032, and from there on each of SQLite's has one of the same number here. Several files may
 * have one number, such as 0032_schema.sql and 0032_search.sql. The Makefile builds in what lies there. The table `newsreel` has the number of the
 * last one that was applied.
 */
#pragma once

#include "base/error.h"
#include "store/store.h"

/* Applies the migrations that are missing, all in one transaction. Safe against another process doing the same at the same time. Errors: ERR_INVALID
 * (another program's database), ERR_OUTDATED (the schema is newer than this program). */
MUST_USE bool pg_migrate(struct store *store, struct error *err);
