/* Inside lib/store only: the tables there are, which a copy of the record goes through. Another one that a migration makes belongs here too, which a test
 * sees to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct listed_table {
	const char *name;
	const char *count, *clear; /* SQL: how many rows it has; deletes them */
	bool has_first_rows;       /* which migrations put there */
	bool of_index;             /* of the search index, which is not copied but filled anew */
};

/* Those that others refer to come first. */
extern const struct listed_table listed_tables[];
extern const size_t listed_tables_count;
