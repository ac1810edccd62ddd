/* The page that shows the API: made from the same document that programs read. */

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cgi/handlers.h"
#include "cgi/api/openapi.h"
#include "cgi/pages/page.h"
#include "cgi/request/link_writer.h"
#include "cgi/request/links.h"

enum { WORDS_BYTES = 1024, ANCHOR_SIZE = 96, URL_BYTES = 8 * 1024 };

/* The document and what is made of it. */
struct docs {
	const struct app *app;
	const struct request *req;
	const cJSON *document;
	struct writer *w;
};

/* ---- what a value may be, in words ---- */

static void add_word(struct buf *words, const char *separator, const char *word)
{
	buf_printf(words, "%s%s", words->len ? separator : "", word);
}

/* The types of VALUES, each a name or an object that has one. */
static void add_alternatives(struct buf *words, const cJSON *values)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, values)
	{
		add_word(words, " or ", cJSON_IsString(one) ? one->valuestring : json_text(one, "type"));
	}
}

/* "string", "integer or null", "list of Video" */
static void add_type(struct buf *words, const cJSON *schema)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(schema, "type");
	const char *reference = json_text(schema, "$ref");

	if (reference) {
		add_word(words, " ", strrchr(reference, '/') + 1);
	} else if (cJSON_IsArray(type)) {
		add_alternatives(words, type);
	} else if (cJSON_IsString(type) && strcmp(type->valuestring, "array") == 0) {
		add_word(words, " ", "list of");
		add_type(words, json_object(schema, "items"));
	} else if (cJSON_IsString(type)) {
		add_word(words, " ", type->valuestring);
	} else {
		add_alternatives(words, json_array(schema, "oneOf"));
	}
}

static void add_number(struct buf *words, const cJSON *schema, const char *name, const char *word)
{
	int64_t number;

	if (json_int(schema, name, &number))
		buf_printf(words, "%s%s %lld", words->len ? ", " : "", word, (long long)number);
}

static void write_type(const struct docs *docs, const char *name, const cJSON *schema)
{
	AUTO(buf_clear) struct buf words = BUF(WORDS_BYTES);
	const cJSON *one;
	bool first = true;

	add_type(&words, schema);
	cJSON_ArrayForEach(one, json_array(schema, "enum"))
	{
		if (!one->valuestring) /* null, which the type tells too */
			continue;
		buf_printf(&words, "%s%s", first ? ": " : ", ", one->valuestring);
		first = false;
	}
	add_number(&words, schema, "minimum", "from");
	add_number(&words, schema, "maximum", "to");
	add_number(&words, schema, "minLength", "characters from");
	add_number(&words, schema, "maxLength", "characters up to");
	write_buf(docs->w, name, &words);
}

static const char *description_of(const cJSON *value)
{
	const char *text = json_text(value, "description");

	return text ? text : "";
}

/* ---- an operation ---- */

static void write_parameters(const struct docs *docs, const cJSON *operation)
{
	const cJSON *one;

	write_array(docs->w, "parameters");
	cJSON_ArrayForEach(one, json_array(operation, "parameters"))
	{
		const cJSON *parameter = openapi_resolve(docs->document, one);

		write_object(docs->w, NULL);
		write_text(docs->w, "name", json_text(parameter, "name"));
		write_bool(docs->w, "in_path", strcmp(json_text(parameter, "in"), "path") == 0);
		write_text(docs->w, "meaning", description_of(parameter));
		write_type(docs, "type", json_object(parameter, "schema"));
		write_end(docs->w);
	}
	write_end(docs->w);
}

/* The name of what a body or an answer holds, and its media type. */
static void write_content(const struct docs *docs, const cJSON *holder)
{
	const cJSON *content = json_object(holder, "content");
	const cJSON *media = content ? content->child : NULL;
	const cJSON *schema = json_object(media, "schema");
	const cJSON *rows = json_object(schema, "contentSchema");
	const char *reference = json_text(rows ? rows : schema, "$ref");

	write_text(docs->w, "media", media ? media->string : NULL);
	write_text(docs->w, "schema", reference ? strrchr(reference, '/') + 1 : NULL);
}

