/* Tracked queries as lines: a text, or an object in JSON with its settings. */
#pragma once

#include "cgi/request/context.h"

/* What came of the lines. */
struct query_import {
	int64_t added; /* or resumed */
	int64_t known; /* whose settings were set */
	struct failed_line {
		int64_t line; /* from 1 */
		struct error why;
	} * failed; /* owned */
	size_t failed_count;
};

void query_import_clear(struct query_import *result);

/* Takes over each of the LINES on its own: one that cannot be stops none of the others. Errors: those that are about no line. */
MUST_USE bool query_import(struct app *app, const char *lines, struct query_import *out, struct error *err);

/* The same of the only member, `lines`, of a body. Errors: ERR_INVALID. */
MUST_USE bool query_import_body(struct app *app, const struct request *req, struct query_import *out, struct error *err);
