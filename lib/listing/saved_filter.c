#include "listing/saved_filter.h"

bool saved_filter_read(struct list_context in, const char *text, struct saved_filter *out, struct error *err)
{
	*out = (struct saved_filter){.request = {.query_string = text}};
	return request_read_query(&out->request, filter_parameters, UNKNOWN_REFUSED, err) &&
	       video_query_read_filter(in, &out->request, &out->query, err);
}

void saved_filter_clear(struct saved_filter *filter)
{
	fields_clear(&filter->request.query);
	filter->query = (struct video_query){0};
}
