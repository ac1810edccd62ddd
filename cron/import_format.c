#include "cron/import_format.h"

#include <string.h>

/* Longer beginnings come before those they begin with. */
static const struct {
	const char *bytes;
	size_t len;
	const char *name;
	const char *filter; /* a command that makes it NDJSON in UTF-8 */
} formats[] = {
    {"\x1F\x8B", 2, "compressed with gzip", "zcat"},
    {"BZh", 3, "compressed with bzip2", "bzcat"},
    {"\xFD"
     "7zXZ",
     5, "compressed with xz", "xzcat"},
    {"\x28\xB5\x2F\xFD", 4, "compressed with zstd", "zstdcat"},
    {"PK\x03\x04", 4, "a ZIP archive", "unzip -p"},
    {"SQLite format 3", 15, "an SQLite database, no NDJSON", NULL},
    {"\xFF\xFE\0\0", 4, "UTF-32", "iconv -f UTF-32 -t UTF-8"},
    {"\0\0\xFE\xFF", 4, "UTF-32", "iconv -f UTF-32 -t UTF-8"},
    {"{\0\0\0", 4, "UTF-32", "iconv -f UTF-32LE -t UTF-8"},
    {"\0\0\0{", 4, "UTF-32", "iconv -f UTF-32BE -t UTF-8"},
    {"\xFF\xFE", 2, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
    {"\xFE\xFF", 2, "UTF-16", "iconv -f UTF-16 -t UTF-8"},
    {"{\0", 2, "UTF-16", "iconv -f UTF-16LE -t UTF-8"},
    {"\0{", 2, "UTF-16", "iconv -f UTF-16BE -t UTF-8"},
};

bool import_format_check(const char *bytes, size_t len, const char *option, const char *member, struct error *err)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (len < formats[i].len || memcmp(bytes, formats[i].bytes, formats[i].len) != 0)
			continue;
		if (!formats[i].filter)
			return error_set(err, ERR_INVALID, "the file is %s", formats[i].name);
		bool is_archive = strcmp(formats[i].filter, "unzip -p") == 0;
		return error_set(err, ERR_INVALID, "the file is %s: use %s FILE%s%s | newsreel-fetch %s -", formats[i].name,
		                 formats[i].filter, is_archive ? " " : "", is_archive ? member : "", option);
	}
	return true;
}
