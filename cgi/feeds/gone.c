/* All videos that are gone, as CSV, sent while they are read. */

#include <stdlib.h>

#include "cgi/feeds/file_name.h"
#include "cgi/handlers.h"
#include "cgi/request/costly.h"
#include "cgi/request/gone_params.h"
#include "export/tables.h"

enum { HEADER_BYTES = 256 };

struct gone_export {
	struct app *app;
	struct gone_filter filter;
	struct gone_place at;
};

static bool next(void *context, struct buf *out, struct error *err)
{
	struct gone_export *export = context;
	AUTO(gone_list_clear) struct gone_list list = {0};

	app_allow_time(export->app);
	if (!store_gone_list(export->app->store, &export->filter, &export->at, GONE_LIST_MAX, 0, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		table_write_gone(&list.items[i], out);
	if (list.count)
		export->at = gone_place_of(&list.items[list.count - 1]);
	return buf_ok(out, err);
}

static void gone_export_close(void *context)
{
	struct gone_export *export = context;

	costly_end(export->app->shared);
	free(export);
}

bool export_gone_csv(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(buf_clear) struct buf header = BUF(HEADER_BYTES);
	struct gone_params params;
	struct gone_export *export = NULL;

	if (!gone_params_read(app, req, &params, err) || !costly_begin(app->shared, err))
		return false;
	export = calloc(1, sizeof(*export));
	if (!export) {
		costly_end(app->shared);
		return error_no_memory(err);
	}
	*export = (struct gone_export){.app = app, .filter = params.filter};
	res->rest = (struct producer){.next = next, .close = gone_export_close, .context = export};
	file_name_write(&header, "gone", NULL, NULL, app_now(app), "csv");
	response_header(res, "Content-Type", "text/csv; charset=utf-8; header=present");
	response_header(res, "Content-Disposition", buf_text(&header));
	table_write_head(&table_gone, &res->body);
	return buf_ok(&header, err) && next(export, &res->body, err);
}
