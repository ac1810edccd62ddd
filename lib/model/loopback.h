/* Which hosts are this machine itself: only they may be asked without TLS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whether LEN bytes of HOST name the loopback interface: localhost, 127.0.0.0/8, ::1 or [::1]. Names are not looked up. */
bool host_is_loopback(const char *host, size_t len);

/* The same for the host of URL, "SCHEME://HOST[:PORT][/…]". */
bool url_is_loopback(const char *url);
