#define _DEFAULT_SOURCE /* setgroups() */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, PATH_BYTES = 4096, NAME_BYTES = 64 };

static const char *user_name(uid_t user, char out[NAME_BYTES])
{
	char room[1024];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(user, &entry, room, sizeof(room), &found) == 0 && found)
		snprintf(out, NAME_BYTES, "%s", found->pw_name);
	else
		snprintf(out, NAME_BYTES, "%lu", (unsigned long)user);
	return out;
}

static void folder_of(const char *path, char out[PATH_BYTES])
{
	const char *last = strrchr(path, '/');

	snprintf(out, PATH_BYTES, "%.*s", last ? (int)(last - path) : 1, last ? path : ".");
	if (!*out)
		snprintf(out, PATH_BYTES, "/");
}

/* Of the folder that PATH lies in, or of PATH if it is one. */
static bool permission_error(struct error *err, const char *path)
{
	char folder[PATH_BYTES], owner[NAME_BYTES], we[NAME_BYTES];
	struct stat there;

	folder_of(path, folder);
	if (stat(path, &there) == 0 && S_ISDIR(there.st_mode))
		snprintf(folder, sizeof(folder), "%s", path);
	else if (stat(folder, &there) != 0)
		return error_set(err, ERR_INTERNAL, "%s: %s", path, strerror(EACCES));
	return error_set(err, ERR_INTERNAL, "%s: %s: the folder belongs to %s, this is %s: sudo chown -R %s %s", path,
	                 strerror(EACCES), user_name(there.st_uid, owner), user_name(geteuid(), we), we, folder);
}

bool file_error(struct error *err, const char *path, int why)
{
	if (why == EACCES)
		return permission_error(err, path);
	return error_set(err, why == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "%s: %s", path, strerror(why));
}

static bool system_error(struct error *err, const char *path)
{
	return file_error(err, path, errno);
}

void file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool file_read(const char *path, struct buf *out, struct error *err)
{
	AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[CHUNK];
	ssize_t got;

	if (fd < 0)
		return system_error(err, path);
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_error(err, path);
		buf_add(out, chunk, (size_t)got);
		if (!buf_ok(out, err))
			return error_wrap(err, "%s", path);
	}
	return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t done = write(fd, bytes, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return fsync(fd) == 0;
}

bool file_create_secret(const char *path, const char *text, struct error *err)
{
	char draft[PATH_BYTES];

	/* Written beside and linked into place: a reader never sees half of it, and a second writer loses cleanly. */
	if (snprintf(draft, sizeof(draft), "%s.%ld", path, (long)getpid()) >= (int)sizeof(draft))
		return error_set(err, ERR_INVALID, "path too long");
	unlink(draft);
	AUTO(file_close) int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return system_error(err, draft);
	bool done = write_all(fd, text, strlen(text)) && link(draft, path) == 0;
	int why = errno;
	unlink(draft);
	if (done)
		return true;
	return error_set(err, why == EEXIST ? ERR_CONFLICT : ERR_INTERNAL, "%s: %s", path, strerror(why));
}

static bool sync_path(const char *path, struct error *err)
{
	AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	return (fd >= 0 && fsync(fd) == 0) || system_error(err, path);
}

bool file_replace(const char *from, const char *to, struct error *err)
{
	char folder[PATH_BYTES];

	folder_of(to, folder);
	return sync_path(from, err) && (rename(from, to) == 0 || system_error(err, to)) && sync_path(folder, err);
}

bool file_is_unused(const char *path, struct error *err)
{
	AUTO(file_close) int fd = open(path, O_RDWR | O_CLOEXEC);
	struct flock held = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fd < 0)
		return errno == ENOENT || system_error(err, path);
	if (fcntl(fd, F_GETLK, &held) != 0)
		return system_error(err, path);
	return held.l_type == F_UNLCK || error_set(err, ERR_BUSY, "%s is in use by process %ld", path, (long)held.l_pid);
}

bool folder_make(const char *path, struct error *err)
{
	char part[PATH_BYTES];
	struct stat there = {0};

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return error_set(err, ERR_INVALID, "path too long");
	for (char *at = part + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return system_error(err, part);
		*at = '/';
	}
	if (mkdir(part, 0700) != 0 && errno != EEXIST)
		return system_error(err, part);
	if (stat(part, &there) != 0)
		return system_error(err, part);
	if (!S_ISDIR(there.st_mode))
		return error_set(err, ERR_INVALID, "%s: not a folder", path);
	return true;
}

/* Of PATH, or of the nearest folder above it that is there. */
static bool find_owner(const char *path, struct stat *out, struct error *err)
{
	char part[PATH_BYTES];

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return error_set(err, ERR_INVALID, "path too long");
	while (stat(*part ? part : ".", out) != 0) {
		char *last = strrchr(part, '/');

		if (errno != ENOENT || !*part)
			return system_error(err, part);
		/* Above "/data" is "/", above "data" the working folder. */
		if (last == part && last[1])
			last[1] = '\0';
		else
			*(last ? last : part) = '\0';
	}
	return true;
}

/* The kernel forgets the signal that comes when the parent dies, which nginx/start asked for. */
static bool become(uid_t user, gid_t group, struct error *err)
{
	int parent_died = 0;

	if (prctl(PR_GET_PDEATHSIG, &parent_died) != 0 || setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(user) != 0 ||
	    prctl(PR_SET_PDEATHSIG, parent_died) != 0)
		return error_set(err, ERR_INTERNAL, "cannot become user %lu: %s", (unsigned long)user, strerror(errno));
	return true;
}

bool folder_become_owner(const char *path, struct error *err)
{
	struct stat there = {0};

	if (geteuid() != 0)
		return true;
	return find_owner(path, &there, err) && (there.st_uid == 0 || become(there.st_uid, there.st_gid, err));
}

bool file_room(const char *path, int64_t *out, struct error *err)
{
	struct statvfs system;

	if (statvfs(path, &system) != 0)
		return system_error(err, path);
	if (system.f_blocks == 0)
		*out = INT64_MAX;
	else
		*out = system.f_flag & ST_RDONLY ? 0 : (int64_t)system.f_bavail * (int64_t)system.f_frsize;
	return true;
}

static bool lock(const char *path, int flags, int *out, struct error *err)
{
	AUTO(file_close) int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return system_error(err, path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return error_set(err, ERR_BUSY, "%s is locked by another process", path);
		return system_error(err, path);
	}
	*out = fd;
	fd = -1;
	return true;
}

bool file_lock(const char *path, int *out, struct error *err)
{
	return lock(path, O_RDWR | O_CREAT, out, err);
}

bool file_lock_existing(const char *path, int *out, struct error *err)
{
	return lock(path, O_RDONLY, out, err);
}
