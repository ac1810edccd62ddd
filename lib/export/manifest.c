#include "export/manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/timestamp.h"
#include "listing/parameters.h"

#define PROFILE "https://datapackage.org/profiles/2.0/"

enum { FILTER_BYTES = 8 * 1024 };

/* ---- for programs ---- */

static void add_member(void *context, const char *name, const char *value)
{
	write_text(context, name, value);
}

/* What a file's name ends with. */
static const char *extension(const struct dataset_file *file)
{
	return strrchr(file->path, '.') + 1;
}

static size_t field_count(const struct dataset_facts *facts, const struct dataset_file *file)
{
	return file->table ? file->table->column_count : rows_field_count(&facts->rows);
}

static void write_fields(const struct dataset_facts *facts, const struct dataset_file *file, struct writer *w)
{
	write_array(w, "fields");
	for (size_t i = 0; i < field_count(facts, file); i++) {
		write_object(w, NULL);
		write_text(w, "name", file->table ? file->table->columns[i].name : rows_field_name(&facts->rows, i));
		write_text(w, "type", file->table ? file->table->columns[i].type : rows_field_type(&facts->rows, i));
		write_end(w);
	}
	write_end(w);
}

static void write_resource(const struct dataset_facts *facts, const struct dataset_file *file, struct writer *w)
{
	bool is_csv = strcmp(extension(file), "csv") == 0;
	char hash[sizeof("sha256:") + CRYPTO_HEX_SIZE];
	char name[DATASET_PATH_SIZE] = "";

	memcpy(name, file->path, strcspn(file->path, "."));
	snprintf(hash, sizeof(hash), "sha256:%s", file->sha256);
	write_object(w, NULL);
	write_text(w, "name", name);
	write_text(w, "path", file->path);
	write_text(w, "type", "table");
	write_text(w, "title", file->title);
	write_text(w, "format", extension(file));
	write_text(w, "mediatype", is_csv ? "text/csv" : "application/x-ndjson");
	write_text(w, "encoding", "utf-8");
	write_int(w, "bytes", file->bytes);
	write_text(w, "hash", hash);
	write_object(w, "schema");
	write_text(w, "$schema", PROFILE "tableschema.json");
	write_fields(facts, file, w);
	write_end(w);
	write_end(w);
}

static void write_source(struct writer *w)
{
	write_array(w, "sources");
	write_object(w, NULL);
	write_text(w, "title", "YouTube Data API");
	write_text(w, "path", "https://developers.google.com/youtube/v3");
	write_end(w);
	write_end(w);
}

/* What the standard has no name for. */
static void write_record(const struct dataset_facts *facts, struct writer *w)
{
	write_object(w, "newsreel");
	write_text(w, "version", NEWSREEL_VERSION);
	write_text(w, "content", facts->ids_only ? "ids" : "all");
	write_object(w, "filter");
	parameters_of_filter(facts->list, add_member, w);
	write_end(w);
	write_text(w, "query", facts->query);
	write_time(w, "changed_at", facts->changed_at);
	write_time(w, "changed_at_end", facts->changed_at_end);
	write_int(w, "videos", facts->videos);
	write_int(w, "gone", facts->gone);
	write_end(w);
}

void manifest_write_package(const struct dataset_facts *facts, struct buf *out)
{
	struct writer w = writer_json(out);

	write_object(&w, NULL);
	write_text(&w, "$schema", PROFILE "datapackage.json");
	write_text(&w, "name", facts->ids_only ? "newsreel-video-ids" : "newsreel-videos");
	write_text(&w, "title", facts->ids_only ? "Ids of videos recorded by newsreel" : "Videos recorded by newsreel");
	write_text(&w, "description",
	           "README.md says how complete it is, what YouTube's rules ask of who keeps it, and how to cite it.");
	if (facts->changed_at)
		write_time(&w, "created", facts->changed_at);
	write_source(&w);
	write_record(facts, &w);
	write_array(&w, "resources");
	for (size_t i = 0; i < facts->file_count; i++)
		if (facts->files[i].is_table)
			write_resource(facts, &facts->files[i], &w);
	write_end(&w);
	write_end(&w);
	buf_add_char(out, '\n');
}

/* ---- for people ---- */

/* How long content may be kept, what is to be deleted, and what figures may be made of it: YouTube's Developer Policies III.E.4 and III.E.2. */
static const char rules_of_content[] =
    "Titles, descriptions, tags and numbers come from YouTube's API. YouTube's Developer Policies\n"
    "(https://developers.google.com/youtube/terms/developer-policies, III.E.4) bind whoever keeps them, in every copy:\n"
    "\n"
    "- After 30 days they are fetched again or deleted, unless YouTube has granted you more in writing.\n"
    "- What has gone from YouTube is deleted when that is found out, what its owner asks to be deleted within 7 days.\n"
    "- Show YouTube as the source and link each video to its page; change no titles.\n"
    "- Make no figures of them that stand for YouTube's own. Counts of rows are counts of this record, never YouTube's.\n"
    "\n"
    "So do not publish this data set. To share it, make one of ids only (`content=ids`): who gets that fetches the rest\n"
    "with `newsreel-fetch --rehydrate`.\n";

