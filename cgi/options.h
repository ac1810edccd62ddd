/* The command line of newsreel-web. */
#pragma once

#include <stdbool.h>

struct options {
	const char *socket; /* borrowed; NULL: in the data folder */
	bool demo;
	bool healthcheck;
	bool done; /* --help or --version was asked for, and printed */
};

/* False when the line is wrong, which standard error then tells. */
bool options_read(int argc, char *argv[], struct options *out);
