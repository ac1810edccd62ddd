#define _DEFAULT_SOURCE /* syscall() */
#include "base/process/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

enum { FILES_MAX = 4096 };

/* Many times what any input takes, and what the migration of a very large database sorts in memory. */
#define MEMORY_MAX_BYTES (UINT64_C(4) << 30)

/* Each since a version of its own; headers may be older than the kernel. */
#define ACCESS_FIRST ((UINT64_C(1) << 13) - 1)
#define ACCESS_REFER (UINT64_C(1) << 13)
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_NEVER (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK)

/* Zones, certificates, how names are resolved, and the modules for that. */
static const char *const system_folders[] = {
    "/etc", "/usr", "/lib", "/lib64", "/dev", "/proc/self", "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager",
};

/* Of these some systems have links to elsewhere. */
static const char *const system_links[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/ssl/certs",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
};

/* Files and folders of certificates that somebody else named (openssl-env(7)). */
static const char *const certificates[] = {"SSL_CERT_FILE", "SSL_CERT_DIR"};

static void limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0 || now.rlim_max <= most)
		return;
	now.rlim_max = most;
	now.rlim_cur = now.rlim_cur < most ? now.rlim_cur : most;
	(void)setrlimit(resource, &now);
}

/* ---- files ---- */

/* What this kernel can confine, 0 = nothing. */
static uint64_t access_known(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return 0;
	return ACCESS_FIRST | (version >= 2 ? ACCESS_REFER : 0) | (version >= 3 ? ACCESS_TRUNCATE : 0);
}

/* One that is not there stays out of reach. */
static bool allow(int rules, const char *path, uint64_t access)
{
	AUTO(file_close) int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct landlock_path_beneath_attr beneath = {.allowed_access = access, .parent_fd = folder};

	if (folder < 0)
		return errno == ENOENT || errno == EACCES;
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

/* Allows to read what PATH, perhaps a link, leads to. One that is not there stays out of reach. */
static bool allow_reading(int rules, const char *path)
{
	AUTO(file_close) int file = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	struct stat there;

	if (file < 0 || fstat(file, &there) != 0)
		return true;
	const struct landlock_path_beneath_attr beneath = {
	    .allowed_access = S_ISDIR(there.st_mode) ? ACCESS_READ : LANDLOCK_ACCESS_FS_READ_FILE, .parent_fd = file};
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

static bool confine(const struct sandbox_folder *folders, size_t count, const struct text_list *readable)
{
	const uint64_t known = access_known();
	const uint64_t granted[] = {[SANDBOX_REMOVE] = LANDLOCK_ACCESS_FS_REMOVE_FILE, [SANDBOX_WRITE] = known & ~ACCESS_NEVER};
	const struct landlock_ruleset_attr handled = {.handled_access_fs = known};
	AUTO(file_close) int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);

	if (rules < 0)
		return false;
	for (size_t i = 0; i < sizeof(system_folders) / sizeof(system_folders[0]); i++)
		if (!allow(rules, system_folders[i], ACCESS_READ))
			return false;
	for (size_t i = 0; i < sizeof(system_links) / sizeof(system_links[0]); i++)
		if (!allow_reading(rules, system_links[i]))
			return false;
	for (size_t i = 0; i < sizeof(certificates) / sizeof(certificates[0]); i++)
		if (!allow_reading(rules, getenv(certificates[i])))
			return false;
	for (size_t i = 0; i < readable->count; i++)
		if (!allow_reading(rules, readable->items[i]))
			return false;
	for (size_t i = 0; i < count; i++)
		if (!allow(rules, folders[i].path, granted[folders[i].access]))
			return false;
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

bool sandbox_enter(const struct sandbox_folder *folders, size_t count, const struct text_list *readable)
{
	bool confined = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && confine(folders, count, readable);

	if (!confined)
		log_printf(LOG_DEBUG, "files are not confined: %s", strerror(errno));
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, FILES_MAX);
#ifndef __SANITIZE_ADDRESS__ /* which takes much more */
	limit(RLIMIT_DATA, MEMORY_MAX_BYTES);
#endif
	return confined;
}
