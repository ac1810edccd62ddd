#include "export/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/zip.h"
#include "export/manifest.h"
#include "export/reader.h"
#include "http/params.h"
#include "store/changes/changes.h"
#include "store/coverage.h"
#include "store/history/gone.h"
#include "store/queries.h"

enum { TEXT_MAX_BYTES = 16 * 1024 * 1024 };

const char *const dataset_parameters[] = {FILTER_PARAMETERS, "format", "content", NULL};

/* The files in their order: what is known of the queries comes before the videos, which may be recorded while they are read; and what
 * describes files comes after them. */
enum part { PART_QUERIES, PART_GAPS, PART_GONE, PART_VIDEOS, PART_README, PART_PACKAGE, PART_SUMS, PART_COUNT };

struct dataset {
	struct store *store;
	struct dataset_request request;
	struct zip *zip;
	struct crypto_hash *hash;
	struct buf text; /* of a step, before it is packed */
	struct query_list queries;
	size_t gaps_done; /* queries whose gaps are written */
	struct gone_place gone_at;
	struct video_reader videos;
	enum part part;
	bool begun; /* PART */
	struct dataset_facts facts;
};

int64_t dataset_video_count(const struct dataset *dataset)
{
	return dataset->facts.videos;
}

/* ---- parameters ---- */

static const char *const contents[] = {"all", "ids"};

bool dataset_read(struct list_context in, const struct request *req, struct dataset_request *out, struct error *err)
{
	struct dataset_request request = {0};
	const char *formats[ROWS_FORMAT_COUNT];
	size_t format = ROWS_NDJSON;
	size_t content = 0;

	for (size_t i = 0; i < ROWS_FORMAT_COUNT; i++)
		formats[i] = rows_format_name((enum rows_format)i);
	if (!video_query_read_filter(in, req, &request.list, err) ||
	    !params_choose(req, "format", formats, ROWS_FORMAT_COUNT, &format, err) ||
	    !params_choose(req, "content", contents, sizeof(contents) / sizeof(contents[0]), &content, err))
		return false;
	request.list.within = NULL; /* what it means now stands in published_after */
	request.list.request.public_only = true;
	request.format = (enum rows_format)format;
	request.ids_only = content == 1;
	*out = request;
	return true;
}

/* ---- opening ---- */

static bool read_queries(struct dataset *dataset, int64_t now, struct error *err)
{
	int64_t id = dataset->request.list.request.filter.query_id;

	if (!id)
		return store_queries_list(dataset->store, QUERIES_PUBLIC, now, &dataset->queries, err);
	dataset->queries.items = calloc(1, sizeof(*dataset->queries.items));
	if (!dataset->queries.items)
		return error_no_memory(err);
	dataset->queries.count = 1;
	return store_query_get(dataset->store, id, now, dataset->queries.items, err);
}

static bool begin_reading(struct dataset *dataset, int64_t now, struct error *err)
{
	struct dataset_facts *facts = &dataset->facts;

	*facts = (struct dataset_facts){
	    .list = &dataset->request.list,
	    .rows = dataset->request.ids_only ? rows_of_ids(dataset->request.format) : rows_all(dataset->request.format),
	    .ids_only = dataset->request.ids_only,
	};
	if (!store_changed_at(dataset->store, &facts->changed_at, err) || !read_queries(dataset, now, err))
		return false;
	if (dataset->request.list.request.filter.query_id)
		facts->query = dataset->queries.items[0].text;
	return video_reader_open(dataset->store, &dataset->request.list, &dataset->videos, err) &&
	       zip_open(facts->changed_at, &dataset->zip, err) && crypto_hash_open(&dataset->hash, err);
}

bool dataset_open(struct store *store, const struct dataset_request *request, int64_t now, struct dataset **out,
                  struct error *err)
{
	AUTO(dataset_close) struct dataset *dataset = calloc(1, sizeof(*dataset));

	if (!dataset)
		return error_no_memory(err);
	dataset->store = store;
	dataset->request = *request;
	dataset->text = BUF(TEXT_MAX_BYTES);
	if (!begin_reading(dataset, now, err))
		return false;
	*out = dataset;
	dataset = NULL;
	return true;
}

void dataset_close(struct dataset **dataset)
{
	if (!*dataset)
		return;
	zip_close(&(*dataset)->zip);
	crypto_hash_close(&(*dataset)->hash);
	buf_clear(&(*dataset)->text);
	query_list_clear(&(*dataset)->queries);
	video_reader_clear(&(*dataset)->videos);
	free(*dataset);
	*dataset = NULL;
}

/* ---- what the parts hold: each appends its next piece to TEXT and counts its rows; *MORE is false when that was all ---- */

typedef bool fill(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err);

static bool fill_queries(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	for (size_t i = 0; i < dataset->queries.count; i++)
		table_write_query(&dataset->queries.items[i], text);
	file->rows = (int64_t)dataset->queries.count;
	*more = false;
	return buf_ok(text, err);
}

/* Those of one query. */
static bool fill_gaps(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	AUTO(coverage_clear) struct coverage gaps = {0};

	*more = dataset->gaps_done < dataset->queries.count;
	if (!*more)
		return true;
	const struct query *query = &dataset->queries.items[dataset->gaps_done++];
	if (!store_gaps_list(dataset->store, query->id, COVERAGE_GAPS_MAX, 0, &gaps, err))
		return false;
	for (size_t i = 0; i < gaps.count; i++)
		table_write_gap(query, &gaps.items[i], text);
	file->rows += (int64_t)gaps.count;
	return buf_ok(text, err);
}

