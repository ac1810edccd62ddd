#include "tests/support/place.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

int place_set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/newsreel-place.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	*state = place;
	return 0;
}

static void empty(const char *folder)
{
	DIR *files = opendir(folder);
	const struct dirent *entry;
	char path[512];

	assert_non_null(files);
	while ((entry = readdir(files))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && unlink(path) != 0) {
			empty(path);
			rmdir(path);
		}
	}
	closedir(files);
}

int place_tear_down(void **state)
{
	struct place *place = *state;

	empty(place->folder);
	assert_int_equal(rmdir(place->folder), 0);
	free(place);
	return 0;
}

const char *place_path(const struct place *place, const char *name, char out[PLACE_PATH_SIZE])
{
	snprintf(out, PLACE_PATH_SIZE, "%s/%s", place->folder, name);
	return out;
}

void place_write(const struct place *place, const char *name, const char *bytes)
{
	char path[PLACE_PATH_SIZE];
	FILE *file = fopen(place_path(place, name, path), "w");

	assert_non_null(file);
	assert_true(fputs(bytes, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

int place_has(const struct place *place, const char *name)
{
	char path[PLACE_PATH_SIZE];

	return access(place_path(place, name, path), F_OK) == 0;
}
