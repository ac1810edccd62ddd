#include "cron/run.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"

enum { IDS_SHOWN = 20, IDS_MAX_BYTES = 4096 };

void fetch_run_clear(struct fetch_run *run)
{
	follower_list_clear(&run->followers);
	run->followers_read = false;
}

void fetch_run_note_skipped(struct fetch_run *run, const struct text_list *ids)
{
	AUTO(buf_clear) struct buf shown = BUF(IDS_MAX_BYTES);

	if (ids->count == 0)
		return;
	for (size_t i = 0; i < ids->count && i < IDS_SHOWN; i++)
		buf_printf(&shown, "%s%s", i ? " " : "", ids->items[i][0] ? ids->items[i] : "(none)");
	struct log_field fields[] = {LOG_NUMBER("items", (int64_t)ids->count), LOG_TEXT("ids", buf_text(&shown)), LOG_END};
	log_line(LOG_WARN, "YouTube gave items that are no videos: skipped", fields);
	run->result->skipped += (int64_t)ids->count;
}

bool fetch_run_note_failure(struct fetch_run *run, enum call_result result, const struct error *failure, struct error *err)
{
	if (result == CALL_UNREACHED)
		run->searches_over = run->unreached = true;
	run->result->failures++;
	run->result->own_fault |= failure->code == ERR_INTERNAL;
	return text_replace(&run->result->error, failure->text, err);
}
