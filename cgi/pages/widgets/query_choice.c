#include "cgi/pages/widgets/query_choice.h"

#include "cgi/request/link_writer.h"

void query_choice_write(struct writer *w, const struct app *app, const char *path, const struct query_list *queries,
                        int64_t chosen)
{
	write_object(w, "form");
	write_link(w, app, "url", path);
	write_bool(w, "any_query", queries->count > 0);
	write_bool(w, "narrowed", query_list_find(queries, chosen) != NULL);
	write_array(w, "queries");
	for (size_t i = 0; i < queries->count; i++) {
		write_object(w, NULL);
		write_int(w, "id", queries->items[i].id);
		write_text(w, "query", query_name(&queries->items[i]));
		write_bool(w, "chosen", queries->items[i].id == chosen);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}
