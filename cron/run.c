#include "cron/run.h"

#include "base/text.h"

bool fetch_run_note_failure(struct fetch_run *run, enum call_result result, const struct error *failure, struct error *err)
{
	if (result == CALL_UNREACHED)
		run->searches_over = run->unreached = true;
	run->result->failures++;
	return text_replace(&run->result->error, failure->text, err);
}