static void write_answers(const struct docs *docs, const cJSON *operation)
{
	const cJSON *one;

	write_array(docs->w, "answers");
	cJSON_ArrayForEach(one, json_object(operation, "responses"))
	{
		const cJSON *answer = openapi_resolve(docs->document, one);

		write_object(docs->w, NULL);
		write_text(docs->w, "status", one->string);
		write_text(docs->w, "meaning", description_of(answer));
		write_content(docs, answer);
		write_end(docs->w);
	}
	write_end(docs->w);
}

/* An operation without security of its own has that of the document: none. */
static bool needs_token(const cJSON *operation)
{
	const cJSON *security = json_array(operation, "security");

	return security && cJSON_GetArrayItem(security, 0)->child;
}

static const char *access_of(const cJSON *operation)
{
	if (!json_array(operation, "security"))
		return NULL;
	return needs_token(operation) ? "token required" : "token optional";
}

/* ---- a request of the operation to try ---- */

/* The example of the parameter NAME (LEN bytes), which the path has. */
static const cJSON *example_of(const struct docs *docs, const cJSON *operation, const char *name, size_t len)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_array(operation, "parameters"))
	{
		const cJSON *parameter = openapi_resolve(docs->document, one);
		const char *known = json_text(parameter, "name");

		if (strncmp(known, name, len) == 0 && !known[len] && strcmp(json_text(parameter, "in"), "path") == 0)
			return cJSON_GetObjectItemCaseSensitive(parameter, "example");
	}
	return NULL;
}

/* Appends PATH with the examples of its parameters, and the parameters to try. False when a parameter has no example. */
static bool add_address(const struct docs *docs, const char *path, const cJSON *operation, struct buf *out)
{
	const char *query = json_text(operation, "x-example");

	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "{");

		buf_add(out, at, len);
		at += len;
		if (!*at)
			break;
		len = strcspn(++at, "}");
		const cJSON *example = example_of(docs, operation, at, len);
		if (cJSON_IsString(example))
			buf_add_text(out, example->valuestring);
		else if (cJSON_IsNumber(example))
			buf_add_int(out, (int64_t)example->valuedouble);
		else
			return false;
		at += len + 1;
	}
	if (query)
		buf_printf(out, "?%s", query);
	return true;
}

/* The media type of the answer to a request that succeeds, NULL when it has no body. */
static const char *answer_media(const struct docs *docs, const cJSON *operation)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_object(operation, "responses"))
	{
		const cJSON *content = json_object(openapi_resolve(docs->document, one), "content");

		if (*one->string == '2' && content)
			return content->child->string;
	}
	return NULL;
}

/* "application/json", "application/feed+json" */
static bool is_json(const char *media)
{
	const char *plus = media ? strrchr(media, '+') : NULL;
	const char *last = plus ? plus : media ? strchr(media, '/') : NULL;

	return last && strcmp(last + 1, "json") == 0;
}

/* The example of the request body, as JSON. */
static void write_example_body(const struct docs *docs, const cJSON *operation)
{
	const cJSON *content = json_object(json_object(operation, "requestBody"), "content");
	const cJSON *example = json_object(json_object(content, "application/json"), "example");
	AUTO(text_free) char *text = example ? cJSON_PrintUnformatted(example) : NULL;

	if (example && !text)
		*docs->w->failed = ERR_NO_MEMORY;
	write_text(docs->w, "body", text);
}

/* The members that html/_example.html writes in several languages. Null for what only hubs ask for, and for this page. */
static void write_example(const struct docs *docs, const char *method, const char *path, const cJSON *operation)
{
	AUTO(buf_clear) struct buf address = BUF(URL_BYTES);
	AUTO(buf_clear) struct buf url = BUF(URL_BYTES);
	const struct config *config = docs->app->shared->config;
	const char *media = answer_media(docs, operation);
	bool reads = strcmp(method, "GET") == 0;
	bool with_token = !reads || needs_token(operation);

	if (!add_address(docs, path, operation, &address) || (media && strcmp(media, "text/html") == 0)) {
		write_null(docs->w, "example");
		return;
	}
	link_site(&url, config, docs->req);
	link_to(&url, config, buf_text(&address));
	write_object(docs->w, "example");
	write_buf(docs->w, "url", &url);
	write_buf(docs->w, "address", &address);
	write_link(docs->w, docs->app, "link", buf_text(&address));
	write_text(docs->w, "method", method);
	write_bool(docs->w, "reads", reads);
	write_bool(docs->w, "with_token", with_token);
	write_bool(docs->w, "is_json", is_json(media));
	write_example_body(docs, operation);
	write_end(docs->w);
}

