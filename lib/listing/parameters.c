#include "listing/parameters.h"

#include "base/encoding.h"
#include "base/timestamp.h"

void parameters_take_text(take_parameter *take, void *context, const char *name, const char *value)
{
	if (value && *value)
		take(context, name, value);
}

void parameters_take_number(take_parameter *take, void *context, const char *name, int64_t value, int64_t normal)
{
	char text[INT_TEXT_SIZE];

	if (value == normal)
		return;
	int_text(value, text);
	take(context, name, text);
}

static void take_time(take_parameter *take, void *context, const char *name, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	if (!time)
		return;
	timestamp_format(time, text);
	take(context, name, text);
}

void parameters_of_filter(const struct video_query *params, take_parameter *take, void *context)
{
	const struct video_filter *filter = &params->request.filter;

	parameters_take_text(take, context, "query", filter->words);
	parameters_take_number(take, context, "tracked", filter->query_id, 0);
	parameters_take_text(take, context, "channel", filter->channel_id);
	parameters_take_text(take, context, "exclude_channel", filter->excluded_channels);
	parameters_take_text(take, context, "within", params->within);
	if (!params->within)
		take_time(take, context, "published_after", filter->published_after);
	take_time(take, context, "published_before", filter->published_before);
	take_time(take, context, "recorded_after", filter->recorded_after);
	take_time(take, context, "recorded_before", filter->recorded_before);
	parameters_take_text(take, context, "kind", filter->one_kind ? video_kind_name(filter->kind) : NULL);
	parameters_take_number(take, context, "min_duration", filter->min_duration_s, 0);
	parameters_take_number(take, context, "max_duration", filter->max_duration_s, 0);
	parameters_take_text(take, context, "language", filter->language);
}

void parameters_add_pair(struct buf *out, const char *name, const char *value)
{
	if (out->len)
		buf_add_char(out, '&');
	buf_printf(out, "%s=", name);
	percent_encode_readable(out, value);
}

static void add_pair(void *context, const char *name, const char *value)
{
	parameters_add_pair(context, name, value);
}

void parameters_write_filter(struct buf *out, const struct video_query *params)
{
	parameters_of_filter(params, add_pair, out);
}
