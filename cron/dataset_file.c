#include "cron/dataset_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "export/dataset.h"

enum { PIECE_MAX_BYTES = 32 * 1024 * 1024, PATH_BYTES = 4096 };

static void request_end(struct request *request)
{
	fields_clear(&request->query);
}

static bool write_all(struct dataset *dataset, FILE *to, const char *path, struct dataset_saved *out, struct error *err)
{
	AUTO(buf_clear) struct buf piece = BUF(PIECE_MAX_BYTES);
	bool more = true;

	for (out->bytes = 0; more; out->bytes += (int64_t)piece.len) {
		buf_reset(&piece);
		if (!dataset_next(dataset, &piece, &more, err))
			return false;
		if (fwrite(buf_text(&piece), 1, piece.len, to) != piece.len)
			return file_error(err, path, errno);
	}
	out->videos = dataset_video_count(dataset);
	return fflush(to) == 0 || file_error(err, path, errno);
}

/* Beside its place until it is whole. */
static bool write_file(struct dataset *dataset, const char *path, struct dataset_saved *out, struct error *err)
{
	AUTO(buf_clear) struct buf part = BUF(PATH_BYTES);

	buf_printf(&part, "%s" FILE_PART, path);
	if (!buf_ok(&part, err))
		return false;
	FILE *to = fopen(buf_text(&part), "we");
	if (!to)
		return file_error(err, path, errno);
	bool written = write_all(dataset, to, path, out, err) && (fsync(fileno(to)) == 0 || file_error(err, path, errno));
	if (fclose(to) != 0 && written)
		written = file_error(err, path, errno);
	if (written && rename(buf_text(&part), path) != 0)
		written = file_error(err, path, errno);
	if (!written)
		unlink(buf_text(&part));
	return written;
}

bool dataset_save(struct store *store, const char *filter, const char *path, int64_t now, struct dataset_saved *out,
                  struct error *err)
{
	const struct list_context in = {.store = store, .now = now, .page_size = PAGE_SIZE_MAX};
	AUTO(request_end) struct request request = {.query_string = filter};
	AUTO(dataset_close) struct dataset *dataset = NULL;
	struct dataset_request wanted;

	if (!request_read_query(&request, dataset_parameters, UNKNOWN_REFUSED, err) ||
	    !dataset_read(in, &request, &wanted, err) || !dataset_open(store, &wanted, now, &dataset, err))
		return false;
	return strcmp(path, "-") == 0 ? write_all(dataset, stdout, "standard output", out, err)
	                              : write_file(dataset, path, out, err);
}
