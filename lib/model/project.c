#include "model/project.h"

#include "base/json_writer.h"

const char *bucket_name(enum bucket bucket)
{
	static const char *const names[BUCKET_COUNT] = {[BUCKET_SEARCHES] = "searches", [BUCKET_UNITS] = "units"};

	return names[bucket];
}

int64_t quota_left(const struct quota *quota, int64_t now)
{
	if (now < quota->spent_until)
		return quota->probe_at && now >= quota->probe_at;
	return quota->used < quota->limit ? quota->limit - quota->used : 0;
}

bool quota_is_spent(const struct quota *quota, int64_t now)
{
	return now < quota->spent_until || quota_left(quota, now) == 0;
}

void project_write_quota(struct writer *w, const struct project *project)
{
	for (enum bucket bucket = 0; bucket < BUCKET_COUNT; bucket++) {
		write_object(w, bucket_name(bucket));
		write_int(w, "used", project->quota[bucket].used);
		write_int(w, "limit", project->quota[bucket].limit);
		write_end(w);
	}
}
