#include "feed/topic.h"

#include <stdio.h>
#include <string.h>

static const char *const forms[] = {"https://www.youtube.com/xml/feeds/videos.xml?channel_id=",
                                    "https://www.youtube.com/feeds/videos.xml?channel_id="};

void topic_of(const char *channel_id, char out[TOPIC_SIZE])
{
	snprintf(out, TOPIC_SIZE, "%s%s", forms[0], channel_id);
}

bool topic_is_of(const char *topic, const char *channel_id)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t len = strlen(forms[i]);

		if (strncmp(topic, forms[i], len) == 0 && strcmp(topic + len, channel_id) == 0)
			return true;
	}
	return false;
}
