/* The e-mail of a rule: MIME (RFC 2045 to 2047), with text and HTML. Every header is made of what cannot end it. */
#pragma once

#include "delivery/news.h"

/* Appends the e-mail with this SUBJECT and TEXT, ready for SMTP. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE, ERR_INTERNAL. */
MUST_USE bool mail_write(const struct news *news, const char *subject, const char *text, struct buf *out, struct error *err);

/* Appends TEXT as encoded words (RFC 2047), on lines of a header. */
void mail_add_words(struct buf *out, const char *text);
