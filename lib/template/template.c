#include "template/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

enum { NAME_MAX_BYTES = 64, SECTION_DEPTH_MAX = 32, PARTIAL_DEPTH_MAX = 16 };

/* ---- a template is a list of instructions ---- */

enum op { OP_TEXT, OP_VALUE, OP_SECTION, OP_INVERTED, OP_END, OP_PARTIAL };

struct instruction {
	enum op op;
	bool outermost;   /* the name was written with '$' */
	const char *text; /* of OP_TEXT; borrowed from the source */
	size_t len;       /* of OP_TEXT */
	size_t target;    /* of sections: their OP_END; of OP_PARTIAL: the template */
	int line;
	char name[NAME_MAX_BYTES];
};

struct tmpl {
	const char *name; /* borrowed from the source */
	struct instruction *code;
	size_t count;
};

struct tmpl_set {
	struct tmpl *templates;
	size_t count;
};

void tmpl_set_close(struct tmpl_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->count; i++)
		free((*set)->templates[i].code);
	free((*set)->templates);
	free(*set);
	*set = NULL;
}

/* ---- parsing ---- */

struct parser {
	const struct embedded *source;
	struct tmpl *tmpl;
	const char *at;
	int line;
	size_t open[SECTION_DEPTH_MAX]; /* instructions of the open sections */
	int depth;
};

static bool refuse(const struct parser *p, struct error *err, const char *what, const char *name)
{
	error_set(err, ERR_INVALID, "template %s, line %d: %s '%s'", p->source->name, p->line, what, name);
	return false;
}

static bool emit(struct parser *p, const struct instruction *instruction, struct error *err)
{
	struct tmpl *tmpl = p->tmpl;

	if (!list_grow(&tmpl->code, tmpl->count, sizeof(*tmpl->code)))
		return error_no_memory(err);
	tmpl->code[tmpl->count] = *instruction;
	tmpl->code[tmpl->count++].line = p->line;
	return true;
}

static bool emit_text(struct parser *p, const char *text, size_t len, struct error *err)
{
	return len == 0 || emit(p, &(struct instruction){.op = OP_TEXT, .text = text, .len = len}, err);
}

/* A tag, taken apart: {{#$name}} is kind '#', outermost, "name". Kind ' ' is a plain value. */
struct tag {
	const char *start; /* of "{{" */
	const char *end;   /* after "}}" */
	char kind;
	bool outermost;
	char name[NAME_MAX_BYTES];
};

static bool is_name(const char *name)
{
	static const char allowed[] = TEXT_ALPHANUMERIC "_";

	return strcmp(name, ".") == 0 || (*name && strspn(name, allowed) == strlen(name));
}

static bool read_tag(const struct parser *p, const char *start, struct tag *tag, struct error *err)
{
	const char *end = strstr(start, "}}");
	const char *at = start + 2;

	if (!end)
		return refuse(p, err, "a tag is not closed:", "{{");
	*tag = (struct tag){.start = start, .end = end + 2, .kind = ' '};
	if (*at == '!') {
		tag->kind = '!';
		return true;
	}
	if (strchr("#^/>", *at))
		tag->kind = *at++;
	if (*at == '$') {
		tag->outermost = true;
		at++;
	}
	size_t len = (size_t)(end - at);
	if (len >= sizeof(tag->name))
		return refuse(p, err, "a name is too long:", "{{");
	memcpy(tag->name, at, len);
	return is_name(tag->name) || refuse(p, err, "this is no name:", tag->name);
}

