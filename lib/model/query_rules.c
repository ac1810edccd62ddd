#include "model/query_rules.h"

#include <ctype.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"

void query_rules_clear(struct query_rules *rules)
{
	text_list_clear(&rules->excluded_words);
	text_list_clear(&rules->excluded_channels);
	*rules = (struct query_rules){0};
}

/* ---- judging ---- */

static bool length_fits(const struct query_rules *rules, const struct video *video)
{
	if (video->duration_s <= 0)
		return true;
	if (rules->hide_shorts && video->kind == VIDEO_NORMAL && video->duration_s <= SHORTS_MAX_S)
		return false;
	return video->duration_s >= rules->min_duration_s &&
	       (!rules->max_duration_s || video->duration_s <= rules->max_duration_s);
}

bool query_rules_shows(const struct query_rules *rules, const struct video *video, bool has_excluded_word)
{
	return !has_excluded_word && !text_list_has(&rules->excluded_channels, video->channel_id) && length_fits(rules, video) &&
	       (!rules->kinds || (rules->kinds & 1U << video->kind));
}

/* ---- reading ---- */

/* The parts of TEXT between lines and commas, at most MOST of MAX_BYTES each. */
static bool read_list(const char *name, const char *text, size_t most, size_t max_bytes, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list parts = {0};
	AUTO(text_list_clear) struct text_list list = {0};
	AUTO(text_free) char *lines = NULL;

	if (!text_copy(text ? text : "", &lines, err))
		return false;
	for (char *at = lines; *at; at++)
		if (*at == ',' || *at == '\r')
			*at = '\n';
	if (!text_list_split(lines, '\n', &parts, err))
		return false;
	for (size_t i = 0; i < parts.count; i++) {
		const char *part = parts.items[i];

		if (strlen(part) > max_bytes)
			return error_set_value(err, ERR_INVALID, name, part, "up to %zu bytes are allowed", max_bytes);
		if (!text_list_has(&list, part) && !text_list_add(&list, part, err))
			return false;
	}
	if (list.count > most)
		return error_set_field(err, ERR_INVALID, name, "up to %zu are allowed", most);
	*out = list;
	list = (struct text_list){0};
	return true;
}

bool query_rules_read_words(const char *name, const char *text, struct text_list *out, struct error *err)
{
	return read_list(name, text, RULES_WORDS_MAX, RULES_WORD_MAX_BYTES, out, err);
}

