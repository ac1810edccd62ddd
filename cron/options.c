#include "cron/options.h"

#include <getopt.h>
#include <stdio.h>

#include "config/config.h"

enum { OPTION_JSON = 1000, OPTION_VERBOSE, OPTION_YES, OPTION_WITH_KEYS };

static const struct option long_options[] = {
    {"help", no_argument, NULL, ACTION_HELP},
    {"version", no_argument, NULL, ACTION_VERSION},
    {"status", no_argument, NULL, ACTION_STATUS},
    {"import", required_argument, NULL, ACTION_IMPORT},
    {"check", no_argument, NULL, ACTION_CHECK},
    {"mode", no_argument, NULL, ACTION_MODE},
    {"print-config", required_argument, NULL, ACTION_PRINT_CONFIG},
    {"probe", required_argument, NULL, ACTION_PROBE},
    {"dataset", required_argument, NULL, ACTION_DATASET},
    {"rehydrate", required_argument, NULL, ACTION_REHYDRATE},
    {"backup", required_argument, NULL, ACTION_BACKUP},
    {"daily-backup", no_argument, NULL, ACTION_DAILY_BACKUP},
    {"restore", required_argument, NULL, ACTION_RESTORE},
    {"repair", no_argument, NULL, ACTION_REPAIR},
    {"import-django", required_argument, NULL, ACTION_IMPORT_DJANGO},
    {"copy-to", required_argument, NULL, ACTION_COPY_TO},
    {"copy-from", required_argument, NULL, ACTION_COPY_FROM},
    {"json", no_argument, NULL, OPTION_JSON},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {"yes", no_argument, NULL, OPTION_YES},
    {"with-keys", no_argument, NULL, OPTION_WITH_KEYS},
    {NULL, 0, NULL, 0},
};

static bool set_action(struct options *options, int action, struct error *err)
{
	if (options->action != ACTION_FETCH)
		return error_set(
		    err, ERR_INVALID,
		    "use only one of --help, --version, --status, --import, --import-django, --check, --repair, --backup, "
		    "--daily-backup, --restore, --copy-to, --copy-from, --mode, --print-config, --probe, --dataset and "
		    "--rehydrate");
	options->action = (enum action)action;
	options->argument = optarg;
	return true;
}

bool options_read(int argc, char *argv[], struct options *out, struct error *err)
{
	struct options options = {.filter = ""};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (option == ':')
			return error_set(err, ERR_INVALID, "%.60s needs a value", argv[optind - 1]);
		if (option == '?')
			return error_set(err, ERR_INVALID, "unknown option %.60s", argv[optind - 1]);
		if (option == OPTION_JSON)
			options.json = true;
		else if (option == OPTION_VERBOSE)
			options.verbose = true;
		else if (option == OPTION_YES)
			options.yes = true;
		else if (option == OPTION_WITH_KEYS)
			options.with_keys = true;
		else if (!set_action(&options, option, err))
			return false;
	}
	if (options.action == ACTION_DATASET && optind < argc)
		options.filter = argv[optind++];
	if (optind < argc)
		return error_set(err, ERR_INVALID, "unexpected argument '%.60s'", argv[optind]);
	if (options.json && options.action != ACTION_STATUS)
		return error_set(err, ERR_INVALID, "--json needs --status");
	if (options.yes && options.action != ACTION_PROBE)
		return error_set(err, ERR_INVALID, "--yes needs --probe");
	if (options.with_keys && options.action != ACTION_IMPORT_DJANGO)
		return error_set(err, ERR_INVALID, "--with-keys needs --import-django");
	*out = options;
	return true;
}

void options_print_help(void)
{
	fputs(
	    "Usage: newsreel-fetch [OPTION]\n"
	    "\n"
	    "Without an option: one run. It polls the queries that are due, saves what is new, and ends. Start it every minute.\n"
	    "\n"
	    "  --status [--json]    show queries, gaps, quota, the last runs and errors\n"
	    "  --import FILE        import videos from NDJSON (- = standard input)\n"
	    "  --import-django FILE [--with-keys]\n"
	    "                       import videos and queries from the db.sqlite3 of the Django program, with its API keys\n"
	    "  --check              check the database\n"
	    "  --repair             rebuild what can be rebuilt: search index, counts\n"
	    "  --backup FILE        write a backup of the database, also while newsreel runs; it holds API keys\n"
	    "  --daily-backup       write the backup of the day into NEWSREEL_BACKUP_DIR, unless it is there. Start it every "
	    "hour\n"
	    "  --restore FILE       put a backup in the place of the database, which is kept beside; stop newsreel first\n"
	    "  --copy-to URL        copy the record from newsreel.db in NEWSREEL_DATA to an empty PostgreSQL database\n"
	    "  --copy-from URL      copy the record from a PostgreSQL database to newsreel.db, which must not hold one\n"
	    "  --mode               print 'live', or 'demo' before there is any key or video\n"
	    "  --print-config NAME  print the value of a variable\n"
	    "  --probe QUERY [--yes]\n"
	    "                       ask YouTube what its search does today; tells first what that costs\n"
	    "  --dataset FILE [FILTER]\n"
	    "                       write a data set (ZIP; - = standard output) of all videos, or of a list's parameters, such "
	    "as\n"
	    "                       'query=falcon&tracked=1'; with format=csv in CSV, with content=ids of ids only\n"
	    "  --rehydrate FILE     fetch the videos of ids from YouTube: of a data set with content=ids (- = standard input)\n"
	    "  --verbose            log every call\n"
	    "  --version, --help\n"
	    "\n"
	    "Exit status: 0 success, 1 something failed, 2 wrong use or configuration.\n"
	    "\n"
	    "Variables come from the environment or the file .env in this folder; NAME_FILE names a file to read the value "
	    "from:\n",
	    stdout);
	config_print_help(stdout);
}
