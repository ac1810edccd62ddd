/* What was done before a page is shown again, by its parameter `done`. */
#pragma once

#include <stddef.h>

#include "http/request.h"

enum { OUTCOMES_MAX = 12 };

struct outcome {
	const char *name;  /* in the URL */
	const char *words; /* on the page */
};

/* The words of the outcome that the URL names, NULL when it names none. Errors: ERR_INVALID when it is none of the COUNT OUTCOMES. */
MUST_USE bool outcome_read(const struct request *req, const struct outcome outcomes[], size_t count, const char **words,
                           struct error *err);
