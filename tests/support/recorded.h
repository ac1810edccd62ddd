/* Recorded answers of YouTube, which live beside the project and may be absent. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

#define RECORDED_FOLDER "../shared/youtube/recorded"

/* Reads the file NAME; false when it is not there. */
bool recorded_read(const char *name, struct buf *out);

/* Calls VISIT for every .json file whose name begins with PREFIX and is no list of headers. Returns how many there were. */
int recorded_each(const char *prefix, void (*visit)(const char *name, const struct buf *body));
