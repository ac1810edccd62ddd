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
	ACTION_REHYDRATE
};

struct options {
	enum action action;
	const char
	    *argument;      /* of --import, --print-config, --probe, --dataset and --rehydrate; borrowed from argv, as the next */
	const char *filter; /* of --dataset; "" = none */
	bool json;
	bool yes; /* the quota that --probe costs may be spent */
	bool verbose;
};

/* Errors: ERR_INVALID naming the option. */
MUST_USE bool options_read(int argc, char *argv[], struct options *out, struct error *err);

/* Prints what --help shows. */
void options_print_help(void);
