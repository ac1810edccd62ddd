/*
 * Inside lib/store only: what a reader types, as a full-text expression.
 *
 * All words must match; the last one also as a beginning, unless a blank or a quote ends the text, or it is a single letter of a
 * script with spaces (that would walk most of the index). "a phrase", -word, a OR b. There is no syntax error: an unclosed quote
 * is a blank, an OR without words on both sides is a word, a text of nothing but -words is searched for those words, everything
 * else is literal.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "store/db.h"

/* Appends the expression to OUT; nothing when the text has no letter to search for. Errors: ERR_NO_MEMORY, ERR_TOO_LARGE. */
MUST_USE bool search_text_compile(struct store *store, const char *text, struct buf *out, struct error *err);
