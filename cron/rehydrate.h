/*
 * Fetches the videos of an ids-only data set: they are asked for with videos.list, and saved as an import is. Each call's answer is saved
 * before the next one, and what is there is not asked for: it can be stopped at any time, and goes on when it is started again.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "cron/api_client.h"

struct rehydration {
	int64_t lines;
	int64_t skipped; /* lines without an id */
	int64_t ids;     /* read so far */
	int64_t known;   /* of them: in the database already */
	int64_t added;   /* fetched and saved */
	int64_t missing; /* YouTube no longer has them */
	int64_t units;   /* spent */
	bool stopped;    /* before the end of the file: no more units for it today */
};

/* Reads ids from FROM to its end, one a line: alone, as a CSV of this one column, or as the member id of a JSON object. No more than
 * MOST_UNITS are spent. PROGRESS is told of skipped lines and of how far it is. Errors: as store.h, ERR_INVALID for a file that is none of
 * ids, ERR_UPSTREAM when a call fails. OUT tells what was done even then. */
MUST_USE bool rehydrate(struct api_client *client, FILE *from, int64_t most_units, FILE *progress, struct rehydration *out,
                        struct error *err);

/* Reads one line into ID: "" for one that is blank, or the header of a CSV. Errors: ERR_INVALID with the reason in words. */
MUST_USE bool rehydrate_line(const char *line, size_t len, char id[VIDEO_ID_SIZE], struct error *err);
