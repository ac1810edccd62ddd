/* What a data set says of itself: its description for programs (Data Package, https://datapackage.org/standard/data-package/), for people,
 * and the sums of its files. All of it follows from the database, nothing from the clock. */
#pragma once

#include "base/crypto.h"
#include "export/rows.h"
#include "export/tables.h"
#include "listing/video_query.h"

enum { DATASET_FILES_MAX = 8, DATASET_PATH_SIZE = 24 };

/* A file that has been written. */
struct dataset_file {
	char path[DATASET_PATH_SIZE];
	const char *title;
	const struct table *table; /* what its rows have; NULL: what those of the data set's videos have, or it has none */
	bool is_table;
	int64_t bytes;
	int64_t rows;
	char sha256[CRYPTO_HEX_SIZE];
};

/* What is told. */
struct dataset_facts {
	const struct video_query *list; /* the filter */
	const char *query;              /* the text of the tracked query in it, NULL = none */
	struct rows rows;               /* of the videos */
	bool ids_only;
	int64_t changed_at;     /* the state of the database, UTC seconds: 0 = it is empty */
	int64_t changed_at_end; /* the same after the last row was read: later when something was recorded meanwhile */
	int64_t videos, gone;
	struct dataset_file files[DATASET_FILES_MAX];
	size_t file_count;
};

/* Append datapackage.json, README.md and SHA256SUMS, of the files so far. */
void manifest_write_package(const struct dataset_facts *facts, struct buf *out);
void manifest_write_readme(const struct dataset_facts *facts, struct buf *out);
void manifest_write_sums(const struct dataset_facts *facts, struct buf *out);
