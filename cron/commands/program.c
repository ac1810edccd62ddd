#include "cron/commands/program.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/process/sandbox.h"
#include "base/timestamp.h"
#include "model/quota_day.h"
#include "store/keys.h"

const char no_key_text[] = "no API key: add one to YOUTUBE_API_KEYS or with POST /api/api_key";

bool program_path(const struct config *config, const char *name, struct buf *out, struct error *err)
{
	buf_printf(out, "%s/%s", config->data, name);
	return buf_ok(out, err);
}

static bool open_store(struct program *program, enum store_mode mode, struct error *err)
{
	AUTO(buf_clear) struct buf location = BUF(DATA_PATH_BYTES);

	if (!config_database(&program->config, &location, err))
		return false;
	return store_open(buf_text(&location), mode, &program->store, err) ||
	       (*program->config.database ? error_wrap(err, "NEWSREEL_DATABASE") : false);
}

bool program_open(struct program *program, struct error *err)
{
	return quota_day_open(err) && folder_make(program->config.data, err) && open_store(program, STORE_CREATE, err);
}

bool program_open_to_read(struct program *program, struct error *err)
{
	if (!quota_day_open(err))
		return false;
	if (open_store(program, STORE_READ, err))
		return true;
	if (err->code == ERR_BUSY && !*program->config.database)
		error_set(err, ERR_BUSY,
		          "%s/newsreel.db: no database of this version: check NEWSREEL_DATA, or start newsreel-fetch to make it",
		          program->config.data);
	return false;
}

bool program_warn_of_replication(const struct program *program, struct error *err)
{
	const char *risk;

	if (!store_replication_risk(program->store, *program->config.database_read, &risk, err))
		return false;
	if (risk)
		log_line(LOG_WARN, risk, NULL);
	return true;
}

FILE *program_text(const char *name, struct error *err)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");

	if (!from)
		error_set(err, ERR_INVALID, "%s: %s", name, strerror(errno));
	return from;
}

bool program_confine(const struct program *program, const char *other, struct error *err)
{
	const struct sandbox_folder folders[] = {{program->config.data, SANDBOX_WRITE}, {other, SANDBOX_WRITE}};
	AUTO(buf_clear) struct buf location = BUF(DATA_PATH_BYTES);
	AUTO(text_list_clear) struct text_list readable = {0};

	if (!config_database(&program->config, &location, err) || !store_files(buf_text(&location), &readable, err))
		return false;
	(void)sandbox_enter(folders, other ? 2 : 1, &readable);
	return true;
}

bool program_lock(struct program *program, const char *name, const char *who, int *lock, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(DATA_PATH_BYTES);

	return folder_make(program->config.data, err) && program_path(&program->config, name, &path, err) &&
	       (file_lock(buf_text(&path), lock, err) ||
	        (err->code == ERR_BUSY && error_set(err, ERR_BUSY, "%s is still in progress", who)));
}

bool program_lock_run(struct program *program, int *lock, struct error *err)
{
	return program_lock(program, "fetch.lock", "another run", lock, err);
}

bool program_lock_store(struct program *program, enum store_lock lock, const char *who, struct error *err)
{
	bool taken = false;

	return store_lock(program->store, lock, &taken, err) &&
	       (taken || error_set(err, ERR_BUSY, "%s is still in progress on another machine", who));
}

uint64_t program_random(const struct program *program)
{
	return ((uint64_t)clock_now(&program->clock) << 20 ^ (uint64_t)getpid()) | 1;
}

struct api_client program_api_client(struct program *program, const struct youtube *youtube, uint64_t *random)
{
	return (struct api_client){.store = program->store,
	                           .youtube = youtube,
	                           .clock = program->clock,
	                           .quota = config_quota_defaults(&program->config),
	                           .random = random};
}

bool program_read_keys(struct program *program, struct key_list *keys, struct error *err)
{
	struct quota_defaults quota = config_quota_defaults(&program->config);
	int64_t now = clock_now(&program->clock);

	return program_open(program, err) && store_keys_follow_variable(program->store, &program->config.api_keys, now, err) &&
	       store_keys_list(program->store, &quota, now, keys, err) &&
	       (keys->count > 0 || error_set(err, ERR_INVALID, "%s", no_key_text));
}

enum exit_status command_failed(const struct error *err)
{
	log_line(LOG_ERROR, err->text, NULL);
	return EXIT_FAILED;
}