bool query_rules_read_channels(const char *name, const char *text, struct text_list *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list list = {0};

	if (!read_list(name, text, RULES_CHANNELS_MAX, RULES_WORD_MAX_BYTES, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!channel_id_is_youtubes(list.items[i]))
			return error_set_value(err, ERR_INVALID, name, list.items[i],
			                       "ids of channels are allowed: UC and 22 letters, digits, - or _");
	*out = list;
	list = (struct text_list){0};
	return true;
}

bool query_rules_read_kinds(const char *name, const char *text, unsigned *out, struct error *err)
{
	AUTO(text_list_clear) struct text_list list = {0};
	unsigned kinds = 0;

	if (!read_list(name, text, VIDEO_KIND_COUNT, RULES_WORD_MAX_BYTES, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		enum video_kind kind = VIDEO_NORMAL;

		while (kind < VIDEO_KIND_COUNT && strcmp(list.items[i], video_kind_name(kind)) != 0)
			kind++;
		if (kind == VIDEO_KIND_COUNT)
			return error_set_value(err, ERR_INVALID, name, list.items[i],
			                       "video, live, upcoming and was_live are allowed");
		kinds |= 1U << kind;
	}
	/* All of them are no rule. */
	*out = kinds == (1U << VIDEO_KIND_COUNT) - 1 ? 0 : kinds;
	return true;
}

bool query_rules_read_region(const char *name, const char *text, char out[REGION_SIZE], struct error *err)
{
	size_t len = text ? strlen(text) : 0;

	if (len && (len != REGION_SIZE - 1 || !isalpha((unsigned char)text[0]) || !isalpha((unsigned char)text[1])))
		return error_set_value(err, ERR_INVALID, name, text, "a country's code of two letters, such as DE, is allowed");
	memset(out, 0, REGION_SIZE);
	for (size_t i = 0; i < len; i++)
		out[i] = (char)toupper((unsigned char)text[i]);
	return true;
}

/* YouTube takes ISO 639-1 codes, zh-Hans and zh-Hant. */
bool query_rules_read_language(const char *name, const char *text, char out[RELEVANCE_LANGUAGE_SIZE], struct error *err)
{
	size_t len = text ? strlen(text) : 0;
	bool plain = len == 2 && islower((unsigned char)text[0]) && islower((unsigned char)text[1]);

	if (len && !plain && strcmp(text, "zh-Hans") != 0 && strcmp(text, "zh-Hant") != 0)
		return error_set_value(err, ERR_INVALID, name, text,
		                       "a language's code of two small letters, such as de, zh-Hans or zh-Hant is allowed");
	memset(out, 0, RELEVANCE_LANGUAGE_SIZE);
	memcpy(out, text ? text : "", len);
	return true;
}

/* ---- writing ---- */

/* LIST may be NULL. */
static void write_list(struct writer *w, const char *name, const struct text_list *list)
{
	if (!list) {
		write_null(w, name);
		return;
	}
	write_array(w, name);
	for (size_t i = 0; i < list->count; i++)
		write_text(w, NULL, list->items[i]);
	write_end(w);
}

static void write_seconds(struct writer *w, const char *name, int64_t seconds)
{
	if (seconds)
		write_int(w, name, seconds);
	else
		write_null(w, name);
}

void query_rules_write_lines(const struct text_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++)
		buf_printf(out, "%s%s", i ? "\n" : "", list->items[i]);
}

void query_rules_write_kinds(unsigned kinds, struct buf *out)
{
	for (enum video_kind kind = VIDEO_NORMAL; kind < VIDEO_KIND_COUNT; kind++)
		if (kinds & 1U << kind)
			buf_printf(out, "%s%s", out->len ? "," : "", video_kind_name(kind));
}

static void write_lines(struct writer *w, const char *name, const struct text_list *list)
{
	AUTO(buf_clear) struct buf lines = BUF(RULES_LINES_MAX_BYTES);

	query_rules_write_lines(list, &lines);
	write_buf(w, name, &lines);
}

void query_rules_write_texts(struct writer *w, const struct query_rules *rules, bool for_owner)
{
	AUTO(buf_clear) struct buf kinds = BUF(RULES_LINES_MAX_BYTES);

	query_rules_write_kinds(rules->kinds, &kinds);
	if (for_owner) {
		write_lines(w, "excluded_words", &rules->excluded_words);
		write_lines(w, "excluded_channels", &rules->excluded_channels);
	}
	write_text(w, "region", rules->region);
	write_text(w, "language", rules->language);
	write_seconds(w, "min_duration", rules->min_duration_s);
	write_seconds(w, "max_duration", rules->max_duration_s);
	write_bool(w, "hide_shorts", rules->hide_shorts);
	write_buf(w, "kinds", &kinds);
}

void query_rules_write_json(struct writer *w, const struct query_rules *rules, bool for_owner)
{
	write_list(w, "excluded_words", for_owner ? &rules->excluded_words : NULL);
	write_list(w, "excluded_channels", for_owner ? &rules->excluded_channels : NULL);
	write_filled_text(w, "region", rules->region);
	write_filled_text(w, "language", rules->language);
	write_seconds(w, "min_duration", rules->min_duration_s);
	write_seconds(w, "max_duration", rules->max_duration_s);
	write_bool(w, "hide_shorts", rules->hide_shorts);
	write_array(w, "kinds");
	for (enum video_kind kind = VIDEO_NORMAL; kind < VIDEO_KIND_COUNT; kind++)
		if (rules->kinds & 1U << kind)
			write_text(w, NULL, video_kind_name(kind));
	write_end(w);
}
