/* The command line of newsreel-fetch. */
#pragma once

#include "base/error.h"

enum action {
	ACTION_FETCH,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_STATUS,
	ACTION_IMPORT,
	ACTION_CHECK,
	ACTION_MODE,
	ACTION_PRINT_CONFIG,
	ACTION_PROBE,
	ACTION_DATASET,
	ACTION_REHYDRATE,
	ACTION_BACKUP,
	ACTION_DAILY_BACKUP,
	ACTION_RESTORE,
	ACTION_REPAIR,
	ACTION_IMPORT_DJANGO,
	ACTION_COPY_TO,
	ACTION_COPY_FROM
};

struct options {
	enum action action;
	const char *argument; /* what follows the action's name; borrowed from argv, as the next */
	const char *filter;   /* of --dataset; "" = none */
	bool json;
	bool yes;       /* the quota that --probe costs may be spent */
	bool with_keys; /* --import-django takes over API keys too */
	bool verbose;
};

/* Errors: ERR_INVALID naming the option. */
MUST_USE bool options_read(int argc, char *argv[], struct options *out, struct error *err);

/* Prints what --help shows. */
void options_print_help(void);
