#include "store/search/term_stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	SLOTS_MIN = 1024,        /* a power of two */
	TERM_BYTES_MAX = 1 << 20 /* search texts are far shorter */
};

enum word_statement { WORD_ADD, WORD_DROP, WORD_GET, WORD_RANGE, WORD_SINCE };

/* All with the prefix ?1 are below ?2, that and the last character there is. */
#define HAS_PREFIX "term >= ?1 AND term < ?2"

static const char *const sql[] = {
    [WORD_ADD] = "INSERT INTO word VALUES (?1, ?2, ?3)"
		 " ON CONFLICT (term) DO UPDATE SET videos = word.videos + ?2, newest = max(word.newest, ?3)",
    [WORD_DROP] = "DELETE FROM word WHERE term = ?1 AND videos <= 0",
    [WORD_GET] = "SELECT videos FROM word WHERE term = ?1",
    [WORD_RANGE] = "SELECT term, videos, newest FROM word WHERE " HAS_PREFIX,
    [WORD_SINCE] = "SELECT term, videos, newest FROM word WHERE " HAS_PREFIX " AND newest >= ?3",
};

const struct statements words_statements = STATEMENTS(sql);

void word_list_cut(struct word_list *list, size_t count)
{
	while (list->count > count)
		free(list->items[--list->count].term);
}

void word_list_clear(struct word_list *list)
{
	word_list_cut(list, 0);
	free(list->items);
	*list = (struct word_list){0};
}

/* ---- counting: a hash table with open addressing ---- */

/* The slot of a term, or the free one that is its place. */
static struct word_count **find(const struct words *words, const char *term, size_t len, uint64_t hash)
{
	size_t at = (hash ^ hash >> 32) & (words->capacity - 1);

	for (struct word_count *entry; (entry = words->slots[at]); at = (at + 1) & (words->capacity - 1))
		if (entry->hash == hash && entry->len == len && memcmp(entry->term, term, len) == 0)
			break;
	return &words->slots[at];
}

static bool grow(struct words *words)
{
	struct words grown = *words;

	grown.capacity = words->capacity ? words->capacity * 2 : SLOTS_MIN;
	grown.slots = calloc(grown.capacity, sizeof(struct word_count *));
	if (!grown.slots)
		return false;
	for (size_t i = 0; i < words->capacity; i++)
		if (words->slots[i])
			*find(&grown, words->slots[i]->term, words->slots[i]->len, words->slots[i]->hash) = words->slots[i];
	free(words->slots);
	*words = grown;
	return true;
}

/* The entry of a term, made when it is new; NULL without memory. */
static struct word_count *entry_of(struct words *words, const char *term, size_t len)
{
	uint64_t hash = text_hash(term, len);

	if (words->count * 2 >= words->capacity && !grow(words))
		return NULL;
	struct word_count **slot = find(words, term, len, hash);
	struct word_count *entry = *slot;
	if (entry)
		return entry;
	entry = arena_take(&words->arena, sizeof(*entry) + len + 1);
	if (!entry)
		return NULL;
	*entry = (struct word_count){.hash = hash, .len = (uint32_t)len};
	memcpy(entry->term, term, len);
	entry->term[len] = '\0';
	words->count++;
	*slot = entry;
	return entry;
}

void words_begin(struct words *words, int64_t seq)
{
	words->seq = seq;
	words->document++;
}

void words_add(struct words *words, const char *term, size_t len)
{
	if (words->sign == 0 || words->failed)
		return;
	struct word_count *entry = entry_of(words, term, len);
	words->failed = !entry;
	if (!entry || entry->document == words->document)
		return;
	entry->document = words->document;
	entry->videos += words->sign;
	if (words->sign > 0 && words->seq > entry->newest)
		entry->newest = words->seq;
}

void words_forget(struct words *words)
{
	arena_clear(&words->arena);
	if (words->count)
		memset(words->slots, 0, words->capacity * sizeof(struct word_count *));
	*words = (struct words){.slots = words->slots, .capacity = words->capacity};
}

void words_clear(struct words *words)
{
	words_forget(words);
	free(words->slots);
	*words = (struct words){0};
}

/* ---- writing ---- */

