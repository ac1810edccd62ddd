/* One HTTP request to a subscriber on loopback. */
#pragma once

#include "base/buf.h"

/* Gets URL, or posts BODY (not NULL) to it, with SIGNATURE as its X-Hub-Signature unless that is "". Returns the status and the
 * answer's body; 0 when there is no answer within a few seconds. */
int sender_send(const char *url, const char *body, const char *signature, struct buf *answer);
