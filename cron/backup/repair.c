#include "cron/backup/repair.h"

#include "cron/import/importer.h"

static void tell(void *context, const char *found)
{
	fprintf(context, "rebuilt: %s\n", found);
}

bool repair_database(struct store *store, FILE *progress, FILE *to, struct error *err)
{
	int64_t rebuilt = 0;

	if (!store_repair(store, tell, to, &rebuilt, err) || !import_fill_index(store, progress, err) || !store_check(store, err))
		return false;
	fputs(rebuilt ? "the database is sound again\n" : "there was nothing to rebuild: the database is sound\n", to);
	return true;
}