/* Whether the tag stands alone on its line; START and END then take the whole line. Values never do: their line is text. */
static void widen_to_line(const struct parser *p, struct tag *tag)
{
	const char *before = tag->start;
	const char *after = tag->end;

	if (tag->kind == ' ')
		return;
	while (before > p->at && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	while (*after == ' ' || *after == '\t')
		after++;
	if ((before != p->source->text && before[-1] != '\n') || (*after != '\n' && *after))
		return;
	tag->start = before;
	tag->end = *after ? after + 1 : after;
}

static bool open_section(struct parser *p, const struct tag *tag, struct error *err)
{
	struct instruction instruction = {.op = tag->kind == '#' ? OP_SECTION : OP_INVERTED, .outermost = tag->outermost};

	if (p->depth == SECTION_DEPTH_MAX)
		return refuse(p, err, "sections are nested too deep at", tag->name);
	memcpy(instruction.name, tag->name, sizeof(instruction.name));
	p->open[p->depth++] = p->tmpl->count;
	return emit(p, &instruction, err);
}

static bool close_section(struct parser *p, const struct tag *tag, struct error *err)
{
	if (p->depth == 0)
		return refuse(p, err, "nothing is open that could be closed:", tag->name);
	struct instruction *section = &p->tmpl->code[p->open[--p->depth]];
	if (strcmp(section->name, tag->name) != 0 || section->outermost != tag->outermost)
		return refuse(p, err, "another section is open than", tag->name);
	section->target = p->tmpl->count;
	return emit(p, &(struct instruction){.op = OP_END}, err);
}

static bool emit_named(struct parser *p, enum op op, const struct tag *tag, struct error *err)
{
	struct instruction instruction = {.op = op, .outermost = tag->outermost};

	memcpy(instruction.name, tag->name, sizeof(instruction.name));
	return emit(p, &instruction, err);
}

static bool emit_tag(struct parser *p, const struct tag *tag, struct error *err)
{
	switch (tag->kind) {
	case '!':
		return true;
	case '#':
	case '^':
		return open_section(p, tag, err);
	case '/':
		return close_section(p, tag, err);
	case '>':
		return emit_named(p, OP_PARTIAL, tag, err);
	default:
		return emit_named(p, OP_VALUE, tag, err);
	}
}

static void count_lines(struct parser *p, const char *until)
{
	for (const char *c = p->at; c < until; c++)
		p->line += *c == '\n';
}

static bool parse(struct parser *p, struct error *err)
{
	const char *start;

	if (strlen(p->source->text) != p->source->len)
		return refuse(p, err, "there is a NUL in the text:", "\\0");
	while ((start = strstr(p->at, "{{"))) {
		struct tag tag = {0};
		const char *text = p->at;

		count_lines(p, start);
		if (!read_tag(p, start, &tag, err))
			return false;
		const char *tag_start = tag.start;
		widen_to_line(p, &tag);
		if (!emit_text(p, text, (size_t)(tag.start - text), err) || !emit_tag(p, &tag, err))
			return false;
		p->at = tag_start;
		count_lines(p, tag.end);
		p->at = tag.end;
	}
	if (p->depth)
		return refuse(p, err, "a section is not closed:", p->tmpl->code[p->open[p->depth - 1]].name);
	return emit_text(p, p->at, strlen(p->at), err);
}

/* ---- linking ---- */

static bool find(const struct tmpl_set *set, const char *name, size_t *out)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->templates[i].name, name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool link_partials(struct tmpl_set *set, struct error *err)
{
	for (size_t t = 0; t < set->count; t++) {
		struct tmpl *tmpl = &set->templates[t];

		for (size_t i = 0; i < tmpl->count; i++) {
			struct instruction *at = &tmpl->code[i];

			if (at->op == OP_PARTIAL && !find(set, at->name, &at->target))
				return error_set(err, ERR_INVALID, "template %s, line %d: there is no template '%s'", tmpl->name,
				                 at->line, at->name);
		}
	}
	return true;
}

/* Follows partials from template T; a chain this long goes round in a circle. */
static bool check_depth(const struct tmpl_set *set, size_t t, int depth, struct error *err)
{
	const struct tmpl *tmpl = &set->templates[t];

	if (depth > PARTIAL_DEPTH_MAX)
		return error_set(err, ERR_INVALID, "template %s: templates include each other in a circle", tmpl->name);
	for (size_t i = 0; i < tmpl->count; i++)
		if (tmpl->code[i].op == OP_PARTIAL && !check_depth(set, tmpl->code[i].target, depth + 1, err))
			return false;
	return true;
}

static bool parse_all(struct tmpl_set *set, const struct embedded_list *sources, struct error *err)
{
	set->templates = calloc(sources->count ? sources->count : 1, sizeof(*set->templates));
	if (!set->templates)
		return error_no_memory(err);
	for (size_t i = 0; i < sources->count; i++) {
		struct tmpl *tmpl = &set->templates[set->count++];
		struct parser p = {.source = &sources->items[i], .tmpl = tmpl, .at = sources->items[i].text, .line = 1};

		tmpl->name = sources->items[i].name;
		if (!parse(&p, err))
			return false;
	}
	return true;
}

bool tmpl_set_open(const struct embedded_list *sources, struct tmpl_set **out, struct error *err)
{
	AUTO(tmpl_set_close) struct tmpl_set *set = calloc(1, sizeof(*set));

	if (!set)
		return error_no_memory(err);
	if (!parse_all(set, sources, err) || !link_partials(set, err))
		return false;
	for (size_t t = 0; t < set->count; t++)
		if (!check_depth(set, t, 0, err))
			return false;
	*out = set;
	set = NULL;
	return true;
}

/* ---- rendering ---- */

struct renderer {
	const struct tmpl_set *set;
	const struct node *root;
	struct buf *out;
	struct error *err;
};

/* Whether a byte stands for itself, whatever follows it. */
static bool is_plain(unsigned char c)
{
	switch (c) {
	case '&':
	case '<':
	case '>':
	case '"':
	case '\'':
	case 0x7F:
	case 0xC2:
	case 0xEF:
		return false;
	default:
		return c >= ' ';
	}
}

/* What is written for the *LEN bytes at TEXT, of which the first is not plain; NULL when that one stands for itself nevertheless. */
static const char *escape(const char *text, size_t *len)
{
	*len = 1;
	switch ((unsigned char)*text) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	case 0xC2:
		*len = 2;
		return (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] <= 0x9F ? "" : NULL;
	case 0xEF:
		*len = 3;
		return strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0 ? "" : NULL;
	default:
		return "";
	}
}

