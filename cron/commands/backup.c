#include "cron/commands/commands.h"

#include "base/file.h"
#include "base/log.h"
#include "cron/backup/backup.h"
#include "cron/backup/restore.h"
#include "model/quota_day.h"

enum exit_status command_backup(struct program *program, struct error *err)
{
	if (!backup_make(&program->config, program->options.argument, clock_now(&program->clock), stderr, err))
		return command_failed(err);
	printf("%s: a backup, verified; it holds API keys and secrets of alerts\n", program->options.argument);
	return EXIT_WELL;
}

/* The folder has to be there before other files are out of reach; if it cannot be made, the backup says why. */
static bool confine_backup(const struct program *program, struct error *err)
{
	struct error ignored;

	return program_confine(program, folder_make(program->config.backup_dir, &ignored) ? program->config.backup_dir : NULL,
	                       err);
}

static bool back_up_today(struct program *program, struct error *err)
{
	int64_t begun_ms = clock_monotonic_ms();
	struct backup_day day;

	if (!backup_daily(program->store, &program->config, clock_now(&program->clock), NULL, &day, err))
		return error_wrap(err, "backup");
	if (day.made)
		log_printf(LOG_INFO, "backup: written to %s in %lld ms, %lld old ones removed", program->config.backup_dir,
		           (long long)(clock_monotonic_ms() - begun_ms), (long long)day.removed);
	return true;
}

/* Before the first run, and until one has migrated the database, there is nothing to do; the next hour tries again. */
enum exit_status command_daily_backup(struct program *program, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(DATA_PATH_BYTES);

	if (!*program->config.backup_dir) {
		log_line(LOG_DEBUG, "NEWSREEL_BACKUP_DIR is not set: no backup is made", NULL);
		return EXIT_WELL;
	}
	if (!backup_is_possible(&program->config, err) || !confine_backup(program, err) ||
	    !program_path(&program->config, "newsreel.db", &path, err))
		return command_failed(err);
	if (!store_open(buf_text(&path), STORE_WRITE, &program->store, err)) {
		if (err->code != ERR_BUSY)
			return command_failed(err);
		log_line(LOG_INFO, err->text, NULL);
		return EXIT_WELL;
	}
	return back_up_today(program, err) ? EXIT_WELL : command_failed(err);
}

enum exit_status command_restore(struct program *program, struct error *err)
{
	return quota_day_open(err) && restore_backup(&program->config, program->options.argument, clock_now(&program->clock),
	                                             stderr, stdout, err)
	           ? EXIT_WELL
	           : command_failed(err);
}
