/* What a message tells, and texts of others in it. */
#pragma once

#include "base/buf.h"
#include "model/alerts/alert.h"
#include "model/video.h"

/* A message to be written; all borrowed. */
struct news {
	const struct alert *alert;
	const struct delivery *delivery;
	const struct video_list *videos;
	const char *list_url;        /* of the rule's list, absolute; "" = not known */
	const char *unsubscribe_url; /* the same, of the page that ends the rule's e-mails */
	const char *mail_from;
	int64_t now;
};

enum { MESSAGE_MAX_BYTES = 2 * 1024 * 1024 };

/* TEXT on one line, nothing in it that cannot be seen: control characters and marks of direction become blanks; at most MAX bytes, cut at a
 * character. Each character of SPECIAL gets a BEFORE in front ("" = none) and an AFTER behind. */
struct escaping {
	const char *special, *before, *after;
};
void message_add_line(struct buf *out, const char *text, size_t max, const struct escaping *escaping);
