/* One tick of newsreel-fetch, as remembered. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct run {
	int64_t id;
	int64_t started_at;
	int64_t finished_at; /* 0 = still running, or killed */
	int64_t searches;    /* calls charged */
	int64_t units;       /* calls charged */
	int64_t added;       /* videos that were new */
	int64_t updated;     /* videos that changed */
	int64_t skipped;     /* items of answers that could not be used */
	int64_t failures;    /* calls that failed */
	char *error;         /* the last failure in words, NULL when there was none */
};

void run_clear(struct run *run);
