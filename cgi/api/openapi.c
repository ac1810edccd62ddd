#include "cgi/api/openapi.h"

#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "cgi/handlers.h"
#include "cgi/request/links.h"

enum { URL_BYTES = 4096, NAME_SIZE = 64 };

static bool parse(cJSON **out, struct error *err)
{
	for (size_t i = 0; i < embedded_documents.count; i++)
		if (strcmp(embedded_documents.items[i].name, "openapi.json") == 0)
			return json_parse(embedded_documents.items[i].text, embedded_documents.items[i].len, out, err);
	return error_set(err, ERR_INTERNAL, "openapi.json is not built in");
}

static bool set_text(cJSON *object, const char *name, const char *text, struct error *err)
{
	cJSON *value = cJSON_CreateString(text);

	if (value && cJSON_ReplaceItemInObjectCaseSensitive(object, name, value))
		return true;
	cJSON_Delete(value);
	return error_no_memory(err);
}

bool openapi_load(const struct app *app, cJSON **out, struct error *err)
{
	AUTO(json_free) cJSON *document = NULL;
	AUTO(buf_clear) struct buf base = BUF(URL_BYTES);

	/* Without a base of our own, "/" stands for the host asked for. */
	link_to(&base, app->shared->config, *app->shared->config->public_url ? "" : "/");
	if (!buf_ok(&base, err) || !parse(&document, err))
		return false;
	cJSON *server = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(document, "servers"), 0);
	if (!set_text(cJSON_GetObjectItemCaseSensitive(document, "info"), "version", NEWSREEL_VERSION, err) ||
	    !set_text(server, "url", buf_text(&base), err))
		return false;
	*out = document;
	document = NULL;
	return true;
}

/* "#/components/schemas/Video": the names between the slashes, one after the other. */
static const cJSON *follow(const cJSON *document, const char *pointer)
{
	const cJSON *at = document;

	for (pointer += strcspn(pointer, "/"); at && *pointer == '/';) {
		char name[NAME_SIZE];
		size_t len = strcspn(++pointer, "/");

		if (len >= sizeof(name))
			return NULL;
		memcpy(name, pointer, len);
		name[len] = '\0';
		at = cJSON_GetObjectItemCaseSensitive(at, name);
		pointer += len;
	}
	return at;
}

const cJSON *openapi_resolve(const cJSON *document, const cJSON *value)
{
	const char *reference = json_text(value, "$ref");

	return reference ? follow(document, reference) : value;
}

const cJSON *openapi_get(const cJSON *document, const cJSON *parent, const char *name)
{
	return openapi_resolve(document, cJSON_GetObjectItemCaseSensitive(parent, name));
}

bool api_openapi(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(json_free) cJSON *document = NULL;
	AUTO(text_free) char *text = NULL;

	(void)req;
	if (!openapi_load(app, &document, err))
		return false;
	text = cJSON_PrintUnformatted(document);
	if (!text)
		return error_no_memory(err);
	response_header(res, "Content-Type", "application/json; charset=utf-8");
	buf_add_text(&res->body, text);
	return true;
}
