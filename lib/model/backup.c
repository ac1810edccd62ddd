#include "model/backup.h"

#include <stdlib.h>

void backup_log_clear(struct backup_log *log)
{
	free(log->error);
	*log = (struct backup_log){0};
}