static void write_samples(const struct docs *docs, const cJSON *operation)
{
	const cJSON *sample;

	write_array(docs->w, "samples");
	cJSON_ArrayForEach(sample, json_array(operation, "x-codeSamples"))
	{
		write_object(docs->w, NULL);
		write_text(docs->w, "label", json_text(sample, "label"));
		write_text(docs->w, "source", json_text(sample, "source"));
		write_end(docs->w);
	}
	write_end(docs->w);
}

static void write_operation(const struct docs *docs, const char *path, const cJSON *operation)
{
	const cJSON *body = json_object(operation, "requestBody");
	char method[ANCHOR_SIZE];

	snprintf(method, sizeof(method), "%s", operation->string);
	for (char *at = method; *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
	write_object(docs->w, NULL);
	write_text(docs->w, "method", method);
	write_text(docs->w, "path", path);
	write_text(docs->w, "summary", json_text(operation, "summary"));
	write_text(docs->w, "description", description_of(operation));
	write_text(docs->w, "access", access_of(operation));
	write_parameters(docs, operation);
	if (body) {
		write_object(docs->w, "body");
		write_content(docs, body);
		write_end(docs->w);
	} else {
		write_null(docs->w, "body");
	}
	write_answers(docs, operation);
	write_example(docs, method, path, operation);
	write_samples(docs, operation);
	write_end(docs->w);
}

/* The operations of a tag, in the order of the document. */
static void write_operations(const struct docs *docs, const char *tag)
{
	const cJSON *path, *operation;

	write_array(docs->w, "operations");
	cJSON_ArrayForEach(path, json_object(docs->document, "paths"))
	{
		cJSON_ArrayForEach(operation, path)
		{
			const cJSON *first = cJSON_GetArrayItem(json_array(operation, "tags"), 0);

			if (strcmp(first->valuestring, tag) == 0)
				write_operation(docs, path->string, operation);
		}
	}
	write_end(docs->w);
}

static void write_groups(const struct docs *docs)
{
	const cJSON *tag;

	write_array(docs->w, "groups");
	cJSON_ArrayForEach(tag, json_array(docs->document, "tags"))
	{
		write_object(docs->w, NULL);
		write_text(docs->w, "name", json_text(tag, "name"));
		write_text(docs->w, "description", description_of(tag));
		write_operations(docs, json_text(tag, "name"));
		write_end(docs->w);
	}
	write_end(docs->w);
}

/* ---- schemas ---- */

static void write_members(const struct docs *docs, const cJSON *schema)
{
	const cJSON *member;

	write_array(docs->w, "members");
	cJSON_ArrayForEach(member, json_object(schema, "properties"))
	{
		write_object(docs->w, NULL);
		write_text(docs->w, "name", member->string);
		write_text(docs->w, "meaning", description_of(member));
		write_type(docs, "type", member);
		write_end(docs->w);
	}
	write_end(docs->w);
}

static void write_schemas(const struct docs *docs)
{
	const cJSON *schema;

	write_array(docs->w, "schemas");
	cJSON_ArrayForEach(schema, json_object(json_object(docs->document, "components"), "schemas"))
	{
		write_object(docs->w, NULL);
		write_text(docs->w, "name", schema->string);
		write_text(docs->w, "description", description_of(schema));
		write_members(docs, schema);
		write_end(docs->w);
	}
	write_end(docs->w);
}

bool page_docs(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(json_free) cJSON *document = NULL;
	AUTO(page_clear) struct page page = {0};
	struct page_frame frame = {.title = "API", .req = req};

	if (!openapi_load(app, &document, err) || !page_begin(app, &frame, &page, err))
		return false;
	struct docs docs = {.app = app, .req = req, .document = document, .w = &page.w};
	write_link(&page.w, app, "openapi_url", "/api/openapi.json");
	write_link(&page.w, app, "newest_url", "/api/videos?page_size=1");
	write_text(&page.w, "about", description_of(json_object(document, "info")));
	write_groups(&docs);
	write_schemas(&docs);
	return page_render(app, "docs", &page, 200, res, err);
}
