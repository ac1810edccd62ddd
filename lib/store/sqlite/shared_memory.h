/* Inside lib/store/sqlite only: the memory that the connections of one database share while it is in WAL mode, the file "-shm". */
#pragma once

#include <sqlite3.h>

/* The methods of an open database file with one of them replaced. */
struct shared_memory {
	sqlite3_io_methods methods; /* first: the file points to it */
	const sqlite3_io_methods *system;
};

/* From now on a full disk is SQLITE_FULL to DB, where it was a signal that ends the process. GUARD has to outlive DB. */
void shared_memory_guard(sqlite3 *db, struct shared_memory *guard);
