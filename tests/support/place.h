/* A folder of a test's own below /tmp, for files of any name. */
#pragma once

enum { PLACE_PATH_SIZE = 128 };

struct place {
	char folder[40];
};

/* Fixtures of a test; *STATE is a struct place. */
int place_set_up(void **state);
int place_tear_down(void **state);

/* The path of NAME in it, in OUT; returns OUT. */
const char *place_path(const struct place *place, const char *name, char out[PLACE_PATH_SIZE]);

/* A file there. */
void place_write(const struct place *place, const char *name, const char *bytes);
int place_has(const struct place *place, const char *name);
