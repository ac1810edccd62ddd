/* Page tokens of search: base64url of a protobuf {1: offset, 2: direction}, as seen: "CDIQAA" = from the 51st on, "CDIQAQ" = the page
 * that ends before the 51st. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TOKEN_SIZE = 16 };

void token_write(int64_t offset, bool backward, char out[TOKEN_SIZE]);

/* False when it is no token. */
bool token_read(const char *token, int64_t *offset, bool *backward);
