/* newsreel-fetch: options, settings, the command, exit status. */

#include <signal.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"
#include "cron/commands/commands.h"

static void program_close(struct program *program)
{
	store_close(&program->store);
	config_clear(&program->config);
}

static enum exit_status help(struct program *program, struct error *err)
{
	(void)program;
	(void)err;
	options_print_help();
	return EXIT_WELL;
}

static enum exit_status version(struct program *program, struct error *err)
{
	(void)program;
	(void)err;
	puts("newsreel-fetch " NEWSREEL_VERSION);
	return EXIT_WELL;
}

static command_fn *const commands[] = {
    [ACTION_FETCH] = command_fetch,
    [ACTION_STATUS] = command_status,
    [ACTION_IMPORT] = command_import,
    [ACTION_CHECK] = command_check,
    [ACTION_MODE] = command_mode,
    [ACTION_PRINT_CONFIG] = command_print_config,
    [ACTION_PROBE] = command_probe,
    [ACTION_DATASET] = command_dataset,
    [ACTION_REHYDRATE] = command_rehydrate,
    [ACTION_BACKUP] = command_backup,
    [ACTION_DAILY_BACKUP] = command_daily_backup,
    [ACTION_RESTORE] = command_restore,
    [ACTION_REPAIR] = command_repair,
    [ACTION_IMPORT_DJANGO] = command_import_django,
    [ACTION_COPY_TO] = command_copy_to,
    [ACTION_COPY_FROM] = command_copy_from,
    [ACTION_HELP] = help,
    [ACTION_VERSION] = version,
};

static void log_warnings(const struct config *config)
{
	for (size_t i = 0; i < config->warnings.count; i++)
		log_line(LOG_WARN, config->warnings.items[i], NULL);
}

int main(int argc, char *argv[])
{
	AUTO(program_close) struct program program = {.clock = clock_system()};
	struct error err = {0};

	if (!options_read(argc, argv, &program.options, &err)) {
		fprintf(stderr, "newsreel-fetch: %s\nTry 'newsreel-fetch --help'.\n", err.text);
		return EXIT_WRONG_USE;
	}
	bool needs_config = program.options.action != ACTION_HELP && program.options.action != ACTION_VERSION;
	if (needs_config && !config_load(".env", &program.config, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_WRONG_USE;
	}
	if (needs_config && !folder_become_owner(program.config.data, &err))
		return (int)command_failed(&err);
	log_set_level(program.options.verbose ? LOG_DEBUG : program.config.log_level);
	log_set_format(program.config.log_format);
	if (program.options.action != ACTION_PRINT_CONFIG && program.options.action != ACTION_MODE) /* nginx/start asks often */
		log_warnings(&program.config);
	/* A file that may not grow is an error, no reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	log_exit_on_bus_error();
	enum exit_status result = commands[program.options.action](&program, &err);
	return fflush(stdout) == 0 ? (int)result : EXIT_FAILED;
}
