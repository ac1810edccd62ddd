/*
 * Log lines for people and machines, in logfmt on stderr:
 *	2026-11-22T10:00:00Z level=info msg=run calls=3 new=41
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

/* One more word of a line. Values with blanks, quotes, '=' or control characters are quoted and escaped. */
struct log_field {
	const char *name; /* NULL ends the list */
	const char *text; /* NULL: the number counts */
	int64_t number;
};

#define LOG_TEXT(field_name, value) ((struct log_field){.name = (field_name), .text = (value)})
#define LOG_NUMBER(field_name, value) ((struct log_field){.name = (field_name), .number = (value)})
#define LOG_END ((struct log_field){0})

/* Writes one line in one write(2). FIELDS may be NULL. Lines are cut at 4 KiB. Never fails. */
void log_line(enum log_level level, const char *message, const struct log_field *fields);

/* The same for a message without fields. */
void log_printf(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* From now on SIGBUS ends the process with a line and exit status 1: a file mapped into memory, such as SQLite's -shm, was cut short or
 * found no room on its disk. */
void log_exit_on_bus_error(void);
