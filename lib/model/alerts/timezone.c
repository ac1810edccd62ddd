#include "model/alerts/timezone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PATH_SIZE = 512 };

bool timezone_exists(const char *name)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_+-/";
	const char *folder = getenv("TZDIR");
	char path[PATH_SIZE];
	char magic[4] = "";

	if (!*name || strlen(name) > TIMEZONE_MAX_BYTES || name[0] == '/' || strspn(name, allowed) != strlen(name))
		return false;
	snprintf(path, sizeof(path), "%s/%s", folder && *folder ? folder : "/usr/share/zoneinfo", name);
	FILE *file = fopen(path, "re");
	bool is_zone = file && fread(magic, 1, sizeof(magic), file) == sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;
	if (file)
		fclose(file);
	return is_zone;
}
