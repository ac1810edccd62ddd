/* Who sends a request, so far as its IP address tells. */
#pragma once

#include "base/crypto.h"
#include "cgi/request/context.h"

/* A text that is the same for all requests from one address, of IPv6 from one network of 64 bits, which one household or server has.
 * It is a keyed hash: nobody learns the address from it. Errors: ERR_INTERNAL. */
MUST_USE bool requester_name(const struct app *app, const struct request *req, char out[CRYPTO_HEX_SIZE], struct error *err);