/* The one escaper: safe in text and in quoted attributes, of HTML and XML. Control characters (C0, DEL, and C1, which a feed reader's
 * terminal would obey) are dropped, and what XML may not hold besides them (XML 1.0, section 2.2), U+FFFE and U+FFFF. */
static void add_escaped(struct buf *out, const char *text)
{
	for (;;) {
		const char *run = text;
		size_t len;

		while (is_plain((unsigned char)*text))
			text++;
		buf_add(out, run, (size_t)(text - run));
		if (!*text)
			return;
		const char *escaped = escape(text, &len);
		if (escaped) {
			buf_add_text(out, escaped);
			text += len;
		} else {
			buf_add_char(out, *text++);
		}
	}
}

static bool fail(const struct renderer *r, const struct tmpl *tmpl, const struct instruction *at, const char *why)
{
	return error_set(r->err, ERR_INTERNAL, "template %s, line %d: {{%s%s}} %s", tmpl->name, at->line,
	                 at->outermost ? "$" : "", at->name, why);
}

/* The node that the instruction's name stands for in SCOPE; NULL and an error when there is none. */
static const struct node *look_up(const struct renderer *r, const struct tmpl *tmpl, const struct instruction *at,
                                  const struct node *scope)
{
	const struct node *object = at->outermost ? r->root : scope;
	const struct node *found = strcmp(at->name, ".") == 0     ? object
	                           : object->type == VALUE_OBJECT ? node_get(object, at->name)
	                                                          : NULL;

	if (!found)
		fail(r, tmpl, at, "is not known here");
	return found;
}

static bool write_value(const struct renderer *r, const struct tmpl *tmpl, const struct instruction *at, const struct node *value)
{
	switch (value->type) {
	case VALUE_TEXT:
	case VALUE_NUMBER:
		add_escaped(r->out, value->text);
		return true;
	case VALUE_TRUE:
	case VALUE_FALSE:
		buf_add_text(r->out, value->type == VALUE_TRUE ? "true" : "false");
		return true;
	case VALUE_NULL:
		return true;
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		break;
	}
	return fail(r, tmpl, at, "is no text");
}

static bool is_empty(const struct node *value)
{
	return value->type == VALUE_NULL || value->type == VALUE_FALSE || (value->type == VALUE_ARRAY && !value->first) ||
	       (value->type == VALUE_TEXT && !*value->text);
}

static bool render(const struct renderer *r, const struct tmpl *tmpl, size_t from, size_t to, const struct node *scope);

static bool render_section(const struct renderer *r, const struct tmpl *tmpl, size_t from, const struct node *value,
                           const struct node *scope)
{
	size_t to = tmpl->code[from].target;

	if (value->type == VALUE_OBJECT)
		return render(r, tmpl, from + 1, to, value);
	if (value->type != VALUE_ARRAY)
		return render(r, tmpl, from + 1, to, scope);
	for (const struct node *item = value->first; item; item = item->next)
		if (!render(r, tmpl, from + 1, to, item))
			return false;
	return true;
}

/* Renders the instructions FROM to TO (not included). */
static bool render(const struct renderer *r, const struct tmpl *tmpl, size_t from, size_t to, const struct node *scope)
{
	for (size_t i = from; i < to && !r->out->failed; i++) {
		const struct instruction *at = &tmpl->code[i];
		const struct node *value = NULL;

		if (at->op == OP_TEXT) {
			buf_add(r->out, at->text, at->len);
			continue;
		}
		if (at->op == OP_PARTIAL) {
			const struct tmpl *partial = &r->set->templates[at->target];
			if (!render(r, partial, 0, partial->count, scope))
				return false;
			continue;
		}
		if (at->op == OP_END)
			continue;
		value = look_up(r, tmpl, at, scope);
		if (!value)
			return false;
		if (at->op == OP_VALUE) {
			if (!write_value(r, tmpl, at, value))
				return false;
			continue;
		}
		bool shown = is_empty(value) == (at->op == OP_INVERTED);
		if (shown && !(at->op == OP_INVERTED ? render(r, tmpl, i + 1, at->target, scope)
		                                     : render_section(r, tmpl, i, value, scope)))
			return false;
		i = at->target;
	}
	return true;
}

bool tmpl_render(const struct tmpl_set *set, const char *name, const struct node *root, struct buf *out, struct error *err)
{
	struct renderer r = {.set = set, .root = root, .out = out, .err = err};
	size_t before = out->len;
	size_t which;

	if (!find(set, name, &which))
		return error_set(err, ERR_INTERNAL, "there is no template '%s'", name);
	if (render(&r, &set->templates[which], 0, set->templates[which].count, root) && buf_ok(out, err))
		return true;
	if (out->data) {
		out->len = before;
		out->data[before] = '\0';
	}
	out->failed = ERR_NONE;
	return false;
}
