/*
 * Log lines for people and machines on stderr, in logfmt or as JSON:
 *	2026-11-22T10:00:00Z level=info msg=run calls=3 new=41
 *	{"time":"2026-11-22T10:00:00Z","level":"info","msg":"run","calls":3,"new":41}
 * Only the programs log; the libraries return errors.
 */
#pragma once

#include <stdint.h>

#include "base/attr.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "error", "warn", "info", "debug". */
const char *log_level_name(enum log_level level);

/* Lines above LEVEL are dropped. The default is LOG_INFO. */
void log_set_level(enum log_level level);

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON, LOG_FORMAT_COUNT };

/* "text", "json". */
const char *log_format_name(enum log_format format);

/* The default is LOG_FORMAT_TEXT. */
void log_set_format(enum log_format format);

/* From now on the lines of this thread end with the request ID (at most 32 bytes are kept), "" = none does. */
void log_set_request(const char *id);

/* One more word of a line. Values with blanks, quotes, '=' or control characters are quoted and escaped. */
struct log_field {
	const char *name; /* NULL ends the list */
	const char *text; /* NULL: the number counts */
	int64_t number;
};

#define LOG_TEXT(field_name, value) ((struct log_field){.name = (field_name), .text = (value)})
#define LOG_NUMBER(field_name, value) ((struct log_field){.name = (field_name), .number = (value)})
#define LOG_END ((struct log_field){0})

/* Writes one line in one write(2). FIELDS may be NULL. Lines of text are cut at 4 KiB; of JSON that would be longer, the fields are left out.
 * Never fails. */
void log_line(enum log_level level, const char *message, const struct log_field *fields);

/* The same for a message without fields. */
void log_printf(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* From now on SIGBUS ends the process with a line and exit status 1: a file mapped into memory, such as SQLite's -shm, was cut short or
 * found no room on its disk. */
void log_exit_on_bus_error(void);
