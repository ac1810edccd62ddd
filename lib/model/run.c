#include "model/run.h"

#include <stdlib.h>

void run_clear(struct run *run)
{
	free(run->error);
	*run = (struct run){0};
}
