#include "model/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

bool host_is_loopback(const char *host, size_t len)
{
	char name[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len >= sizeof(name))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	if (strcasecmp(name, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, name, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, name, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool url_is_loopback(const char *url)
{
	const char *scheme_end = strstr(url, "://");

	if (!scheme_end)
		return false;
	const char *host = scheme_end + 3;
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	return len <= strlen(host) && host_is_loopback(host, len);
}
