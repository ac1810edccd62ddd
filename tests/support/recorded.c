#include "tests/support/recorded.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum { FILE_MAX_BYTES = 4 * 1024 * 1024 };

bool recorded_read(const char *name, struct buf *out)
{
	char path[512];
	struct error err;

	snprintf(path, sizeof(path), RECORDED_FOLDER "/%s", name);
	*out = BUF(FILE_MAX_BYTES);
	return file_read(path, out, &err);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

int recorded_each(const char *prefix, void (*visit)(const char *name, const struct buf *body))
{
	DIR *folder = opendir(RECORDED_FOLDER);
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder))) {
		const char *name = entry->d_name;
		AUTO(buf_clear) struct buf body = {0};

		if (strncmp(name, prefix, strlen(prefix)) != 0 || !ends_with(name, ".json") || ends_with(name, ".http.json") ||
		    ends_with(name, ".headers.json") || !recorded_read(name, &body))
			continue;
		visit(name, &body);
		count++;
	}
	if (folder)
		closedir(folder);
	return count;
}