static bool fill_gone(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	const struct video_filter *filter = &dataset->request.list.request.filter;
	const struct gone_filter gone = {.query_id = filter->query_id,
	                                 .published_after = filter->published_after,
	                                 .published_before = filter->published_before};
	AUTO(gone_list_clear) struct gone_list list = {0};

	if (!store_gone_list(dataset->store, &gone, &dataset->gone_at, GONE_LIST_MAX, 0, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		table_write_gone(&list.items[i], text);
	file->rows += (int64_t)list.count;
	dataset->facts.gone = file->rows;
	*more = list.count > 0;
	if (*more)
		dataset->gone_at = gone_place_of(&list.items[list.count - 1]);
	return buf_ok(text, err);
}

static bool fill_videos(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	AUTO(video_list_clear) struct video_list videos = {0};

	if (!video_reader_next(&dataset->videos, &videos, err))
		return false;
	for (size_t i = 0; i < videos.count; i++)
		rows_write_video(&dataset->facts.rows, &videos.items[i], text);
	file->rows += (int64_t)videos.count;
	dataset->facts.videos = file->rows;
	*more = dataset->videos.more;
	return buf_ok(text, err);
}

static bool fill_readme(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	(void)file;
	*more = false;
	if (!store_changed_at(dataset->store, &dataset->facts.changed_at_end, err))
		return false;
	manifest_write_readme(&dataset->facts, text);
	return buf_ok(text, err);
}

static bool fill_package(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	(void)file;
	*more = false;
	manifest_write_package(&dataset->facts, text);
	return buf_ok(text, err);
}

static bool fill_sums(struct dataset *dataset, struct dataset_file *file, struct buf *text, bool *more, struct error *err)
{
	(void)file;
	*more = false;
	manifest_write_sums(&dataset->facts, text);
	return buf_ok(text, err);
}

static const struct {
	const char *path; /* NULL: by what is asked for */
	const char *title;
	const struct table *table;
	fill *fill;
} parts[PART_COUNT] = {
    [PART_QUERIES] = {"queries.csv", "tracked queries, and how much of their time has been read", &table_queries, fill_queries},
    [PART_GAPS] = {"gaps.csv", "publication times that have not been read, and why", &table_gaps, fill_gaps},
    [PART_GONE] = {"gone.csv", "ids of videos that YouTube no longer has", &table_gone, fill_gone},
    [PART_VIDEOS] = {NULL, "the videos, the newest first", NULL, fill_videos},
    [PART_README] = {"README.md", NULL, NULL, fill_readme},
    [PART_PACKAGE] = {"datapackage.json", NULL, NULL, fill_package},
    [PART_SUMS] = {"SHA256SUMS", NULL, NULL, fill_sums},
};
_Static_assert((int)PART_COUNT <= (int)DATASET_FILES_MAX, "manifest.h");

/* ---- the archive ---- */

static struct dataset_file *current_file(struct dataset *dataset)
{
	return &dataset->facts.files[dataset->part];
}

static void name_part(const struct dataset *dataset, char path[DATASET_PATH_SIZE])
{
	if (dataset->part == PART_VIDEOS)
		snprintf(path, DATASET_PATH_SIZE, "%s.%s", dataset->request.ids_only ? "ids" : "videos",
		         rows_format_name(dataset->request.format));
	else
		snprintf(path, DATASET_PATH_SIZE, "%s", parts[dataset->part].path);
}

static bool begin_part(struct dataset *dataset, struct buf *out, struct error *err)
{
	struct dataset_file *file = current_file(dataset);

	*file = (struct dataset_file){.title = parts[dataset->part].title, .table = parts[dataset->part].table};
	file->is_table = file->title != NULL;
	name_part(dataset, file->path);
	if (file->table)
		table_write_head(file->table, &dataset->text);
	else if (dataset->part == PART_VIDEOS)
		rows_write_head(&dataset->facts.rows, &dataset->text);
	dataset->begun = true;
	return zip_begin(dataset->zip, file->path, out, err);
}

/* Packs what stands in TEXT. */
static bool write_text_of_part(struct dataset *dataset, struct buf *out, struct error *err)
{
	struct buf *text = &dataset->text;

	crypto_hash_add(dataset->hash, text->data, text->len);
	current_file(dataset)->bytes += (int64_t)text->len;
	return zip_write(dataset->zip, text->data, text->len, out, err);
}

static bool end_part(struct dataset *dataset, struct buf *out, bool *more, struct error *err)
{
	crypto_hash_end(dataset->hash, current_file(dataset)->sha256);
	dataset->begun = false;
	dataset->part++;
	dataset->facts.file_count = dataset->part;
	*more = dataset->part < PART_COUNT;
	return zip_end(dataset->zip, out, err) && (*more || zip_finish(dataset->zip, out, err));
}

bool dataset_next(struct dataset *dataset, struct buf *out, bool *more, struct error *err)
{
	bool more_of_part = true;

	*more = true;
	buf_reset(&dataset->text);
	if (!dataset->begun && !begin_part(dataset, out, err))
		return false;
	if (!parts[dataset->part].fill(dataset, current_file(dataset), &dataset->text, &more_of_part, err) ||
	    !write_text_of_part(dataset, out, err))
		return false;
	return more_of_part || end_part(dataset, out, more, err);
}
