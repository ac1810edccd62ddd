/* A transport that gives prepared answers, one a call, and remembers how it was asked. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "youtube/http.h"

enum { SCRIPTED_MAX = 64 };

struct scripted_answer {
	int status;          /* 0 = no answer at all: the connection was cut; below 0 = nothing was sent */
	const char *body;    /* borrowed */
	int64_t retry_after; /* seconds, 0 = none */
};

struct scripted {
	struct scripted_answer answers[SCRIPTED_MAX]; /* the last one is given for all further calls */
	size_t answer_count;
	size_t calls;
	char keys[SCRIPTED_MAX][130]; /* of each call */
	char urls[SCRIPTED_MAX][2048];
	char forms[SCRIPTED_MAX][2048]; /* "" unless one was posted */
};

struct transport scripted_transport(struct scripted *scripted);
