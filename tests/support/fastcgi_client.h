/* The other end of FastCGI, which in use is nginx. */
#pragma once

#include <sys/socket.h>

#include "base/buf.h"
#include "tests/support/params.h"

/* Appends to WIRE the bytes of a request with LEN bytes of BODY; with KEEP it asks for the connection to stay open. */
void client_add_request(struct buf *wire, const struct cgi_params *params, const char *body, size_t len, bool keep);

/* The bytes of a GET of PATH. To be cleared. */
struct buf client_get(const char *path);

/* A connection to a unix socket, whose reads fail after CLIENT_PATIENCE_S. To be closed. */
enum { CLIENT_PATIENCE_S = 30 };
int client_connect(const struct sockaddr *address, socklen_t len);

void client_send(int fd, const char *bytes, size_t len);

/* Reads an answer to its end, or to that of the connection. Returns whether it was complete; OUTPUT is what the program wrote. */
bool client_read(int fd, struct buf *output);
