/* Page tokens of search: base64url of a protobuf {1: offset, 2: direction}, as seen: "CDIQAA" = from the 51st on, "CDIQAQ" = the
 * page that ends before the 51st. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum { TOKEN_SIZE = 32 };

void token_write(int64_t offset, bool backward, char out[TOKEN_SIZE]);

/* False when it is no token. */
bool token_read(const char *token, int64_t *offset, bool *backward);

/* The same for the lists of playlistItems, whose tokens hold one of search in a text: "EAAaBlBUOkNESQ" = from the 51st on. */
void token_write_list(int64_t offset, char out[TOKEN_SIZE]);
MUST_USE bool token_read_list(const char *token, int64_t *offset);

/* LEN bytes in base64url without padding; OUT has room for 4/3 of them and some more. */
void base64_write(const unsigned char *bytes, int len, char *out);