static const char rules_of_ids[] =
    "Ids, and when newsreel saw them, are none of the content that YouTube's rules restrict: this data set may be shared.\n"
    "To fetch the rest from YouTube, with an API key of your own:\n"
    "\n"
    "    newsreel-fetch --rehydrate %s\n"
    "\n"
    "What has gone from YouTube since stays away. What is fetched may be kept for 30 days, then it is fetched again or\n"
    "deleted (https://developers.google.com/youtube/terms/developer-policies, III.E.4); newsreel sees to that.\n";

static void add_time(struct buf *out, int64_t time)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(time, text);
	buf_add_text(out, text);
}

static void add_files(const struct dataset_facts *facts, struct buf *out)
{
	buf_add_text(out, "| file | rows | what |\n|---|---|---|\n");
	for (size_t i = 0; i < facts->file_count; i++)
		buf_printf(out, "| %s | %lld | %s |\n", facts->files[i].path, (long long)facts->files[i].rows,
		           facts->files[i].title);
	buf_add_text(
	    out,
	    "\ndatapackage.json has the types of all columns (https://datapackage.org). `sha256sum -c SHA256SUMS` checks the\n"
	    "files.\n\n");
}

/* The file of the videos. */
static const struct dataset_file *videos_file(const struct dataset_facts *facts)
{
	const struct dataset_file *file = facts->files;

	while (!file->is_table || file->table)
		file++;
	return file;
}

/* What the videos are, in words: "tracked=1: rocket launch". */
static void add_filter(const struct dataset_facts *facts, struct buf *out)
{
	parameters_write_filter(out, facts->list);
	if (facts->query)
		buf_printf(out, ": %s", facts->query);
}

static void add_citation(const struct dataset_facts *facts, const char *filter, struct buf *out)
{
	const struct dataset_file *file = videos_file(facts);

	buf_printf(out, "    %s on YouTube recorded by newsreel %s", facts->ids_only ? "Ids of videos" : "Videos",
	           NEWSREEL_VERSION);
	if (*filter)
		buf_printf(out, " (%s)", filter);
	buf_add_text(out, ", state of ");
	add_time(out, facts->changed_at);
	buf_printf(out, ": %lld videos. Data set, %s sha256:%s\n", (long long)facts->videos, file->path, file->sha256);
}

void manifest_write_readme(const struct dataset_facts *facts, struct buf *out)
{
	AUTO(buf_clear) struct buf filter = BUF(FILTER_BYTES);

	add_filter(facts, &filter);
	buf_printf(out, "# %s on YouTube, recorded by newsreel\n\n", facts->ids_only ? "Ids of videos" : "Videos");
	buf_printf(out, "%lld videos of a database of newsreel %s, as it was at ", (long long)facts->videos, NEWSREEL_VERSION);
	add_time(out, facts->changed_at);
	buf_printf(out, ".\nFilter: `%s`\n\n", filter.len ? buf_text(&filter) : "none, all videos");
	if (facts->changed_at_end != facts->changed_at) {
		buf_add_text(out, "newsreel went on recording while this was written, until ");
		add_time(out, facts->changed_at_end);
		buf_add_text(out, ": the files may differ by what\ncame in between.\n\n");
	}
	add_files(facts, out);
	buf_add_text(
	    out,
	    "## How complete it is\n\n"
	    "newsreel polls YouTube's search for tracked queries, and keeps account of the publication times that it has read.\n"
	    "queries.csv has of each query from when to when that is (`covered_since`, `covered_until`), how many gaps lie in\n"
	    "between, and an estimate of the videos that the search may have left out of what was read (`unconfirmed`). "
	    "gaps.csv\n"
	    "has each gap.\n\n"
	    "gone.csv has videos that YouTube no longer had when it was asked again: ids and times only. They are those of the\n"
	    "same query and time of publication; whether the rest of the filter would have let them through is not known.\n\n"
	    "## What YouTube's rules ask\n\n");
	if (facts->ids_only)
		buf_printf(out, rules_of_ids, videos_file(facts)->path);
	else
		buf_add_text(out, rules_of_content);
	buf_add_text(out, "\n## How to cite it\n\n");
	add_citation(facts, buf_text(&filter), out);
	if (filter.failed)
		out->failed = filter.failed;
}

/* ---- sums ---- */

void manifest_write_sums(const struct dataset_facts *facts, struct buf *out)
{
	for (size_t i = 0; i < facts->file_count; i++)
		buf_printf(out, "%s  %s\n", facts->files[i].sha256, facts->files[i].path);
}
