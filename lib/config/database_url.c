#include "config/database_url.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

static bool is_encoded(const char *url)
{
	for (const char *percent = strchr(url, '%'); percent; percent = strchr(percent + 1, '%'))
		if (!isxdigit((unsigned char)percent[1]) || !isxdigit((unsigned char)percent[2]) ||
		    strncmp(percent, "%00", 3) == 0)
			return false;
	return true;
}

/* "db1,db2:5433,[::1]:5432", LEN bytes. */
static bool has_ports(const char *hosts, size_t len)
{
	bool in_port = false, in_brackets = false;

	for (size_t i = 0; i < len; i++) {
		if (in_port && hosts[i] != ',' && !isdigit((unsigned char)hosts[i]))
			return false;
		if (hosts[i] == '[' || hosts[i] == ']')
			in_brackets = hosts[i] == '[';
		in_port = !in_brackets && (hosts[i] == ':' || (in_port && hosts[i] != ','));
	}
	return true;
}

/* "sslmode=require&connect_timeout=3" */
static bool has_pairs(const char *parameters)
{
	while (*parameters) {
		size_t len = strcspn(parameters, "&");

		if (!memchr(parameters, '=', len))
			return false;
		parameters += len + (parameters[len] == '&');
	}
	return true;
}

bool database_url_is_valid(const char *url)
{
	static const char *const schemes[] = {"postgresql://", "postgres://"};
	const char *rest = NULL;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			rest = url + strlen(schemes[i]);
	if (!rest || utf8_has_control(url) || !is_encoded(url))
		return false;
	const char *at = strchr(rest, '@');
	if (at && (strchr(at + 1, '@') || rest + strcspn(rest, "/") < at))
		return false;
	const char *hosts = at ? at + 1 : rest;
	const char *parameters = strchr(hosts, '?');
	return has_ports(hosts, strcspn(hosts, "/?")) && (!parameters || has_pairs(parameters + 1));
}
