/* The databases of tests: in memory, or of a PostgreSQL server whose URL is in NEWSREEL_TEST_POSTGRES (tests/postgres/run). */
#pragma once

#include <stdbool.h>

/* Where a new, empty database of this test is: for store_open() with STORE_CREATE. Borrowed, until the next call. Those of PostgreSQL are dropped when the
 * program ends, or earlier when nobody uses them any more. */
const char *test_database(void);

/* Whether test_database() is PostgreSQL's. */
bool test_database_is_postgres(void);
