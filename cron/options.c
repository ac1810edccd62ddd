#include "cron/options.h"

#include <getopt.h>
#include <stdio.h>

#include "config/config.h"

enum { OPTION_JSON = 1000, OPTION_VERBOSE };

static const struct option long_options[] = {
    {"help", no_argument, NULL, ACTION_HELP},
    {"version", no_argument, NULL, ACTION_VERSION},
    {"status", no_argument, NULL, ACTION_STATUS},
    {"import", required_argument, NULL, ACTION_IMPORT},
    {"check", no_argument, NULL, ACTION_CHECK},
    {"mode", no_argument, NULL, ACTION_MODE},
    {"print-config", required_argument, NULL, ACTION_PRINT_CONFIG},
    {"json", no_argument, NULL, OPTION_JSON},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {NULL, 0, NULL, 0},
};

static bool set_action(struct options *options, int action, struct error *err)
{
	if (options->action != ACTION_TICK)
		return error_set(err, ERR_INVALID,
		                 "--help, --version, --status, --import, --check, --mode and --print-config exclude each other");
	options->action = (enum action)action;
	options->argument = optarg;
	return true;
}

bool options_read(int argc, char *argv[], struct options *out, struct error *err)
{
	struct options options = {0};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (option == ':')
			return error_set(err, ERR_INVALID, "%.60s needs a value", argv[optind - 1]);
		if (option == '?')
			return error_set(err, ERR_INVALID, "there is no option %.60s", argv[optind - 1]);
		if (option == OPTION_JSON)
			options.json = true;
		else if (option == OPTION_VERBOSE)
			options.verbose = true;
		else if (!set_action(&options, option, err))
			return false;
	}
	if (optind < argc)
		return error_set(err, ERR_INVALID, "there is nothing to do with '%.60s'", argv[optind]);
	if (options.json && options.action != ACTION_STATUS)
		return error_set(err, ERR_INVALID, "--json goes with --status");
	*out = options;
	return true;
}

void options_print_help(void)
{
	fputs("Usage: newsreel-fetch [OPTION]\n"
	      "\n"
	      "Without an option: one tick. Looks what is due, asks YouTube, saves, and ends; to be started every minute.\n"
	      "\n"
	      "  --status [--json]    what is due, quota left, last errors\n"
	      "  --import FILE        take over videos from NDJSON (- = standard input)\n"
	      "  --check              verify the record\n"
	      "  --mode               print 'live', or 'demo' while there is no key\n"
	      "  --print-config NAME  print the value of a variable\n"
	      "  --verbose            say more\n"
	      "  --version, --help\n"
	      "\n"
	      "Exit status: 0 well, 1 something failed, 2 wrong use or configuration.\n"
	      "\n"
	      "Variables, from the environment or the file .env in this folder; NAME_FILE names a file to read the value from:\n",
	      stdout);
	config_print_help(stdout);
}
