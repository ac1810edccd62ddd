/*
 * What every import does: videos are saved in batches, with the queries that found them (video.found, by import), what cannot be used is
 * skipped and named by its number, and the search index is filled last.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "model/video.h"
#include "store/store.h"

struct import_result {
	int64_t lines; /* of a file, blank ones too; or rows of a table */
	int64_t added;
	int64_t updated;
	int64_t unchanged;
	int64_t skipped; /* those that are no video: without id, title or publication time … */
};

/* How many videos were read. */
int64_t import_videos_read(const struct import_result *result);

struct importer {
	struct store *store;
	const struct clock *clock;
	FILE *progress;   /* a terminal or a log */
	const char *unit; /* what is counted: "line", "row" */
	struct import_result result;

	/* Its own. */
	struct video_list batch;
	int64_t started_ms;
	int64_t skipped_first, skipped_last; /* with the same reason, not told yet; 0 = none */
	char skipped_reason[sizeof(((struct error *)0)->text)];
};

/* Begins with IMPORTER, whose members down to `unit` are set; importer_end() has to follow in any case. */
MUST_USE bool importer_begin(struct importer *importer, struct error *err);

/* Reads on to the next line or row. */
void importer_count(struct importer *importer);

/* It is *VIDEO, which is the importer's from then on and empty for the caller. */
MUST_USE bool importer_add(struct importer *importer, struct video *video, struct error *err);

/* It is of no use. */
void importer_skip(struct importer *importer, const char *reason);

/* When all was read (DONE) saves the rest and fills the search index. What was committed before a failure stays; the next run or import
 * completes its search index. Returns whether all is well; ERR is set already when DONE is false. */
MUST_USE bool importer_end(struct importer *importer, bool done, struct error *err);

/* Fills the search index with what waits for it, with progress on PROGRESS. */
MUST_USE bool import_fill_index(struct store *store, FILE *progress, struct error *err);
