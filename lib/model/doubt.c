#include "model/doubt.h"

const char *doubt_text(enum doubt doubt)
{
	static const char *const texts[DOUBT_COUNT] = {
	    [DOUBT_ORDER] = "YouTube's results were not in order of time: only complete answers counted as read",
	    [DOUBT_CHOICE] =
		"YouTube left out videos of a long interval that it showed for a shorter one: the interval was read again",
	    [DOUBT_WINDOW] =
		"YouTube gave videos from outside the interval asked for: they were recorded and proved nothing about it",
	    [DOUBT_SILENCE] = "YouTube gave far fewer videos than usual: the interval was not taken for empty",
	    [DOUBT_PAGES] = "YouTube offered further pages without new videos: they were not followed",
	};

	return texts[doubt];
}
