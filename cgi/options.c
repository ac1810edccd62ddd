#include "cgi/options.h"

#include <getopt.h>
#include <stdio.h>

#include "config/config.h"

static void print_help(void)
{
	fputs("Usage: newsreel-web [--socket PATH] [--demo]\n"
	      "       newsreel-web --healthcheck\n"
	      "\n"
	      "Serves the JSON API and the pages over FastCGI, for nginx. On TERM it finishes its requests and exits.\n"
	      "\n"
	      "  --socket PATH  unix socket to listen on, unless systemd passes one (web.sock in the data folder)\n"
	      "  --demo         serve the demo's database; API keys still go to the live one\n"
	      "  --healthcheck  ask /healthz of nginx at NEWSREEL_LISTEN, print the answer, and exit: 0 if it is 200, else 1\n"
	      "  --version, --help\n"
	      "\n"
	      "Exit status: 0 well, 1 something failed, 2 wrong use or configuration.\n"
	      "\n"
	      "Variables, from the environment or the file .env in this folder; NAME_FILE names a file to read the value from:\n",
	      stdout);
	config_print_help(stdout);
}

bool options_read(int argc, char *argv[], struct options *out)
{
	static const struct option options[] = {
	    {"socket", required_argument, NULL, 's'}, {"demo", no_argument, NULL, 'd'},
	    {"healthcheck", no_argument, NULL, 'c'},  {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			out->socket = optarg;
			break;
		case 'd':
			out->demo = true;
			break;
		case 'c':
			out->healthcheck = true;
			break;
		case 'h':
			print_help();
			out->done = true;
			return true;
		case 'v':
			puts("newsreel-web " NEWSREEL_VERSION);
			out->done = true;
			return true;
		default:
			return false;
		}
	}
	if (optind < argc)
		fprintf(stderr, "newsreel-web: there is nothing to do with '%s'\n", argv[optind]);
	return optind == argc;
}
