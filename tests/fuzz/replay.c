/* Gives a fuzzing target every input of its corpus, without libFuzzer: one test for tests/run. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX_BYTES = 1024 * 1024, PATH_MAX_BYTES = 4096 };

static bool replay(const char *path)
{
	AUTO(buf_clear) struct buf input = BUF(INPUT_MAX_BYTES);
	struct error err = {0};

	if (!file_read(path, &input, &err)) {
		printf("# %s: %s\n", path, err.text);
		return false;
	}
	/* A copy of exactly its size, so that the address sanitizer sees a step over its end. */
	uint8_t *bytes = malloc(input.len ? input.len : 1);
	PROMISE(bytes != NULL);
	memcpy(bytes, buf_text(&input), input.len);
	/* In the output before anything happens: a crash then tells which input it was. */
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(bytes, input.len);
	free(bytes);
	return true;
}

/* Replays the folder and returns how many inputs it has, -1 when one cannot be read. */
static int replay_all(const char *folder)
{
	DIR *entries = opendir(folder);
	const struct dirent *entry;
	int count = 0;

	while (entries && count >= 0 && (entry = readdir(entries))) {
		AUTO(buf_clear) struct buf path = BUF(PATH_MAX_BYTES);

		if (entry->d_name[0] == '.')
			continue;
		buf_printf(&path, "%s/%s", folder, entry->d_name);
		count = replay(buf_text(&path)) ? count + 1 : -1;
	}
	if (entries)
		closedir(entries);
	return count;
}

int main(int argc, char *argv[])
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];
	AUTO(buf_clear) struct buf folder = BUF(PATH_MAX_BYTES);

	(void)argc;
	buf_printf(&folder, "tests/fuzz/corpus/%s", name);
	printf("1..1\n");
	int count = replay_all(buf_text(&folder));
	printf("%s 1 - %s: %d inputs\n", count > 0 ? "ok" : "not ok", name, count);
	return count > 0 ? 0 : 1;
}
