/* A list as parameters again, normalised: each as name and value, or as a text that video_query.h reads. */
#pragma once

#include "base/buf.h"
#include "listing/video_query.h"

/* Is told of one parameter. */
typedef void take_parameter(void *context, const char *name, const char *value);

/* Tells TAKE a text that is there and not empty, and a number that is not NORMAL. */
void parameters_take_text(take_parameter *take, void *context, const char *name, const char *value);
void parameters_take_number(take_parameter *take, void *context, const char *name, int64_t value, int64_t normal);

/* Tells TAKE the parameters that filter: in the order of filter_parameters, dates as times. */
void parameters_of_filter(const struct video_query *params, take_parameter *take, void *context);

/* Appends "name=value", behind an '&' where OUT is not empty; and the parameters that filter in this way: as alerts store them. */
void parameters_add_pair(struct buf *out, const char *name, const char *value);
void parameters_write_filter(struct buf *out, const struct video_query *params);
