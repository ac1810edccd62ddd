/* Addresses at YouTube that somebody enters where words are wanted, and what names a channel there. */
#pragma once

#include <stdbool.h>

/* What to enter in place of TEXT when a word of it is the address of a channel, a video, a playlist or a search at YouTube; NULL when none is.
 * A constant. */
const char *youtube_url_advice(const char *text);

/* Room for the name of a channel: its id, or "@handle". */
enum { CHANNEL_NAME_SIZE = 128 };

/* Whether TEXT (squeezed) is a channel's id, its handle, or its address with one of them, which is written to OUT then. */
bool youtube_url_channel(const char *text, char out[CHANNEL_NAME_SIZE]);

/* Whether TEXT, but for white space around it, is the address of a video at YouTube (watch, youtu.be, shorts, live, embed), whose id is written
 * to OUT then. */
enum { VIDEO_NAME_SIZE = 12 };
bool youtube_url_video(const char *text, char out[VIDEO_NAME_SIZE]);
