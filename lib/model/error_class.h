/* What an answer of the YouTube Data API means for what is done next (youtube/error_class.h finds it out). */
#pragma once

/* The numbers are stored. */
enum error_class {
	CLASS_OK,
	CLASS_QUOTA_SPENT, /* the project has used up this bucket until the reset: next key of another project */
	CLASS_KEY_BAD,     /* the key cannot be used (KEY_HEALTH says why): disable it, next key */
	CLASS_TEMPORARY,   /* retry after a pause */
	CLASS_UNREACHED,   /* the same, but nothing was sent: it cost nothing, and no other call would fare better now */
	CLASS_NEXT_KEY,    /* refused this once: one retry, then another key; no key is disabled */
	CLASS_FORBIDDEN,   /* the same, and evidence against the key if it happens to every call */
	CLASS_REQUEST,     /* a fault of the request: neither retry nor another key */
	CLASS_GONE,        /* the resource does not exist */
	CLASS_COUNT
};

/* "ok", "quota", "key", "temporary", "unreached", "refused", "forbidden", "request", "gone" */
const char *error_class_name(enum error_class class);
