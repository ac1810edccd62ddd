/*
 * Logic-less templates that always escape.
 *
 *	{{name}}                 the value, escaped for text and quoted attributes of HTML and XML
 *	{{#name}}…{{/name}}      for each item of an array; once for an object, inside which names are looked up; once for true,
 *	                         a text that is not empty, or a number, where names keep their scope
 *	{{^name}}…{{/name}}      when the value is false, null, empty text or an empty array
 *	{{>_card}}               another template, here
 *	{{! note }}              nothing
 *	{{.}}                    the item itself, in an array of texts
 *	{{$name}}                looked up in the outermost object
 *
 * There is no tag for unescaped output. A name that the scope does not have is an error naming template and tag: an item of
 * a list and an object see their own members only; what every part of a page needs is asked for with '$'. Standing alone on a
 * line, section and note tags leave no empty line.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/embedded.h"
#include "base/error.h"
#include "template/values.h"

struct tmpl_set;

/* Parses all templates and links their partials. Errors: ERR_INVALID naming template, line and tag; ERR_NO_MEMORY. */
MUST_USE bool tmpl_set_open(const struct embedded_list *sources, struct tmpl_set **out, struct error *err);

void tmpl_set_close(struct tmpl_set **set);

/* Appends template NAME filled from ROOT to OUT. A set may be used by several threads at once. Errors: ERR_INTERNAL naming
 * template and tag, ERR_TOO_LARGE, ERR_NO_MEMORY. */
MUST_USE bool tmpl_render(const struct tmpl_set *set, const char *name, const struct node *root, struct buf *out,
                          struct error *err);
