/* Error answers, word for word as recorded. */
#pragma once

#include <stdint.h>

#include "base/buf.h"

struct sim_error {
	int status;
	const char *message;
	const char *domain;   /* of errors[0] */
	const char *reason;   /* of errors[0] */
	const char *location; /* of errors[0]; NULL = left out, with locationType */
	const char *location_type;
	const char *grpc_status; /* NULL: YouTube's own family, without status and details */
	const char *info_reason; /* of the ErrorInfo, NULL = no details */
	const char *project;     /* for the ErrorInfo's metadata, NULL = left out */
	const char *quota_limit; /* the same */
	const char *quota_metric;
	const char *quota_unit;
	int64_t quota_limit_value;
	int64_t window_start; /* 0 = left out */
};

/* Writes the body. */
void sim_error_write(const struct sim_error *error, struct buf *out);
