/* What newsreel-fetch can be told to do, one function for each action of options.h; docs/newsreel-fetch.1 says what each does. They print to standard
 * output, log errors, and return the exit status of the program; ERR is for them to use. */
#pragma once

#include "cron/commands/program.h"

typedef enum exit_status command_fn(struct program *program, struct error *err);

command_fn command_fetch;
command_fn command_status;
command_fn command_mode;
command_fn command_print_config;
command_fn command_probe;
command_fn command_dataset;
command_fn command_rehydrate;
command_fn command_import;
command_fn command_import_django;
command_fn command_backup;
command_fn command_daily_backup;
command_fn command_restore;
command_fn command_check;
command_fn command_repair;
command_fn command_copy_to;
command_fn command_copy_from;
