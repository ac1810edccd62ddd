/* Addresses at YouTube that somebody enters where words are wanted. */
#pragma once

/* What to enter in place of TEXT when a word of it is the address of a channel, a video, a playlist or a search at YouTube; NULL when none is.
 * A constant. */
const char *youtube_url_advice(const char *text);
