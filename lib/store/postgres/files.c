/* Files that libpq reads when it connects. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/store.h"

enum { PATH_BYTES_MAX = 4096 };

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static bool add_options(const PQconninfoOption *option, struct text_list *out, struct error *err)
{
	static const char *const keywords[] = {"passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir"};

	for (; option && option->keyword; option++)
		for (size_t i = 0; option->val && i < sizeof(keywords) / sizeof(keywords[0]); i++)
			if (strcmp(option->keyword, keywords[i]) == 0 && !text_list_add(out, option->val, err))
				return false;
	return true;
}

/* Files of services, and their folder. What a service of the environment names is among its options. */
static bool add_services(struct text_list *out, struct error *err)
{
	static const char *const names[] = {"PGSERVICEFILE", "PGSYSCONFDIR"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = getenv(names[i]);

		if (path && !text_list_add(out, path, err))
			return false;
	}
	return true;
}

/* Where they are when nothing names them. */
static bool add_home(struct text_list *out, struct error *err)
{
	static const char *const names[] = {".pgpass", ".postgresql", ".pg_service.conf"};
	const char *home = getenv("HOME");

	for (size_t i = 0; home && i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO(buf_clear) struct buf path = BUF(PATH_BYTES_MAX);

		buf_printf(&path, "%s/%s", home, names[i]);
		if (!buf_ok(&path, err) || !text_list_add(out, buf_text(&path), err))
			return false;
	}
	return true;
}

/* That a URL is none is told when it is opened. */
bool store_files(const char *location, struct text_list *out, struct error *err)
{
	AUTO(free_options) PQconninfoOption *named = PQconninfoParse(location, NULL);
	AUTO(free_options) PQconninfoOption *of_environment = PQconndefaults();

	return add_options(named, out, err) && add_options(of_environment, out, err) && add_services(out, err) &&
	       add_home(out, err);
}
