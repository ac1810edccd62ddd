/*
 * What a program gives up for good, so that a fault in it reaches no further than it has to: new privileges, core dumps (keys are in its
 * memory), more descriptors and memory (4 GiB) than it needs, and, where the kernel has Landlock, all files but those named here and what libraries read of
 * the system. Programs cannot be executed then. It holds for all threads that are started later, and for files that are opened later.
 */
#pragma once

#include <stddef.h>

#include "base/text_list.h"

enum sandbox_access {
	SANDBOX_REMOVE, /* files of the folder may be removed: a socket */
	SANDBOX_WRITE   /* all but executing programs and making devices */
};

/* A folder, with all that is below it. One that is replaced by another is out of reach until the program starts again. */
struct sandbox_folder {
	const char *path;
	enum sandbox_access access;
};

/* READABLE are paths of more files and folders, which may be read. Returns whether the kernel confines the files, too; if it cannot, that is in the log (debug), and all else holds. To be called while
 * there is one thread. */
bool sandbox_enter(const struct sandbox_folder *folders, size_t count, const struct text_list *readable);
