#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process/sandbox.h"

enum { WELL = 0, NOT_CONFINED = 77, PATH_BYTES = 96 };

struct place {
	char folder[40];
	char data[PATH_BYTES], run[PATH_BYTES], readable[PATH_BYTES], other[PATH_BYTES];
};

static void make_file(const char *folder)
{
	char path[PATH_BYTES + 8];
	snprintf(path, sizeof(path), "%s/file", folder);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/newsreel-sandbox.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->data, PATH_BYTES, "%s/data", place->folder);
	snprintf(place->run, PATH_BYTES, "%s/run", place->folder);
	snprintf(place->readable, PATH_BYTES, "%s/readable", place->folder);
	snprintf(place->other, PATH_BYTES, "%s/other", place->folder);
	assert_int_equal(mkdir(place->data, 0700) | mkdir(place->run, 0700) | mkdir(place->readable, 0700) |
	                     mkdir(place->other, 0700),
	                 0);
	make_file(place->data);
	make_file(place->run);
	make_file(place->readable);
	make_file(place->other);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	const char *const folders[] = {place->data, place->run, place->readable, place->other};
	char path[PATH_BYTES + 8];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/file", folders[i]);
		(void)unlink(path);
		rmdir(folders[i]);
	}
	rmdir(place->folder);
	free(place);
	return 0;
}

/* 0 = it can be opened, else why not. */
static int opening(const char *folder, int flags)
{
	char path[PATH_BYTES + 8];
	snprintf(path, sizeof(path), "%s/file", folder);
	int fd = open(path, flags | O_CLOEXEC);
	int why = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return why;
}

/* What a process of its own does, which cannot go back: the line of what is wrong. */
static int enter(const struct place *place)
{
	const struct sandbox_folder folders[] = {{place->data, SANDBOX_WRITE}, {place->run, SANDBOX_REMOVE}};
	char path[PATH_BYTES + 8];
	char *readable[] = {path, (char[]){"/not/there"}};
	struct rlimit core, files;

	snprintf(path, sizeof(path), "%s/file", place->readable);
	bool confined = sandbox_enter(folders, 2, &(struct text_list){.items = readable, .count = 2});
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return __LINE__;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return __LINE__;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max > 4096)
		return __LINE__;
#ifndef __SANITIZE_ADDRESS__
	void *volatile much = malloc((size_t)5 << 30); /* volatile: or the compiler leaves it out */
	bool unbounded = much;
	free(much);
	if (unbounded)
		return __LINE__;
#endif
	if (!confined)
		return NOT_CONFINED;
	if (opening(place->data, O_RDWR | O_TRUNC) != 0 || opening("/etc/../etc", O_RDONLY) != ENOENT)
		return __LINE__;
	if (opening(place->other, O_RDONLY) != EACCES || opening(place->other, O_WRONLY) != EACCES)
		return __LINE__;
	if (opening(place->run, O_RDONLY) != EACCES)
		return __LINE__;
	if (opening(place->readable, O_RDONLY) != 0 || opening(place->readable, O_WRONLY) != EACCES)
		return __LINE__;
	snprintf(path, sizeof(path), "%s/file", place->run);
	if (unlink(path) != 0)
		return __LINE__;
	snprintf(path, sizeof(path), "%s/file", place->other);
	if (unlink(path) == 0 || errno != EACCES)
		return __LINE__;
	char *const arguments[] = {(char[]){"true"}, NULL};
	execv("/usr/bin/true", arguments);
	return errno == EACCES ? WELL : __LINE__;
}

static void files_outside_are_out_of_reach(void **state)
{
	const struct place *place = *state;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(enter(place));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_CONFINED)
		puts("# this kernel cannot confine files: not tested");
	else
		assert_int_equal(WEXITSTATUS(status), WELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(files_outside_are_out_of_reach, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
