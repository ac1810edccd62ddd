#include "store/postgres/search/words.h"

#include "base/json_writer.h"

enum { WORDS_AT_ONCE = 5000, BYTES_MAX = 64 * 1024 * 1024 };

enum words_statement { WORDS_ADD, WORDS_DROP };

/* ?1 is a JSON array of [word, videos, newest]. */
static const char *const sql[] = {
    [WORDS_ADD] =
	"INSERT INTO word SELECT w ->> 0, CAST(w ->> 1 AS bigint), CAST(w ->> 2 AS bigint) FROM json_array_elements(?1::json) w"
	" ON CONFLICT (term) DO UPDATE SET videos = word.videos + excluded.videos, newest = greatest(word.newest, "
	"excluded.newest)",
    [WORDS_DROP] = "DELETE FROM word WHERE videos <= 0 AND term IN (SELECT w ->> 0 FROM json_array_elements(?1::json) w)",
};

/* *MAY_END: some may be of no video any more. */
static void write(const struct word_count *const *counts, size_t count, struct buf *out, bool *may_end)
{
	struct writer w = writer_json(out);

	*may_end = false;
	write_array(&w, NULL);
	for (size_t i = 0; i < count; i++) {
		*may_end = *may_end || counts[i]->videos <= 0;
		write_array(&w, NULL);
		write_text(&w, NULL, counts[i]->term);
		write_int(&w, NULL, counts[i]->videos);
		write_int(&w, NULL, counts[i]->newest);
		write_end(&w);
	}
	write_end(&w);
}

static bool run(struct store *store, enum words_statement which, const struct buf *words, struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_text(statement, 1, buf_text(words));
	return statement_run(statement, err);
}

static bool add(struct store *store, const struct word_count *const *counts, size_t count, struct error *err)
{
	AUTO(buf_clear) struct buf words = BUF(BYTES_MAX);
	bool may_end;

	write(counts, count, &words, &may_end);
	return buf_ok(&words, err) && run(store, WORDS_ADD, &words, err) && (!may_end || run(store, WORDS_DROP, &words, err));
}

bool words_save_together(struct store *store, const struct word_count *const *counts, size_t count, struct error *err)
{
	for (size_t at = 0; at < count; at += WORDS_AT_ONCE) {
		size_t left = count - at;

		if (!add(store, counts + at, left < WORDS_AT_ONCE ? left : WORDS_AT_ONCE, err))
			return false;
	}
	return true;
}
