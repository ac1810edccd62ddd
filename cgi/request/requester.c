#include "cgi/request/requester.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { NETWORK_BYTES = 8, NETWORK_SIZE = 64 };

/* The network of 64 bits, when the address is IPv6's; else the address itself. */
static void write_network(const char *address, char out[NETWORK_SIZE])
{
	struct in6_addr ipv6;

	if (inet_pton(AF_INET6, address, &ipv6) == 1 && !IN6_IS_ADDR_V4MAPPED(&ipv6)) {
		char text[INET6_ADDRSTRLEN] = "";

		memset(ipv6.s6_addr + NETWORK_BYTES, 0, sizeof(ipv6.s6_addr) - NETWORK_BYTES);
		snprintf(out, NETWORK_SIZE, "%s/64", inet_ntop(AF_INET6, &ipv6, text, sizeof(text)) ? text : "");
	} else {
		const char *last = strrchr(address, ':'); /* ::ffff:192.0.2.1 is 192.0.2.1 */

		snprintf(out, NETWORK_SIZE, "%s", last ? last + 1 : address);
	}
}

bool requester_name(const struct app *app, const struct request *req, char out[CRYPTO_HEX_SIZE], struct error *err)
{
	char text[NETWORK_SIZE + sizeof("requester ")];
	char network[NETWORK_SIZE];

	write_network(req->address, network);
	snprintf(text, sizeof(text), "requester %s", network);
	return crypto_hmac_sha256(app->shared->admin_token, text, out, err);
}
