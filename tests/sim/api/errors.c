#include "tests/sim/api/errors.h"

#include <stdio.h>

#include "tests/sim/emit.h"

static void write_text(struct emit *e, const char *name, const char *text)
{
	if (text)
		emit_text(e, name, text);
}

static void write_metadata(const struct sim_error *error, struct emit *e)
{
	char text[64];

	emit_object(e, "metadata");
	if (error->quota_limit)
		emit_text(e, "quota_location", "global");
	if (error->window_start)
		emit_count(e, "window_start_time", error->window_start);
	write_text(e, "quota_limit", error->quota_limit);
	if (error->project) {
		snprintf(text, sizeof(text), "projects/%s", error->project);
		emit_text(e, "consumer", text);
	}
	write_text(e, "quota_unit", error->quota_unit);
	emit_text(e, "service", "youtube.googleapis.com");
	write_text(e, "quota_metric", error->quota_metric);
	if (error->quota_limit)
		emit_count(e, "quota_limit_value", error->quota_limit_value);
	emit_end(e);
}

void sim_error_write(const struct sim_error *error, struct buf *out)
{
	struct emit e = {.to = out};

	emit_object(&e, NULL);
	emit_object(&e, "error");
	emit_number(&e, "code", error->status);
	emit_text(&e, "message", error->message);
	emit_list(&e, "errors");
	emit_object(&e, NULL);
	emit_text(&e, "message", error->message);
	emit_text(&e, "domain", error->domain);
	emit_text(&e, "reason", error->reason);
	write_text(&e, "location", error->location);
	write_text(&e, "locationType", error->location_type);
	emit_end(&e);
	emit_end(&e);
	write_text(&e, "status", error->grpc_status);
	if (error->info_reason) {
		emit_list(&e, "details");
		emit_object(&e, NULL);
		emit_text(&e, "@type", "type.googleapis.com/google.rpc.ErrorInfo");
		emit_text(&e, "reason", error->info_reason);
		emit_text(&e, "domain", "googleapis.com");
		write_metadata(error, &e);
		emit_end(&e);
		emit_end(&e);
	}
	emit_end(&e);
	emit_end(&e);
}
