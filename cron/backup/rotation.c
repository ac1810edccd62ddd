#include "cron/backup/rotation.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text_list.h"
#include "base/timestamp.h"

enum { PATH_MAX_BYTES = 4096, DATE_LEN = sizeof("2026-11-22") - 1 };

static const char prefix[] = "newsreel-", suffix[] = ".db";

void rotation_name(int64_t now, char out[ROTATION_NAME_SIZE])
{
	char time[TIMESTAMP_SIZE];

	timestamp_format(now, time);
	snprintf(out, ROTATION_NAME_SIZE, "%s%.*s%s", prefix, DATE_LEN, time, suffix);
}

/* What follows "newsreel-2026-11-22.db" in NAME, NULL when it does not begin so; *DAY is that day's midnight. */
static const char *rest_of(const char *name, int64_t *day)
{
	char date[DATE_LEN + 1];

	if (strlen(name) < ROTATION_NAME_SIZE - 1 || strncmp(name, prefix, strlen(prefix)) != 0)
		return NULL;
	memcpy(date, name + strlen(prefix), DATE_LEN);
	date[DATE_LEN] = '\0';
	name += strlen(prefix) + DATE_LEN;
	return strncmp(name, suffix, strlen(suffix)) == 0 && timestamp_parse_date(date, day) ? name + strlen(suffix) : NULL;
}

/* Of a backup that was killed, with what SQLite had beside it. */
static bool is_part(const char *rest)
{
	static const char *const parts[] = {FILE_PART, FILE_PART "-journal", FILE_PART "-wal", FILE_PART "-shm"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(rest, parts[i]) == 0)
			return true;
	return false;
}

static bool list_files(const char *folder, int64_t today, struct text_list *backups, struct text_list *parts, struct error *err)
{
	DIR *open_folder = opendir(folder);
	const struct dirent *entry;
	bool done = true;

	if (!open_folder)
		return file_error(err, folder, errno);
	while (done && (entry = readdir(open_folder))) {
		int64_t day;
		const char *rest = rest_of(entry->d_name, &day);

		if (rest && !*rest && day <= today) /* one of the future was made by a wrong clock */
			done = text_list_add(backups, entry->d_name, err);
		else if (rest && is_part(rest) && day != today)
			done = text_list_add(parts, entry->d_name, err);
	}
	closedir(open_folder);
	return done;
}

static bool remove_file(const char *folder, const char *name, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_ok(&path, err) && (unlink(buf_text(&path)) == 0 || errno == ENOENT || file_error(err, buf_text(&path), errno));
}

/* Their names are in the order of their days. */
static int newest_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

static bool remove_backups(const char *folder, const struct text_list *backups, int64_t keep, int64_t too_old, int64_t *removed,
                           struct error *err)
{
	for (size_t i = 1; i < backups->count; i++) {
		int64_t day = 0;

		if ((int64_t)i < keep && rest_of(backups->items[i], &day) && day > too_old)
			continue;
		if (!remove_file(folder, backups->items[i], err))
			return false;
		++*removed;
	}
	return true;
}

bool rotation_remove_old(const char *folder, int64_t keep, int64_t age_days, int64_t now, int64_t *removed, struct error *err)
{
	AUTO(text_list_clear) struct text_list backups = {0};
	AUTO(text_list_clear) struct text_list parts = {0};
	int64_t today = timestamp_day(now);

	*removed = 0;
	if (!list_files(folder, today, &backups, &parts, err))
		return false;
	if (backups.count)
		qsort(backups.items, backups.count, sizeof(backups.items[0]), newest_first);
	for (size_t i = 0; i < parts.count; i++)
		if (!remove_file(folder, parts.items[i], err))
			return false;
	return remove_backups(folder, &backups, keep, today - age_days * SECONDS_PER_DAY, removed, err);
}
