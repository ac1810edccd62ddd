#include "cron/backup/restore.h"

#include "base/file.h"
#include "base/timestamp.h"
#include "cron/backup/progress.h"
#include "store/files/backup.h"

enum { PATH_MAX_BYTES = 4096 };

/* The locks of the programs that use the database: while they are held none of them starts. */
static const struct user {
	const char *lock;
	const char *words;
} users[] = {{"web.lock", "newsreel-web runs"},
             {"fetch.lock", "a run is in progress"},
             {"alerts.lock", "alerts are being sent"},
             {"rehydrate.lock", "--rehydrate is in progress"},
             {"backup.lock", "a backup is being written"}};

enum { USERS = sizeof(users) / sizeof(users[0]) };

static void release(int (*locks)[USERS])
{
	for (size_t i = 0; i < USERS; i++)
		file_close(&(*locks)[i]);
}

static bool path_in(const struct config *config, const char *name, struct buf *out, struct error *err)
{
	buf_printf(out, "%s/%s", config->data, name);
	return buf_ok(out, err);
}

static bool lock_out(const struct config *config, int locks[USERS], struct error *err)
{
	for (size_t i = 0; i < USERS; i++) {
		AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);

		if (!path_in(config, users[i].lock, &path, err))
			return false;
		if (file_lock(buf_text(&path), &locks[i], err))
			continue;
		return err->code == ERR_BUSY ? error_set(err, ERR_BUSY,
		                                         "%s: stop newsreel (systemctl stop newsreel-web.socket newsreel-web "
		                                         "newsreel-fetch.timer newsreel-fetch), then restore",
		                                         users[i].words)
		                             : false;
	}
	return true;
}

/* "newsreel.db.20261122T100000Z" */
static bool name_aside(const char *location, int64_t now, struct buf *out, struct error *err)
{
	char time[TIMESTAMP_SIZE];

	timestamp_format(now, time);
	buf_printf(out, "%s.", location);
	for (const char *at = time; *at; at++)
		if (*at != '-' && *at != ':')
			buf_add_char(out, *at);
	return buf_ok(out, err);
}

static bool restore(const char *path, const char *location, int64_t now, FILE *progress, FILE *to, struct error *err)
{
	AUTO(buf_clear) struct buf aside = BUF(PATH_MAX_BYTES);
	struct progress shown = {.to = progress, .what = "restore"};
	struct backup_progress steps = progress_of(&shown);
	bool kept;

	if (!name_aside(location, now, &aside, err) || !file_is_unused(location, err) ||
	    !store_restore(path, location, buf_text(&aside), now, &steps, &kept, err))
		return false;
	fprintf(to, "restored %s to %s\n", path, location);
	if (kept)
		fprintf(to, "the database before is %s: delete it when you no longer need it\n", buf_text(&aside));
	return true;
}

bool restore_backup(const struct config *config, const char *path, int64_t now, FILE *progress, FILE *to, struct error *err)
{
	AUTO(buf_clear) struct buf location = BUF(PATH_MAX_BYTES);
	AUTO(release) int locks[USERS];

	for (size_t i = 0; i < USERS; i++)
		locks[i] = -1;
	if (*config->database)
		return error_set(err, ERR_INVALID,
		                 "NEWSREEL_DATABASE: PostgreSQL is restored with pg_restore (docs/machines.md)");
	return folder_make(config->data, err) && path_in(config, "newsreel.db", &location, err) && lock_out(config, locks, err) &&
	       restore(path, buf_text(&location), now, progress, to, err);
}
