#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "delivery/address.h"

static enum address_class class_of(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_classify((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_classify((const struct sockaddr *)&v6);
}

static void check(const char *const *addresses, size_t count, enum address_class class)
{
	for (size_t i = 0; i < count; i++)
		if (class_of(addresses[i]) != class)
			fail_msg("%s: %d, not %d", addresses[i], (int)class_of(addresses[i]), (int)class);
}

#define CHECK(class, ...)                                                                                                        \
	check((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), class)

static void addresses_of_the_internet_are_public(void **state)
{
	(void)state;
	CHECK(ADDRESS_PUBLIC, "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
	      "169.253.255.255", "169.255.0.0", "192.167.255.255", "223.255.255.255", "198.17.255.255", "198.20.0.0",
	      "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
	      "2001:0:4136:e378:8000:63bf:f7f7:f7f7");
}

static void addresses_of_this_machine_and_its_networks_are_private(void **state)
{
	(void)state;
	CHECK(ADDRESS_PRIVATE, "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
	      "192.168.0.1", "100.64.0.1", "100.127.255.255", "198.18.0.1", "192.0.2.1", "::1", "fc00::1", "fdff::1", "fec0::1",
	      "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8",
	      "2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe");
}

static void link_local_and_metadata_addresses_are_forbidden_in_any_guise(void **state)
{
	(void)state;
	CHECK(ADDRESS_FORBIDDEN, "0.0.0.0", "0.1.2.3", "169.254.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
	      "192.0.0.192", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "fe80::1", "febf::1",
	      "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::169.254.169.254",
	      "64:ff9b:1::169.254.169.254", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:5601:5601", "::ffff:0.0.0.0");
}

static void other_families_are_forbidden(void **state)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};

	(void)state;
	assert_int_equal(address_classify((const struct sockaddr *)&local), ADDRESS_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_of_the_internet_are_public),
	    cmocka_unit_test(addresses_of_this_machine_and_its_networks_are_private),
	    cmocka_unit_test(link_local_and_metadata_addresses_are_forbidden_in_any_guise),
	    cmocka_unit_test(other_families_are_forbidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
