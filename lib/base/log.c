#include "base/log.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "base/timestamp.h"

enum { LINE_MAX_BYTES = 4096, REQUEST_SIZE = 33 };

static enum log_level threshold = LOG_INFO;
static enum log_format log_format = LOG_FORMAT_TEXT;
static _Thread_local char request[REQUEST_SIZE];

void log_set_level(enum log_level level)
{
	threshold = level;
}

void log_set_format(enum log_format format)
{
	log_format = format;
}

const char *log_format_name(enum log_format format)
{
	static const char *const names[] = {[LOG_FORMAT_TEXT] = "text", [LOG_FORMAT_JSON] = "json"};

	return names[format];
}

void log_set_request(const char *id)
{
	snprintf(request, sizeof(request), "%s", id);
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

static void write_line(const struct buf *line)
{
	if (write(STDERR_FILENO, buf_text(line), line->len) < 0)
		return; /* nobody left to tell */
}

static void write_as_text(const char *now, enum log_level level, const char *message, const struct log_field *fields)
{
	AUTO(buf_clear) struct buf line = BUF(LINE_MAX_BYTES);

	buf_add_text(&line, now);
	add_field(&line, "level", log_level_name(level));
	add_field(&line, "msg", message);
	for (; fields && fields->name; fields++) {
		if (fields->text)
			add_field(&line, fields->name, fields->text);
		else
			buf_printf(&line, " %s=%lld", fields->name, (long long)fields->number);
	}
	if (*request)
		add_field(&line, "request", request);
	if (line.failed) /* too long: what is there, and an end */
		line = (struct buf){.data = line.data, .len = line.len, .cap = line.cap, .max = LINE_MAX_BYTES + 1};
	buf_add_char(&line, '\n');
	write_line(&line);
}

static void write_as_json(const char *now, enum log_level level, const char *message, const struct log_field *fields)
{
	AUTO(buf_clear) struct buf line = BUF(LINE_MAX_BYTES);
	struct writer w = writer_json(&line);

	write_object(&w, NULL);
	write_text(&w, "time", now);
	write_text(&w, "level", log_level_name(level));
	write_text(&w, "msg", message);
	for (const struct log_field *field = fields; field && field->name; field++) {
		if (field->text)
			write_text(&w, field->name, field->text);
		else
			write_int(&w, field->name, field->number);
	}
	if (*request)
		write_text(&w, "request", request);
	write_end(&w);
	buf_add_char(&line, '\n');
	if (!line.failed)
		write_line(&line);
	else if (fields)
		write_as_json(now, level, message, NULL);
}

void log_line(enum log_level level, const char *message, const struct log_field *fields)
{
	char now[TIMESTAMP_SIZE];

	if (level > threshold)
		return;
	timestamp_format((int64_t)time(NULL), now);
	if (log_format == LOG_FORMAT_JSON)
		write_as_json(now, level, message, fields);
	else
		write_as_text(now, level, message, fields);
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
#define BUS_ERROR "a file in use was cut short, or its disk is full (SIGBUS)"
	static const char text[] = "level=error msg=\"" BUS_ERROR "\"\n";
	static const char json[] = "{\"level\":\"error\",\"msg\":\"" BUS_ERROR "\"}\n";

	(void)number;
	if (log_format == LOG_FORMAT_JSON)
		(void)!write(STDERR_FILENO, json, sizeof(json) - 1);
	else
		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

void log_exit_on_bus_error(void)
{
	const struct sigaction action = {.sa_handler = exit_on_bus_error};

	sigaction(SIGBUS, &action, NULL);
}
