/* The topics of the hub that YouTube pushes to: the addresses of channels' feeds. */
#pragma once

#include <stdbool.h>

#include "model/video.h"

enum { TOPIC_SIZE = sizeof("https://www.youtube.com/xml/feeds/videos.xml?channel_id=") + CHANNEL_ID_SIZE };

/* The topic to subscribe to. */
void topic_of(const char *channel_id, char out[TOPIC_SIZE]);

/* Whether TOPIC is that of the channel, in either of the two forms that are in use. */
bool topic_is_of(const char *topic, const char *channel_id);
