/* A data set (export/dataset.h) as a file. */
#pragma once

#include <stdint.h>

#include "store/store.h"

struct dataset_saved {
	int64_t videos;
	int64_t bytes;
};

/* Writes the data set that FILTER asks for, a query string of dataset_parameters, to the file at PATH, whole or not at all; "-" is standard
 * output. NOW: UTC seconds. Errors: as store.h; ERR_INVALID naming the invalid parameter; ERR_NOT_FOUND and ERR_INTERNAL with the system's
 * words when the file cannot be written. */
MUST_USE bool dataset_save(struct store *store, const char *filter, const char *path, int64_t now, struct dataset_saved *out,
                           struct error *err);
