/* Texts in XML. */
#pragma once

#include "base/buf.h"

/* Appends TEXT with & < > " ' as entities. */
void escape_text(const char *text, struct buf *out);
