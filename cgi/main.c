/* newsreel-web: from its options and configuration to its end. */

#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process/sandbox.h"
#include "base/text.h"
#include "cgi/healthcheck.h"
#include "cgi/options.h"
#include "cgi/request/cache.h"
#include "cgi/server.h"
#include "model/quota_day.h"

enum exit_status { EXIT_WELL = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2 };

enum { LOCATION_MAX_BYTES = 4096, TOKEN_BYTES = 32, FILE_MAX_BYTES = 4096, LOCK_PATIENCE_MS = 20000, LOCK_RETRY_MS = 50 };

struct program {
	struct options options;
	struct config config;
	struct tmpl_set *templates;
	struct shared shared;
	char *token;
	char *served_path;
	char *live_path;
	char build[CRYPTO_HEX_SIZE];
	char *socket_path;
	int lock;
	struct server server;
};

static void program_close(struct program *program)
{
	server_close(&program->server);
	databases_close(&program->shared.databases);
	tmpl_set_close(&program->templates);
	config_clear(&program->config);
	free(program->token);
	free(program->served_path);
	free(program->live_path);
	free(program->socket_path);
	file_close(&program->lock);
}

static bool join_path(const char *folder, const char *name, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf path = BUF(FILE_MAX_BYTES);

	buf_printf(&path, "%s/%s", folder, name);
	return buf_take(&path, out, err);
}

static bool read_token(const char *path, char **out, struct error *err)
{
	AUTO(buf_clear) struct buf content = BUF(FILE_MAX_BYTES);

	if (!file_read(path, &content, err) || !buf_take(&content, out, err))
		return false;
	(*out)[strcspn(*out, "\r\n")] = '\0';
	return **out || error_set(err, ERR_INVALID, "%s is empty: remove it, and a new token is made", path);
}

/* The configured token, or the one in the data folder, which is made at the first start. */
static bool find_token(const struct config *config, char **out, struct error *err)
{
	AUTO(text_free) char *path = NULL;
	char fresh[2 * TOKEN_BYTES + 2];

	if (*config->admin_token)
		return text_copy(config->admin_token, out, err);
	if (!join_path(config->data, "admin-token", &path, err))
		return false;
	if (read_token(path, out, err) || err->code != ERR_NOT_FOUND)
		return *out != NULL && **out;
	if (!crypto_random_hex(TOKEN_BYTES, fresh, err))
		return false;
	fresh[sizeof(fresh) - 2] = '\n';
	fresh[sizeof(fresh) - 1] = '\0';
	if (file_create_secret(path, fresh, err) || err->code == ERR_CONFLICT)
		return read_token(path, out, err);
	/* Reading needs none. */
	log_printf(LOG_ERROR, "no admin token can be saved, and nobody can sign in: %s", err->text);
	fresh[sizeof(fresh) - 2] = '\0';
	return text_copy(fresh, out, err);
}

static bool find_paths(struct program *program, struct error *err)
{
	AUTO(buf_clear) struct buf live = BUF(LOCATION_MAX_BYTES);
	const char *data = program->config.data;

	if (!config_database(&program->config, &live, err) || !text_copy(buf_text(&live), &program->live_path, err) ||
	    !(program->options.demo ? join_path(data, "demo/newsreel.db", &program->served_path, err)
	                            : text_copy(program->live_path, &program->served_path, err)))
		return false;
	return program->options.socket ? text_copy(program->options.socket, &program->socket_path, err)
	                               : join_path(data, "web.sock", &program->socket_path, err);
}

/* On a disk that is full or read-only there is something to show all the same. */
static bool try_lock(struct program *program, const char *path, struct error *err)
{
	struct error ignored;

	return file_lock(path, &program->lock, err) ||
	       (err->code != ERR_BUSY && file_lock_existing(path, &program->lock, &ignored));
}

/* The one before us may still have requests at hand. */
static bool wait_for_lock(struct program *program, const char *path, struct error *err)
{
	const struct clock clock = clock_system();
	int64_t deadline = clock_monotonic_ms() + LOCK_PATIENCE_MS;
	bool told = false;

	while (!try_lock(program, path, err)) {
		if (err->code != ERR_BUSY || clock_monotonic_ms() > deadline)
			return false;
		if (!told)
			log_line(LOG_INFO, "waiting for another newsreel-web to end", NULL);
		told = true;
		clock_sleep(&clock, LOCK_RETRY_MS);
	}
	return true;
}

