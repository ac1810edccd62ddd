/* What the commands of newsreel-fetch share: settings, clock, database, locks. Errors of the functions that open or read it: as store.h. */
#pragma once

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "config/config.h"
#include "cron/api_client.h"
#include "cron/options.h"
#include "model/key.h"
#include "store/store.h"

enum exit_status { EXIT_WELL = 0, EXIT_FAILED = 1, EXIT_WRONG_USE = 2 };

enum { CALL_TIMEOUT_MAX_S = 30, DATA_PATH_BYTES = 4096 };

struct program {
	struct options options;
	struct config config;
	struct clock clock;
	struct store *store; /* NULL until a command opens it */
};

/* Logs the error. Returns EXIT_FAILED. */
enum exit_status command_failed(const struct error *err);

/* Appends the path of NAME in the data folder. Errors: ERR_NO_MEMORY. */
MUST_USE bool program_path(const struct config *config, const char *name, struct buf *out, struct error *err);

/* Opens the database; makes and migrates it where necessary. */
MUST_USE bool program_open(struct program *program, struct error *err);

/* Opens the database and changes nothing: neither it nor its folder is made. */
MUST_USE bool program_open_to_read(struct program *program, struct error *err);

/* Logs a warning when the servers that replicate the database may lose something. */
MUST_USE bool program_warn_of_replication(const struct program *program, struct error *err);

/* The file NAME to read, standard input for "-"; the caller closes it, but for standard input. NULL with ERR_INVALID. */
FILE *program_text(const char *name, struct error *err);

/* Only files of the data folder are needed from now on, and of the folder OTHER, if that is not NULL, and what connecting to the database reads. */
MUST_USE bool program_confine(const struct program *program, const char *other, struct error *err);

/* The lock NAME in the data folder, for the caller to close. Errors: ERR_BUSY while WHO, another program, has it. */
MUST_USE bool program_lock(struct program *program, const char *name, const char *who, int *lock, struct error *err);

/* The lock of runs. Errors: ERR_BUSY while another run makes calls. */
MUST_USE bool program_lock_run(struct program *program, int *lock, struct error *err);

/* The same on all machines that use the database, which is open; it is held until the store is closed or store_unlock(). */
MUST_USE bool program_lock_store(struct program *program, enum store_lock lock, const char *who, struct error *err);

/* The first state of an api_client's jitter, another one in each process. */
uint64_t program_random(const struct program *program);

/* For calls that are no part of a run. The store has to be open; YOUTUBE and RANDOM are borrowed. */
struct api_client program_api_client(struct program *program, const struct youtube *youtube, uint64_t *random);

/* Opens the database and takes over the keys of the variable, and nothing else: queries and runs stay as they are. Errors: ERR_INVALID without a
 * key. */
MUST_USE bool program_read_keys(struct program *program, struct key_list *keys, struct error *err);

/* What is said where there is no API key. */
extern const char no_key_text[];
