/* Which addresses alerts may be sent to. */
#pragma once

struct sockaddr; /* sys/socket.h */

enum address_class {
	ADDRESS_PUBLIC,
	ADDRESS_PRIVATE,  /* this machine and its networks */
	ADDRESS_FORBIDDEN /* link-local, metadata of clouds, multicast, no address of a host */
};

/* The class of an IPv4 or IPv6 address; of one that carries another (v4-mapped, NAT64, 6to4, Teredo), that of the other, too. Any other family is
 * forbidden. */
enum address_class address_classify(const struct sockaddr *address);
