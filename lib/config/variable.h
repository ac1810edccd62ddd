/* One setting: what its value may be, how it is read into its place, and how it is shown. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

enum variable_type {
	VARIABLE_NUMBER,      /* int64_t, from min to max */
	VARIABLE_LOG_LEVEL,   /* enum log_level */
	VARIABLE_LOG_FORMAT,  /* enum log_format */
	VARIABLE_SAFE_SEARCH, /* enum safe_search */
	VARIABLE_KEYS,        /* struct text_list of API keys, comma-separated */
	VARIABLE_QUERIES,     /* struct text_list, ;-separated */
	VARIABLE_NETWORKS,    /* struct text_list, comma-separated */
	VARIABLE_ORIGINS,     /* struct text_list, comma-separated */
	VARIABLE_FOLDER,      /* char *, without a slash at the end, as the following */
	VARIABLE_FOLDER_OR_EMPTY,
	VARIABLE_LISTEN,       /* ADDRESS:PORT */
	VARIABLE_URL,          /* a URL that others are made from, https beyond this machine */
	VARIABLE_URL_OR_EMPTY, /* a URL, also http, or none */
	VARIABLE_SMTP_URL,     /* smtp://HOST[:PORT] or smtps://, with USER@ before the host, or none */
	VARIABLE_EMAIL,        /* an e-mail address, or none */
	VARIABLE_DATABASE,     /* postgresql://USER@HOST/NAME, with a password it may be; or none */
	VARIABLE_PASSWORD,     /* char *, a secret that somebody else gave */
	VARIABLE_TOKEN         /* char *, a secret */
};

struct variable {
	const char *name;
	enum variable_type type;
	size_t at; /* of the member in struct config */
	int64_t min, max;
	const char *why_max; /* the reason of the upper bound; NULL: none is told */
	const char *initial; /* the default; NULL: empty */
	const char *meaning;
};

/* Checks VALUE and puts it into SLOT, whose earlier value is released. Errors: ERR_INVALID naming the variable, the value (no
 * secrets) and what is allowed; ERR_NO_MEMORY. */
MUST_USE bool variable_set(const struct variable *variable, void *slot, const char *value, struct error *err);

/* Prints the value and a newline, secrets masked. */
void variable_print(const struct variable *variable, const void *slot, FILE *to);