static int by_term(const void *a, const void *b)
{
	const struct word_count *x = *(const struct word_count *const *)a;
	const struct word_count *y = *(const struct word_count *const *)b;
	int order = memcmp(x->term, y->term, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static bool run_count(struct store *store, enum word_statement which, const struct word_count *entry, struct error *err)
{
	struct statement *statement = statement_use(store, sql[which]);

	bind_text(statement, 1, entry->term);
	if (which != WORD_DROP) {
		bind_int(statement, 2, entry->videos);
		bind_int(statement, 3, entry->newest);
	}
	return statement_run(statement, err);
}

static bool write_count(struct store *store, const struct word_count *entry, struct error *err)
{
	return run_count(store, WORD_ADD, entry, err) && (entry->videos > 0 || run_count(store, WORD_DROP, entry, err));
}

bool words_save_each(struct store *store, const struct word_count *const *counts, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (!write_count(store, counts[i], err))
			return false;
	return true;
}

/* In the order of the table, which is several times as fast as any other. */
bool words_write(struct store *store, struct words *words, words_save_fn *save, struct error *err)
{
	size_t count = 0;

	if (words->failed)
		return error_no_memory(err);
	if (words->count == 0)
		return true;
	const struct word_count **sorted = malloc(words->count * sizeof(struct word_count *));
	if (!sorted)
		return error_no_memory(err);
	for (size_t i = 0; i < words->capacity; i++)
		if (words->slots[i] && (words->slots[i]->videos || words->slots[i]->newest))
			sorted[count++] = words->slots[i];
	qsort(sorted, count, sizeof(struct word_count *), by_term);
	bool done = save(store, sorted, count, err);
	free(sorted);
	if (done)
		words_forget(words);
	return done;
}

/* ---- reading ---- */

bool word_videos(struct store *store, const char *term, size_t len, int64_t *out, struct error *err)
{
	AUTO(buf_clear) struct buf word = BUF(len + 1);
	struct statement *get = statement_use(store, sql[WORD_GET]);

	buf_add(&word, term, len);
	if (!buf_ok(&word, err))
		return false;
	bind_text(get, 1, buf_text(&word));
	return statement_number(get, out, err);
}

static bool add_word(struct word_list *list, size_t at, struct statement *row, struct error *err)
{
	struct word word = {.videos = column_int(row, 1), .newest = column_int(row, 2)};

	if (!column_copy(row, 0, &word.term, err))
		return false;
	memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof(word));
	list->items[at] = word;
	list->count++;
	return true;
}

static bool make_room(struct word_list *list, size_t limit, struct error *err)
{
	struct word *items = realloc(list->items, (limit + 1) * sizeof(*items));

	if (!items)
		return error_no_memory(err);
	list->items = items;
	return true;
}

/* Puts the word that ROW holds in its place among the most frequent ones. */
static bool rank_word(struct word_list *list, size_t limit, struct statement *row, struct error *err)
{
	int64_t videos = column_int(row, 1);
	size_t at = list->count;

	while (at > 0 && list->items[at - 1].videos < videos)
		at--;
	if (at == limit)
		return true;
	if (!add_word(list, at, row, err))
		return false;
	word_list_cut(list, limit);
	return true;
}

static bool bind_prefix(struct statement *range, const char *prefix, struct buf *end, struct error *err)
{
	buf_add_text(end, prefix);
	buf_add_text(end, "\xF4\x8F\xBF\xBF");
	if (!buf_ok(end, err))
		return false;
	bind_text(range, 1, prefix);
	bind_text(range, 2, buf_text(end));
	return true;
}

bool words_most_frequent(struct store *store, const char *prefix, size_t limit, struct word_list *out, size_t *total,
                         int64_t *videos, struct error *err)
{
	AUTO(buf_clear) struct buf end = BUF(TERM_BYTES_MAX);
	AUTO(statement_done) struct statement *range = statement_use(store, sql[WORD_RANGE]);
	bool row = false;

	*total = 0;
	*videos = 0;
	if (!bind_prefix(range, prefix, &end, err) || !make_room(out, limit, err))
		return false;
	for (;; ++*total) {
		if (!statement_step(range, &row, err))
			return false;
		if (!row)
			return true;
		if (!rank_word(out, limit, range, err))
			return false;
		*videos += column_int(range, 1);
	}
}

static bool has_word(const struct word_list *list, const char *term)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].term, term) == 0)
			return true;
	return false;
}

bool words_add_since(struct store *store, const char *prefix, int64_t since, size_t limit, struct word_list *list, bool *complete,
                     struct error *err)
{
	AUTO(buf_clear) struct buf end = BUF(TERM_BYTES_MAX);
	AUTO(statement_done) struct statement *range = statement_use(store, sql[WORD_SINCE]);
	bool row = false;

	*complete = true;
	if (!bind_prefix(range, prefix, &end, err) || !make_room(list, limit, err))
		return false;
	bind_int(range, 3, since);
	for (;;) {
		if (!statement_step(range, &row, err))
			return false;
		if (!row)
			return true;
		if (has_word(list, column_text(range, 0)))
			continue;
		*complete = list->count < limit;
		if (!*complete)
			return true;
		if (!add_word(list, list->count, range, err))
			return false;
	}
}
