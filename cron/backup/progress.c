#include "cron/backup/progress.h"

#include "base/clock.h"

enum { EVERY_MS = 1000 };

static void tell(void *context, int64_t done, int64_t total)
{
	struct progress *progress = context;
	int64_t now_ms = clock_monotonic_ms();

	if (progress->told_ms == 0)
		progress->told_ms = now_ms;
	if (now_ms - progress->told_ms < EVERY_MS)
		return;
	progress->told_ms = now_ms;
	fprintf(progress->to, "%s: %lld %%\n", progress->what, (long long)(done * 100 / (total ? total : 1)));
	fflush(progress->to);
}

struct backup_progress progress_of(struct progress *progress)
{
	return (struct backup_progress){.tell = progress->to ? tell : NULL, .context = progress};
}
