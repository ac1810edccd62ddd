#include "base/case_fold.h"

#include <locale.h>
#include <wctype.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"

/* Unicode's case tables come with glibc's built-in C.UTF-8 locale (since 2.35); the process's own locale stays "C". */
static locale_t unicode_locale(void)
{
	static locale_t locale;
	locale_t known = __atomic_load_n(&locale, __ATOMIC_ACQUIRE);

	if (known)
		return known;
	locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!made)
		return (locale_t)0;
	if (__atomic_compare_exchange_n(&locale, &known, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	freelocale(made);
	return known;
}

/* By way of the upper case, which the forms of one letter have in common (final sigma, long s, the micro sign). This is the
 * simple case folding of Unicode's CaseFolding.txt, which keeps the dotless i apart. */
static uint32_t fold(uint32_t c, locale_t locale)
{
	const uint32_t dotless_i = 0x131;

	return c == dotless_i ? c : (uint32_t)towlower_l(towupper_l((wint_t)c, locale), locale);
}

bool case_fold(const char *text, char **out, struct error *err)
{
	AUTO(text_free) char *squeezed = NULL;
	AUTO(buf_clear) struct buf folded = BUF(TEXT_MAX);
	locale_t locale = unicode_locale();

	if (!locale)
		return error_set(err, ERR_INTERNAL, "the C.UTF-8 locale is missing (glibc 2.35 or later has it built in)");
	if (!text_squeeze(text, &squeezed, err))
		return false;
	for (const char *at = squeezed; *at;) {
		char character[UTF8_MAX];
		uint32_t c;
		size_t step = utf8_decode(at, UTF8_MAX, &c);

		if (step)
			buf_add(&folded, character, utf8_encode(fold(c, locale), character));
		else
			buf_add(&folded, at, 1);
		at += step ? step : 1;
	}
	return buf_take(&folded, out, err);
}
