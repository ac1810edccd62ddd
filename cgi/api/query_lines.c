#include "cgi/commands/query_import.h"
#include "cgi/handlers.h"
#include "cgi/request/auth.h"
#include "store/queries.h"

/* ---- export ---- */

static bool read_all(struct app *app, struct query_list *out, struct error *err)
{
	return store_queries_list(app->store, QUERIES_PUBLIC, app_now(app), out, err);
}

static bool add_line(struct response *res, const struct query *query, bool for_owner, struct error *err)
{
	struct writer w = writer_json(&res->body);

	query_write_settings_json(&w, query, for_owner);
	buf_add_char(&res->body, '\n');
	return buf_ok(&res->body, err);
}

bool export_queries_ndjson(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};
	enum access access;

	if (!auth_read(app, req, &access, err) || !read_all(app, &queries, err))
		return false;
	response_header(res, "Content-Type", "application/x-ndjson; charset=utf-8");
	for (size_t i = 0; i < queries.count; i++)
		if (!add_line(res, &queries.items[i], access == ACCESS_OWNER, err))
			return false;
	return true;
}

bool export_queries_txt(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_list_clear) struct query_list queries = {0};

	(void)req;
	if (!read_all(app, &queries, err))
		return false;
	response_header(res, "Content-Type", "text/plain; charset=utf-8");
	for (size_t i = 0; i < queries.count; i++)
		buf_printf(&res->body, "%s\n", queries.items[i].text);
	return buf_ok(&res->body, err);
}

/* ---- import ---- */

bool api_queries_import(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(query_import_clear) struct query_import result = {0};

	if (!query_import_body(app, req, &result, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_int(&w, "added", result.added);
	write_int(&w, "known", result.known);
	write_array(&w, "failed");
	for (size_t i = 0; i < result.failed_count; i++) {
		write_object(&w, NULL);
		write_int(&w, "line", result.failed[i].line);
		write_text(&w, "detail", result.failed[i].why.text);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}