static bool lock_data(struct program *program, struct error *err)
{
	AUTO(text_free) char *path = NULL;

	if (!folder_make(program->config.data, err) || !join_path(program->config.data, "web.lock", &path, err))
		return false;
	if (wait_for_lock(program, path, err))
		return true;
	if (err->code == ERR_BUSY)
		error_set(err, ERR_BUSY, "another newsreel-web is at work on %s: stop it, or set NEWSREEL_DATA",
		          program->config.data);
	return false;
}

/* From now on the data folder is all that is needed, what connecting to the database reads, and that the socket can be removed. */
static bool confine(const struct program *program, struct error *err)
{
	AUTO(text_free) char *run = NULL;
	AUTO(text_list_clear) struct text_list readable = {0};

	if (!text_copy(program->socket_path, &run, err) || !store_files(program->live_path, &readable, err) ||
	    !store_files(program->config.database_read, &readable, err))
		return false;
	const struct sandbox_folder folders[] = {{program->config.data, SANDBOX_WRITE}, {dirname(run), SANDBOX_REMOVE}};
	(void)sandbox_enter(folders, sizeof(folders) / sizeof(folders[0]), &readable);
	return true;
}

/* The demo has none. */
static const char *replica_of(const struct program *program)
{
	return *program->config.database_read && !program->options.demo ? program->config.database_read : NULL;
}

/* While there is no database yet, a run of newsreel-fetch says it. */
static void warn_of_replication(struct program *program)
{
	AUTO(databases_unlock) struct databases_lock db = {0};
	struct error ignored;
	const char *risk = NULL;

	if (databases_lock(&program->shared.databases, &db, &ignored) &&
	    store_replication_risk(db.served, *program->config.database_read, &risk, &ignored) && risk)
		log_line(LOG_WARN, risk, NULL);
}

static bool start(struct program *program, struct error *err)
{
	if (!quota_day_open(err) || !tmpl_set_open(&embedded_templates, &program->templates, err) || !find_paths(program, err) ||
	    !lock_data(program, err) || !find_token(&program->config, &program->token, err) ||
	    !cache_build_id(&program->config, program->build, err))
		return false;
	program->shared = (struct shared){
	    .config = &program->config,
	    .templates = program->templates,
	    .clock = clock_system(),
	    .admin_token = program->token,
	    .demo = program->options.demo,
	    .build = program->build,
	    .costly = {.guard = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER},
	    .wrong_tokens = {.guard = PTHREAD_MUTEX_INITIALIZER},
	    .databases = {.guard = PTHREAD_MUTEX_INITIALIZER,
	                  .served = {.path = program->served_path, .mode = STORE_WRITE},
	                  .live = {.path = program->options.demo ? program->live_path : NULL, .mode = STORE_WRITE},
	                  .replica = {.location = replica_of(program)}},
	};
	program->shared.started_at = clock_now(&program->shared.clock);
	if (*program->config.database)
		warn_of_replication(program);
	return server_open(program->socket_path, &program->server, err) && confine(program, err);
}

int main(int argc, char *argv[])
{
	AUTO(program_close) struct program program = {.lock = -1, .server = SERVER_CLOSED};
	struct error err = {0};

	if (!options_read(argc, argv, &program.options)) {
		fputs("Try 'newsreel-web --help'.\n", stderr);
		return EXIT_WRONG_USE;
	}
	if (program.options.done)
		return EXIT_WELL;
	if (!config_load(".env", &program.config, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_WRONG_USE;
	}
	if (program.options.healthcheck) {
		bool healthy = healthcheck(program.config.listen, &err);

		if (!healthy)
			fprintf(stderr, "newsreel-web: %s\n", err.text);
		return healthy ? EXIT_WELL : EXIT_FAILED;
	}
	log_set_level(program.config.log_level);
	log_set_format(program.config.log_format);
	log_exit_on_bus_error();
	for (size_t i = 0; i < program.config.warnings.count; i++)
		log_line(LOG_WARN, program.config.warnings.items[i], NULL);
	if (!folder_become_owner(program.config.data, &err) || !start(&program, &err) ||
	    !server_run(&program.server, &program.shared, &err)) {
		log_line(LOG_ERROR, err.text, NULL);
		return EXIT_FAILED;
	}
	return atomic_load(&program.shared.outdated) ? EXIT_FAILED : EXIT_WELL;
}
