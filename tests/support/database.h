/* The databases of tests: in memory or in files, or of a PostgreSQL server whose URL is in NEWSREEL_TEST_POSTGRES (tests/postgres/run). */
#pragma once

#include <stdbool.h>

/* Where a new, empty database of this test is: for store_open() with STORE_CREATE. Borrowed, until the next call. Those of PostgreSQL are dropped when the
 * program ends, or earlier when they are closed and eight more were made. */
const char *test_database(void);

/* The same for several connections and processes; in OUT its location: of SQLite the path NAME in FOLDER, whose files are the caller's to remove. */
enum { TEST_LOCATION_SIZE = 512 };
void test_database_in(const char *folder, const char *name, char out[TEST_LOCATION_SIZE]);

/* The same, for one that is not there until store_open() makes it. */
void test_database_absent(const char *folder, const char *name, char out[TEST_LOCATION_SIZE]);

/* Whether test_database() is PostgreSQL's. */
bool test_database_is_postgres(void);
