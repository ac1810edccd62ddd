/* The URL of a database (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING). */
#pragma once

#include <stdbool.h>

/* Whether it is postgresql://[USER[:PASSWORD]@]HOST[:PORT][,…]/NAME[?KEY=VALUE[&…]] in which it is clear what the password is: libpq says in its
 * messages what it takes for something else. So '@' stands only behind the password, '%' before two digits, and a port has nothing but digits. */
bool database_url_is_valid(const char *url);
