/* A file `.env`: a good configuration or an error that can be shown. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "model/query.h"
#include "tests/fuzz/fuzz.h"

#define BETWEEN(number, min, max) PROMISE((number) >= (min) && (number) <= (max))

static void promise_base_url(const char *url)
{
	PROMISE(strncmp(url, "http", 4) == 0 && url[strlen(url) - 1] != '/' && !strpbrk(url, "?#\"'<> "));
}

static void promise_config(const struct config *config)
{
	struct error err;

	for (size_t i = 0; i < config->api_keys.count; i++)
		PROMISE(key_check(config->api_keys.items[i], &err));
	for (size_t i = 0; i < config->queries.count; i++)
		PROMISE(query_check(config->queries.items[i], &err));
	BETWEEN(config->interval_s, 5, 86400);
	BETWEEN(config->start_days, 1, 3650);
	BETWEEN(config->visitor_queries, 0, 1000);
	BETWEEN(config->page_size, 1, 100);
	BETWEEN(config->refresh_days, 1, 30);
	BETWEEN(config->threads, 1, 256);
	PROMISE(config->searches_per_day >= 0 && config->units_per_day >= 0);
	PROMISE(strchr(config->listen, ':') != NULL);
	PROMISE(config->data[0] && !strpbrk(config->data, "\"'\\;{}$`\n"));
	PROMISE(!config->admin_token[0] || strlen(config->admin_token) >= 16);
	if (config->public_url[0])
		promise_base_url(config->public_url);
	promise_base_url(config->api_url);
}

/* Writes the input where config_load() finds it: "/dev/fd/N". */
static int put(const uint8_t *data, size_t size, FILE *file, char *path, size_t room)
{
	PROMISE(file && fwrite(data, 1, size, file) == size && fflush(file) == 0);
	PROMISE(lseek(fileno(file), 0, SEEK_SET) == 0);
	return snprintf(path, room, "/dev/fd/%d", fileno(file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum error_code allowed[] = {ERR_INVALID, ERR_TOO_LARGE, ERR_NONE};
	AUTO(config_clear) struct config config = {0};
	struct error err = {0};
	char path[32];
	FILE *file = tmpfile();

	put(data, size, file, path, sizeof(path));
	if (config_load(path, &config, &err))
		promise_config(&config);
	else
		fuzz_promise_error(&err, allowed);
	fclose(file);
	return 0;
}
