#include "delivery/address.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct network {
	uint8_t bytes[16];
	int bits;
	enum address_class is;
};

/* The first that fits decides. */
static const struct network v4_networks[] = {
    {{100, 100, 100, 200}, 32, ADDRESS_FORBIDDEN}, /* metadata of Alibaba Cloud, */
    {{168, 63, 129, 16}, 32, ADDRESS_FORBIDDEN},   /* Azure, */
    {{192, 0, 0, 192}, 32, ADDRESS_FORBIDDEN},     /* Oracle Cloud */
    {{0}, 8, ADDRESS_FORBIDDEN},
    {{169, 254}, 16, ADDRESS_FORBIDDEN},
    {{224}, 4, ADDRESS_FORBIDDEN},
    {{240}, 4, ADDRESS_FORBIDDEN},
    {{10}, 8, ADDRESS_PRIVATE},
    {{127}, 8, ADDRESS_PRIVATE},
    {{172, 16}, 12, ADDRESS_PRIVATE},
    {{192, 168}, 16, ADDRESS_PRIVATE},
    {{100, 64}, 10, ADDRESS_PRIVATE},
    {{192, 0, 0}, 24, ADDRESS_PRIVATE},
    {{192, 0, 2}, 24, ADDRESS_PRIVATE},
    {{198, 18}, 15, ADDRESS_PRIVATE},
    {{198, 51, 100}, 24, ADDRESS_PRIVATE},
    {{203, 0, 113}, 24, ADDRESS_PRIVATE},
};

static const struct network v6_networks[] = {
    {{0xFD, 0, 0x0E, 0xC2, [15] = 0x54, [14] = 0x02}, 128, ADDRESS_FORBIDDEN}, /* metadata of AWS */
    {{0}, 128, ADDRESS_FORBIDDEN},
    {{[15] = 1}, 128, ADDRESS_PRIVATE},
    {{0xFE, 0x80}, 10, ADDRESS_FORBIDDEN},
    {{0xFF}, 8, ADDRESS_FORBIDDEN},
    {{0xFC}, 7, ADDRESS_PRIVATE},
    {{0xFE, 0xC0}, 10, ADDRESS_PRIVATE},
    {{0x20, 0x01, 0x0D, 0xB8}, 32, ADDRESS_PRIVATE},
    {{0, 0x64, 0xFF, 0x9B, 0, 1}, 48, ADDRESS_PRIVATE},
};

/* Where in an IPv6 address of a prefix an IPv4 address stands. */
static const struct {
	uint8_t bytes[16];
	int bits;
	int at;
	uint8_t flipped; /* its bits are exclusive-or'ed with these */
} carriers[] = {
    {{[10] = 0xFF, [11] = 0xFF}, 96, 12, 0},  {{0}, 96, 12, 0},         {{0, 0x64, 0xFF, 0x9B}, 96, 12, 0},
    {{0, 0x64, 0xFF, 0x9B, 0, 1}, 48, 12, 0}, {{0x20, 0x02}, 16, 2, 0}, {{0x20, 0x01}, 32, 12, 0xFF},
};

static bool lies_in(const uint8_t *address, const uint8_t *network, int bits)
{
	int whole = bits / 8;
	int mask = 0xFF00 >> bits % 8 & 0xFF;

	return memcmp(address, network, (size_t)whole) == 0 &&
	       (bits % 8 == 0 || (address[whole] & mask) == (network[whole] & mask));
}

static enum address_class find(const uint8_t *address, const struct network *networks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (lies_in(address, networks[i].bytes, networks[i].bits))
			return networks[i].is;
	return ADDRESS_PUBLIC;
}

static enum address_class classify_v4(const uint8_t *address)
{
	return find(address, v4_networks, sizeof(v4_networks) / sizeof(v4_networks[0]));
}

static bool is_loopback(const uint8_t *address)
{
	static const uint8_t loopback[16] = {[15] = 1};

	return memcmp(address, loopback, sizeof(loopback)) == 0;
}

static enum address_class classify_v6(const uint8_t *address)
{
	enum address_class worst = find(address, v6_networks, sizeof(v6_networks) / sizeof(v6_networks[0]));

	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]) && !is_loopback(address); i++) {
		uint8_t v4[4];

		if (!lies_in(address, carriers[i].bytes, carriers[i].bits))
			continue;
		for (int byte = 0; byte < 4; byte++)
			v4[byte] = address[carriers[i].at + byte] ^ carriers[i].flipped;
		enum address_class carried = classify_v4(v4);
		worst = carried > worst ? carried : worst;
	}
	return worst;
}

enum address_class address_classify(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return classify_v4((const uint8_t *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return classify_v6((const uint8_t *)&v6.sin6_addr);
	}
	return ADDRESS_FORBIDDEN;
}
