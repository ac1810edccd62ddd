#include "store/sqlite/term_stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { SLOTS_MIN = 1024 }; /* a power of two */

enum word_statement { WORD_CHANGE, WORD_ADD, WORD_DROP, WORD_GET, WORD_RANGE, WORD_SINCE };

/* All that begin with ?1 are below that and the last character there is. */
#define BEGINS "term >= ?1 AND term < ?1 || char(1114111)"

static const char *const sql[] = {
    [WORD_CHANGE] = "UPDATE word SET videos = videos + ?2, newest = max(newest, ?3) WHERE term = ?1",
    [WORD_ADD] = "INSERT INTO word VALUES (?1, ?2, ?3)",
    [WORD_DROP] = "DELETE FROM word WHERE term = ?1 AND videos <= 0",
    [WORD_GET] = "SELECT videos FROM word WHERE term = ?1",
    [WORD_RANGE] = "SELECT term, videos, newest FROM word WHERE " BEGINS,
    [WORD_SINCE] = "SELECT term, videos, newest FROM word WHERE " BEGINS " AND newest >= ?2",
};

const struct statements words_statements = {sql, sizeof(sql) / sizeof(sql[0])};

static sqlite3_stmt *use(struct store *store, enum word_statement which)
{
	return db_use(store, NOUN_WORDS, (int)which);
}

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

/* ---- counting: a hash table with open addressing, its texts in an arena ---- */

struct word_count {
	const char *term; /* in the arena; NULL = free */
	uint64_t head;    /* its first bytes, see head_of() */
	uint32_t len;
	uint32_t hash;
	int64_t videos;   /* how many more */
	int64_t newest;   /* of those it was added to */
	int64_t document; /* the last one counted: once a document */
};

static uint32_t hash_of(const char *bytes, size_t len)
{
	uint64_t h = text_hash(bytes, len);

	return (uint32_t)(h ^ h >> 32);
}

/* The first bytes of a term as a number, which is in the order of the terms. Terms lie all over the memory; for most of them this
 * is all that is looked at. */
static uint64_t head_of(const char *term, size_t len)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof(head); i++)
		head = head << 8 | (i < len ? (unsigned char)term[i] : 0U);
	return head;
}

static bool is_term(const struct word_count *entry, uint64_t head, const char *term, size_t len)
{
	return entry->head == head && entry->len == len && (len <= sizeof(head) || memcmp(entry->term, term, len) == 0);
}

/* The slot of a term, or the free one that is its place. */
static struct word_count *find(const struct words *words, uint64_t head, const char *term, size_t len, uint32_t hash)
{
	size_t at = hash & (words->capacity - 1);

	while (words->slots[at].term && !is_term(&words->slots[at], head, term, len))
		at = (at + 1) & (words->capacity - 1);
	return &words->slots[at];
}

/* A free slot for what is in no slot yet. */
static struct word_count *free_slot(struct word_count *slots, size_t capacity, uint32_t hash)
{
	size_t at = hash & (capacity - 1);

