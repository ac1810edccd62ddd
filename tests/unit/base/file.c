#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

enum { OWNER = 12345, GROUP = 12346, PATH_SIZE = 64 };

/* Whether a process that has become the owner of PATH is USER and GROUP, for good. */
static bool becomes(const char *path, uid_t user, gid_t group)
{
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct error err;
		gid_t groups[8];
		bool done = folder_become_owner(path, &err) && getuid() == user && geteuid() == user && getgid() == group &&
		            getgroups(8, groups) == 1 && groups[0] == group && (user == 0 || setuid(0) != 0);

		_exit(done ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void root_becomes_the_owner_of_the_folder(void **state)
{
	char folder[] = "/tmp/newsreel-owner.XXXXXX";
	char deeper[PATH_SIZE];

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	snprintf(deeper, sizeof(deeper), "%s/not/there", folder);
	assert_int_equal(chown(folder, OWNER, GROUP), 0);
	assert_true(becomes(folder, OWNER, GROUP));
	assert_true(becomes(deeper, OWNER, GROUP));
	assert_int_equal(rmdir(folder), 0);
}

static void in_its_own_folders_everybody_stays(void **state)
{
	static const char *const paths[] = {"/", "/not-there/data", "not-there"};
	struct error err;

	(void)state;
	assert_int_equal(chdir("/"), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		uid_t before = geteuid();

		assert_true(folder_become_owner(paths[i], &err));
		assert_int_equal(geteuid(), before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(root_becomes_the_owner_of_the_folder),
	    cmocka_unit_test(in_its_own_folders_everybody_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
