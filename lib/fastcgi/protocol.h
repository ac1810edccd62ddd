/* The records of FastCGI 1.0, as far as a responder meets them. Numbers of sections are those of the FastCGI specification. */
#pragma once

enum {
	FCGI_VERSION = 1,
	FCGI_HEADER_SIZE = 8,      /* version, type, request id (2), content length (2), padding length, reserved: 3.3 */
	FCGI_CONTENT_MAX = 0xFFF8, /* the most that needs no padding */
	FCGI_BEGIN_SIZE = 8,       /* role (2), flags, reserved: 5.1 */
	FCGI_END_SIZE = 8,         /* application status (4), protocol status, reserved: 5.5 */
	FCGI_ROLE_RESPONDER = 1,   /* 6.2 */
	FCGI_FLAG_KEEP = 1,        /* 5.1 */
};

enum fcgi_type {
	FCGI_BEGIN_REQUEST = 1,
	FCGI_END_REQUEST = 3,
	FCGI_PARAMS = 4,
	FCGI_STDIN = 5,
	FCGI_STDOUT = 6,
};