	while (slots[at].term)
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

static bool grow(struct words *words)
{
	size_t capacity = words->capacity ? words->capacity * 2 : SLOTS_MIN;
	struct word_count *slots = calloc(capacity, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = 0; i < words->capacity; i++)
		if (words->slots[i].term)
			*free_slot(slots, capacity, words->slots[i].hash) = words->slots[i];
	free(words->slots);
	words->slots = slots;
	words->capacity = capacity;
	return true;
}

/* The entry of a term, made when it is new; NULL without memory. */
static struct word_count *entry_of(struct words *words, const char *term, size_t len)
{
	if (words->count * 2 >= words->capacity && !grow(words))
		return NULL;
	uint32_t hash = hash_of(term, len);
	uint64_t head = head_of(term, len);
	struct word_count *entry = find(words, head, term, len, hash);
	if (entry->term)
		return entry;
	const char *kept = arena_copy(&words->arena, term, len);
	if (!kept)
		return NULL;
	*entry = (struct word_count){.term = kept, .head = head, .len = (uint32_t)len, .hash = hash};
	words->count++;
	return entry;
}

/* The tokenizer tells of a word of a document. */
static void on_word(void *context, const char *term, size_t len)
{
	struct words *words = context;

	/* Nothing is left of a word that is all accents. */
	if (words->sign == 0 || words->failed || len == 0)
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

/* indexing(seq): the next words are of this video. */
static void indexing(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct words *words = sqlite3_user_data(context);

	(void)count;
	words->seq = sqlite3_value_int64(values[0]);
	words->document++;
	sqlite3_result_value(context, values[0]);
}

bool words_register(struct store *store, struct error *err)
{
	store->tokenizer.seen = on_word;
	store->tokenizer.context = &store->words;
	return sqlite3_create_function(store->db, "indexing", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, &store->words, indexing, NULL,
	                               NULL) == SQLITE_OK ||
	       db_error(store, err);
}

void words_count(struct store *store, int sign)
{
	store->words.sign = sign;
}

void words_clear(struct words *words)
{
	arena_clear(&words->arena);
	free(words->slots);
	*words = (struct words){0};
}

void words_forget(struct words *words)
{
	size_t capacity = words->capacity;
	struct word_count *slots = words->slots;

	arena_clear(&words->arena);
	if (words->count)
		memset(slots, 0, capacity * sizeof(*slots));
	*words = (struct words){.slots = slots, .capacity = capacity};
}

/* ---- writing ---- */

/* A term in line to be written. */
struct term {
	uint64_t head;
	const struct word_count *entry;
};

static int by_term(const void *a, const void *b)
{
	const struct term *x = a;
	const struct term *y = b;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	uint32_t x_len = x->entry->len, y_len = y->entry->len;
	int order = memcmp(x->entry->term, y->entry->term, x_len < y_len ? x_len : y_len);
	return order ? order : (x_len > y_len) - (x_len < y_len);
}

static bool run_count(struct store *store, enum word_statement which, const struct word_count *entry, struct error *err)
{
	sqlite3_stmt *statement = use(store, which);

	db_bind_bytes(statement, 1, entry->term, entry->len);
	if (which != WORD_DROP) {
		db_bind_int(statement, 2, entry->videos);
		db_bind_int(statement, 3, entry->newest);
	}
	return db_run(store, statement, err);
}

/* A change is tried first: most words are known, and it takes less time than an upsert. */
static bool write_count(struct store *store, const struct word_count *entry, struct error *err)
{
	if (!run_count(store, WORD_CHANGE, entry, err))
		return false;
	if (sqlite3_changes(store->db) == 0)
		return entry->videos <= 0 || run_count(store, WORD_ADD, entry, err);
	return entry->videos >= 0 || run_count(store, WORD_DROP, entry, err);
}

/* In the order of the table, which is several times as fast as any other. */
static bool write_sorted(struct store *store, struct term *terms, struct error *err)
{
	const struct words *words = &store->words;
	size_t count = 0;

	for (size_t i = 0; i < words->capacity; i++)
		if (words->slots[i].term && (words->slots[i].videos || words->slots[i].newest))
			terms[count++] = (struct term){words->slots[i].head, &words->slots[i]};
	qsort(terms, count, sizeof(*terms), by_term);
	for (size_t i = 0; i < count; i++)
		if (!write_count(store, terms[i].entry, err))
			return false;
	return true;
}

bool words_write(struct store *store, struct error *err)
{
	struct words *words = &store->words;

	if (words->failed)
		return error_no_memory(err);
	if (words->count == 0)
		return true;
	struct term *terms = malloc(words->count * sizeof(*terms));
	if (!terms)
		return error_no_memory(err);
	bool done = write_sorted(store, terms, err);
	free(terms);
	if (done)
		words_forget(words);
	return done;
}

/* ---- reading ---- */

bool word_videos(struct store *store, const char *term, size_t len, int64_t *out, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *get = use(store, WORD_GET);
	bool row = false;

	db_bind_bytes(get, 1, term, len);
	if (!db_step(store, get, &row, err))
		return false;
	*out = row ? sqlite3_column_int64(get, 0) : 0;
	return true;
}

static bool add_word(struct word_list *list, size_t at, sqlite3_stmt *row, struct error *err)
{
	struct word word = {.videos = sqlite3_column_int64(row, 1), .newest = sqlite3_column_int64(row, 2)};

	if (!db_copy(row, 0, &word.term, err))
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
static bool rank_word(struct word_list *list, size_t limit, sqlite3_stmt *row, struct error *err)
{
	int64_t videos = sqlite3_column_int64(row, 1);
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

bool words_most_frequent(struct store *store, const char *beginning, size_t limit, struct word_list *out, size_t *total,
                         struct error *err)
{
	AUTO(db_done) sqlite3_stmt *range = use(store, WORD_RANGE);
	bool row = false;

	*total = 0;
	db_bind_text(range, 1, beginning);
	if (!make_room(out, limit, err))
		return false;
	for (;; ++*total) {
		if (!db_step(store, range, &row, err))
			return false;
		if (!row)
			return true;
		if (!rank_word(out, limit, range, err))
			return false;
	}
}

static bool has_word(const struct word_list *list, const char *term)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].term, term) == 0)
			return true;
	return false;
}

bool words_add_since(struct store *store, const char *beginning, int64_t since, size_t limit, struct word_list *list,
                     bool *complete, struct error *err)
{
	AUTO(db_done) sqlite3_stmt *range = use(store, WORD_SINCE);
	bool row = false;

	*complete = true;
	db_bind_text(range, 1, beginning);
	db_bind_int(range, 2, since);
	if (!make_room(list, limit, err))
		return false;
	for (;;) {
		if (!db_step(store, range, &row, err))
			return false;
		if (!row)
			return true;
		if (has_word(list, db_text(range, 0)))
			continue;
		*complete = list->count < limit;
		if (!*complete)
			return true;
		if (!add_word(list, list->count, range, err))
			return false;
	}
}
