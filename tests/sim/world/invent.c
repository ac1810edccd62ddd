#include "tests/sim/world/invent.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/timestamp.h"
#include "tests/sim/world/fill.h"
#include "tests/sim/world/rng.h"

enum { TEXT_MAX_BYTES = 8192, CHANNEL_YEARS = 18 };

#define FIRST_CHANNEL 1146000000LL /* April 2006 */

/* {q} is the query as it is, {Q} with capitals, {n} a number, {p} a place, {w} a weekday. */
static const char *const titles[] = {
    "{Q}: everything that happened this {w}",
    "{Q} LIVE from {p}",
    "Why {q} matters more than you think",
    "I watched {q} for {n} hours. Here is what I learned",
    "\"{Q}\" - the full story",
    "{Q} & the people behind it",
    "How {q} works, explained in {n} minutes",
    "{Q} update #{n}: don't miss this",
    "First look: {q} in {p}",
    "{Q} compilation {n} <3",
    "The truth about {q} (nobody tells you)",
    "{p} reacts to {q} 😮",
    "{Q} 🚀 day {n}",
    "{Q} highlights | {w}",
    "Ask me anything about {q} - episode {n}",
    "{Q}: was in {p} wirklich geschah",
    "Tout savoir sur {q} en {n} minutes",
    "Lo mejor de {q} en {p} ¡increíble!",
    "{q} — как это было. Выпуск {n}",
    "{q} を見てきた【{p}】第{n}回",
    "{q} 현장 브이로그 {n}",
    "{q} สรุปข่าววันนี้ ตอนที่ {n}",
    "ما لا تعرفه عن {q}",
    "{Q} <b>behind the scenes</b> & \"bloopers\"",
};

static const char *const sentences[] = {
    "In this video we look at {q} from up close, and talk to people in {p} who were there.",
    "Filmed on {w} in {p} & edited the same night.",
    "Chapters: 0:00 Start, 1:12 {Q}, 4:30 What comes next.",
    "If you liked episode {n}, you'll love this one. Tell us what you think in the comments!",
    "Music: \"Orbit {n}\" by the Second Stage Quartet.",
    "Follow us for more about {q}: https://example.com/{n}",
    "Thanks to everybody in {p} who made this possible <3",
    "Sources and further reading are listed below.",
    "#{n} #newsreel",
};

static const char *const places[] = {"Houston", "Kourou",    "Berlin",    "Nairobi",  "São Paulo",
                                     "Osaka",   "Reykjavík", "Bengaluru", "Toulouse", "Perth"};
static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
static const char *const subjects[] = {"sourdough", "my garden",    "night trains", "chess openings", "old radios",
                                       "moving",    "a cheap tent", "knitting",     "our cat Oskar",  "tax returns"};
static const char *const first_names[] = {"Morning", "Northern", "Little", "Daily", "Open",
                                          "Second",  "Blue",     "Quiet",  "Radio", "Studio"};
static const char *const last_names[] = {"Dispatch", "Signal & Co", "Observatory", "Workshop", "Harbour",
                                         "Notebook", "O'Brien",     "Channel",     "映像",     "Новости"};

#define PICK(rng, list) ((list)[rng_below((rng), sizeof(list) / sizeof((list)[0]))])

/* Each word of TEXT with a capital, where that is a matter of ASCII. */
static void capitalise(char *text)
{
	for (char *at = text; *at; at++)
		if ((at == text || at[-1] == ' ') && *at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
}

/* The texts that fill the gaps of one video. */
struct words {
	struct fill_slot slots[5];
	char number[16];
};

static void choose_words(struct rng *rng, const char *folded, const char *capital, struct words *out)
{
	snprintf(out->number, sizeof(out->number), "%d", (int)rng_between(rng, 2, 240));
	out->slots[0] = (struct fill_slot){"q", folded};
	out->slots[1] = (struct fill_slot){"Q", capital};
	out->slots[2] = (struct fill_slot){"n", out->number};
	out->slots[3] = (struct fill_slot){"p", PICK(rng, places)};
	out->slots[4] = (struct fill_slot){"w", PICK(rng, weekdays)};
}

static void invent_description(struct rng *rng, const struct words *words, struct buf *out)
{
	size_t count = rng_share(rng) < 0.15 ? 0 : rng_share(rng) < 0.1 ? 40 : 1 + rng_below(rng, 8);

	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_text(out, i % 2 ? "\n" : "\n\n");
		fill(out, PICK(rng, sentences), words->slots, 5);
	}
}

void invent_channel(uint64_t random, uint32_t number, struct world_channel *out)
{
	struct rng rng = rng_from(random);
	const char *last = PICK(&rng, last_names);
	int len = snprintf(out->title, sizeof(out->title), "%s %s", PICK(&rng, first_names), last);

	if (number)
		snprintf(out->title + len, sizeof(out->title) - (size_t)len, " %u", (unsigned)number);
	out->born_at = FIRST_CHANNEL + rng_between(&rng, 0, CHANNEL_YEARS * 365LL * SECONDS_PER_DAY);
}

const char *invent_subject(uint64_t random)
{
	struct rng rng = rng_from(random);

	return PICK(&rng, subjects);
}

bool invent_texts(uint64_t random, const char *folded, struct world_video *out, struct error *err)
{
	AUTO(buf_clear) struct buf title = BUF(TEXT_MAX_BYTES);
	AUTO(buf_clear) struct buf description = BUF(TEXT_MAX_BYTES);
	AUTO(text_free) char *capital = NULL;
	struct rng rng = rng_from(rng_mix(random));
	struct words words;

	if (!text_copy(folded, &capital, err))
		return false;
	capitalise(capital);
	choose_words(&rng, folded, capital, &words);
	fill(&title, PICK(&rng, titles), words.slots, 5);
	invent_description(&rng, &words, &description);
	if (!buf_take(&title, &out->title, err) || !buf_take(&description, &out->description, err))
		return false;
	world_video_cut_title(out->title);
	return true;
}
