#include "base/log.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/timestamp.h"

enum { LINE_MAX_BYTES = 4096 };

static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
	threshold = level;
}

static bool needs_quotes(const char *text)
{
	return !*text || strpbrk(text, " \"=\\") || utf8_has_control(text);
}

static void add_quoted(struct buf *line, const char *text)
{
	buf_add_char(line, '"');
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			buf_printf(line, "\\%c", *at);
		else if (*at == '\n')
			buf_add_text(line, "\\n");
		else if (*at < ' ' || *at == 0x7F)
			buf_printf(line, "\\x%02x", *at);
		else if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) /* U+0080 to U+009F, a terminal obeys them too */
			buf_printf(line, "\\x%02x", *++at);
		else
			buf_add_char(line, (char)*at);
	}
	buf_add_char(line, '"');
}

static void add_field(struct buf *line, const char *name, const char *text)
{
	buf_printf(line, " %s=", name);
	if (needs_quotes(text))
		add_quoted(line, text);
	else
		buf_add_text(line, text);
}

const char *log_level_name(enum log_level level)
{
	static const char *const names[] = {
	    [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

	return names[level];
}

void log_line(enum log_level level, const char *message, const struct log_field *fields)
{
	AUTO(buf_clear) struct buf line = BUF(LINE_MAX_BYTES);
	char now[TIMESTAMP_SIZE];

	if (level > threshold)
		return;
	timestamp_format((int64_t)time(NULL), now);
	buf_add_text(&line, now);
	add_field(&line, "level", log_level_name(level));
	add_field(&line, "msg", message);
	for (; fields && fields->name; fields++) {
		if (fields->text)
			add_field(&line, fields->name, fields->text);
		else
			buf_printf(&line, " %s=%lld", fields->name, (long long)fields->number);
	}
	if (line.failed) /* too long: what is there, and an end */
		line = (struct buf){.data = line.data, .len = line.len, .cap = line.cap, .max = LINE_MAX_BYTES + 1};
	buf_add_char(&line, '\n');
	if (write(STDERR_FILENO, buf_text(&line), line.len) < 0)
		return; /* nobody left to tell */
}

void log_printf(enum log_level level, const char *format, ...)
{
	char message[1024];
	va_list values;

	va_start(values, format);
	vsnprintf(message, sizeof(message), format, values);
	va_end(values);
	log_line(level, message, NULL);
}

/* Only what is safe in a signal handler. */
static void exit_on_bus_error(int number)
{
	static const char line[] = "level=error msg=\"a file in use was cut short, or its disk is full (SIGBUS)\"\n";

	(void)number;
	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(1);
}

void log_exit_on_bus_error(void)
{
	const struct sigaction action = {.sa_handler = exit_on_bus_error};

	sigaction(SIGBUS, &action, NULL);
}
