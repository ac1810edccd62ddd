/* What nginx writes: records of FastCGI. */
#pragma once

#include "base/buf.h"
#include "fastcgi/protocol.h"

/* Appends a pair to the content of parameters. */
void add_param(struct buf *params, const char *name, const char *value);

/* Appends a record: its header, CONTENT, and PADDING bytes. */
void add_record(struct buf *wire, int type, int id, const void *content, size_t len, size_t padding);

/* Appends a request for PATH without a body; with KEEP the connection is to stay open. */
void add_get(struct buf *wire, int id, const char *path, bool keep);
