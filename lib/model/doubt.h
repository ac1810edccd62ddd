/* Why an answer of YouTube's search proves less than it should. */
#pragma once

enum doubt {
	DOUBT_ORDER,   /* its results were not in order of time */
	DOUBT_CHOICE,  /* it left out videos of a long window that it showed for a shorter one */
	DOUBT_WINDOW,  /* results came from outside the window */
	DOUBT_SILENCE, /* it had far fewer videos than the query brings */
	DOUBT_PAGES,   /* it offered further pages without anything new */
	DOUBT_COUNT
};

/* A sentence for a reader, without its full stop. */
const char *doubt_text(enum doubt doubt);
