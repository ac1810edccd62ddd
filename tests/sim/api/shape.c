#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tests/sim/api/call.h"

enum { TEXT_BYTES = 512 };

void write_etag(uint64_t seed, char out[SIM_ETAG_SIZE])
{
	static const char digits[] = TEXT_ALPHANUMERIC "-_";
	struct rng rng = rng_from(seed);

	for (size_t i = 0; i + 1 < SIM_ETAG_SIZE; i++)
		out[i] = digits[rng_below(&rng, 64)];
	out[SIM_ETAG_SIZE - 1] = '\0';
}

void emit_etag(struct emit *e, uint64_t seed)
{
	char etag[SIM_ETAG_SIZE];

	write_etag(seed, etag);
	emit_text(e, "etag", etag);
}

bool begin_unless_same(struct call *call, struct emit *e, const char *kind, uint64_t content)
{
	char etag[SIM_ETAG_SIZE];

	write_etag(content, etag);
	if (call->etag)
		sim_response_add(call->out, "ETag", etag);
	if (call->etag && strcmp(call->etag, etag) == 0) {
		call->out->status = 304;
		return false;
	}
	*e = (struct emit){.to = &call->out->body};
	emit_object(e, NULL);
	emit_text(e, "kind", kind);
	emit_text(e, "etag", etag);
	return true;
}

bool has_part(const struct call *call, const char *part)
{
	const char *parts = params_get(call->params, "part");
	size_t len = strlen(part);

	for (const char *at = parts; at && (at = strstr(at, part)); at += len)
		if ((at == parts || at[-1] == ',') && (at[len] == ',' || !at[len]))
			return true;
	return false;
}

static void emit_thumbnail(struct emit *e, const struct call *call, const struct world_video *video, const char *name,
                           const char *file, int width, int height)
{
	bool live = fate_kind(&video->fate, call->now) == VIDEO_LIVE;
	char url[TEXT_BYTES];

	snprintf(url, sizeof(url), "%s/vi/%s/%s%s.jpg", call->sim->pictures, video->id, file, live ? "_live" : "");
	emit_object(e, name);
	emit_text(e, "url", url);
	emit_number(e, "width", width);
	emit_number(e, "height", height);
	emit_end(e);
}

void emit_thumbnails(struct emit *e, const struct call *call, const struct world_video *video, bool all)
{
	emit_object(e, "thumbnails");
	emit_thumbnail(e, call, video, "default", "default", 120, 90);
	emit_thumbnail(e, call, video, "medium", "mqdefault", 320, 180);
	emit_thumbnail(e, call, video, "high", "hqdefault", 480, 360);
	if (all) {
		emit_thumbnail(e, call, video, "standard", "sddefault", 640, 480);
		emit_thumbnail(e, call, video, "maxres", "maxresdefault", 1280, 720);
	}
	emit_end(e);
}

const char *live_content(const struct call *call, const struct world_video *video)
{
	enum video_kind kind = fate_kind(&video->fate, call->now);

	return kind == VIDEO_LIVE ? "live" : kind == VIDEO_UPCOMING ? "upcoming" : "none";
}

void begin_answer(struct call *call, struct emit *e, const char *kind)
{
	*e = (struct emit){.to = &call->out->body};
	emit_object(e, NULL);
	emit_text(e, "kind", kind);
	emit_etag(e, rng_next(&call->sim->faults.rng));
}

void emit_page_info(struct emit *e, int64_t total, int64_t per_page)
{
	emit_object(e, "pageInfo");
	emit_number(e, "totalResults", total);
	emit_number(e, "resultsPerPage", per_page);
	emit_end(e);
}
