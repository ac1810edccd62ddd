/* What the Makefile builds into the programs: files, by tools/embed, and the name of a build. */
#pragma once

#include <stddef.h>

struct embedded {
	const char *name; /* without folder; of templates also without extension */
	const char *text; /* ends with a NUL that does not count into len */
	size_t len;
};

struct embedded_list {
	const struct embedded *items;
	size_t count;
};

/* lib/store/sqlite/migrations/, in order of their numbers: "0001_init.sql" … */
extern const struct embedded_list embedded_migrations;

/* lib/store/postgres/migrations/, the same: only in a program with PostgreSQL. */
extern const struct embedded_list embedded_postgres_migrations;

/* html/: "videos", "_card", "videos.atom" … */
extern const struct embedded_list embedded_templates;

/* html/mail/: "alert" */
extern const struct embedded_list embedded_mails;

/* cgi/api/openapi.json, html/static/favicon.ico */
extern const struct embedded_list embedded_documents;

/* html/static/, html/style/: "style.css" -> "static/style.1f3a9c2e.css", the path it is served under, named by its content. */
extern const struct embedded_list embedded_assets;

/* A hash of the sources of newsreel-web: every machine that is built from the same ones has the same. */
extern const char embedded_build[];
