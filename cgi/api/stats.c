#include "cgi/handlers.h"
#include "http/params.h"
#include "listing/video_query.h"
#include "cgi/request/costly.h"

static bool read_bucket(const struct request *req, enum volume_bucket *out, struct error *err)
{
	const char *names[VOLUME_BUCKET_COUNT];
	size_t bucket = BUCKET_OF_DAY;

	for (enum volume_bucket b = 0; b < VOLUME_BUCKET_COUNT; b++)
		names[b] = volume_bucket_name(b);
	if (!params_choose(req, "bucket", names, VOLUME_BUCKET_COUNT, &bucket, err))
		return false;
	*out = (enum volume_bucket)bucket;
	return true;
}

bool api_stats_volume(struct app *app, const struct request *req, struct response *res, struct error *err)
{
	AUTO(volume_clear) struct volume volume = {0};
	struct video_query params;
	enum volume_bucket bucket;

	if (!video_query_read_filter(app_lists(app), req, &params, err) || !read_bucket(req, &bucket, err) ||
	    !costly_volume(app, &params.request.filter, bucket, &volume, err))
		return false;
	struct writer w = response_json(res, 200);
	write_object(&w, NULL);
	write_text(&w, "bucket", volume_bucket_name(bucket));
	if (volume.counted_within)
		write_int(&w, "counted_within", volume.counted_within);
	if (volume.scanned_within)
		write_int(&w, "scanned_within", volume.scanned_within);
	write_array(&w, "points");
	for (size_t i = 0; i < volume.count; i++) {
		write_object(&w, NULL);
		write_time(&w, "from", volume.points[i].from);
		write_int(&w, "count", volume.points[i].count);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	return true;
}
