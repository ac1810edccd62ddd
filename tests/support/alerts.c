#include "tests/support/alerts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/alerts/alerts.h"
#include "store/videos.h"
#include "tests/support/store_fixture.h"

int64_t alerts_add_rule(struct store *store, const char *filter, int port, int64_t now)
{
	char url[100], text[200];
	static char label[] = "Moon", secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", zone[] = "UTC", empty[] = "";
	struct alert alert = {.label = label,
	                      .filter = text,
	                      .kind = DESTINATION_WEBHOOK,
	                      .url = url,
	                      .secret = secret,
	                      .recipient = empty,
	                      .timezone = zone};
	struct error err;
	int64_t id;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", port);
	snprintf(text, sizeof(text), "%s", filter);
	assert_true(store_alert_add(store, &alert, now, &id, &err));
	return id;
}

static void record(struct store *store, int number, int64_t now)
{
	char id[VIDEO_ID_SIZE], title[100];
	struct video video = {.published_at = now - 60, .duration_s = 100, .views = 1, .likes = 1, .comments = 1};
	enum video_saved saved;
	struct error err;

	snprintf(id, sizeof(id), "v%010d", number);
	snprintf(title, sizeof(title), "The moon %s %d", number % 2 ? "odd" : "even", number);
	memcpy(video.id, id, sizeof(id));
	assert_true(text_copy(title, &video.title, &err) && text_copy("", &video.description, &err));
	assert_true(store_video_save(store, &video, SOURCE_DETAILS, now, &saved, NULL, &err));
	video_clear(&video);
}

void alerts_record(struct store *store, int first, int count, int64_t now)
{
	struct error err;

	assert_true(store_begin(store, &err));
	for (int i = 0; i < count; i++) {
		record(store, first + i, now);
		fixture_commit_some(store, i + 1);
	}
	assert_true(store_commit(store, &err));
}
