#include "cgi/request/http_error.h"

#define INTERNAL .status = 500, .type = "/problems/internal", .title = "Internal error"
#define BUSY .status = 503, .type = "/problems/busy", .title = "Not available at the moment"

static const struct http_error errors[] = {
    [ERR_NONE] = {INTERNAL},
    [ERR_INVALID] = {.status = 400, .type = "/problems/invalid", .title = "Invalid request"},
    [ERR_UNAUTHORIZED] = {.status = 401, .type = "/problems/unauthorized", .title = "Token needed"},
    [ERR_DENIED] = {INTERNAL},
    [ERR_FORBIDDEN] = {.status = 403, .type = "/problems/forbidden", .title = "Not allowed"},
    [ERR_GONE] = {.status = 410, .type = "/problems/gone", .title = "Gone"},
    [ERR_NOT_FOUND] = {.status = 404, .type = "/problems/not-found", .title = "Not found"},
    [ERR_CONFLICT] = {.status = 409, .type = "/problems/conflict", .title = "Conflict"},
    [ERR_TOO_LARGE] = {.status = 413, .type = "/problems/too-large", .title = "Too large"},
    [ERR_TOO_MANY] = {.status = 429, .type = "/problems/too-many", .title = "Too many requests", .retry_after = "3600"},
    [ERR_TOO_OFTEN] = {.status = 429, .type = "/problems/too-many", .title = "Too many requests", .retry_after = "60"},
    [ERR_UNPROCESSABLE] = {.status = 422, .type = "/problems/unprocessable", .title = "Not usable"},
    [ERR_BUSY] = {BUSY, .retry_after = "2"},
    [ERR_OUTDATED] = {BUSY, .retry_after = "2"},
    [ERR_UPSTREAM] = {INTERNAL},
    [ERR_UNREACHED] = {INTERNAL},
    [ERR_NO_MEMORY] = {BUSY, .retry_after = "10"},
    [ERR_INTERNAL] = {INTERNAL},
};

const struct http_error http_error_wrong_method = {.status = 405,
                                                   .type = "/problems/method-not-allowed",
                                                   .title = "Method not allowed"};

const struct http_error *http_error_of(enum error_code code)
{
	return &errors[code];
}
