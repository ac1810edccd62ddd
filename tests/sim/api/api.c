#include "tests/sim/api/api.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/api/call.h"
#include "tests/sim/api/pictures.h"

/* ---- methods ---- */

struct method {
	enum sim_method method;
	const char *path;
	bool (*answer)(struct call *call, struct error *err);
	const char *parameters; /* that it knows, each between spaces */
};

static const struct method methods[] = {
    {SIM_SEARCH, "/youtube/v3/search", call_search,
     " q type order publishedAfter publishedBefore maxResults pageToken regionCode relevanceLanguage safeSearch channelId "
     "channelType videoDuration eventType videoCategoryId videoDefinition videoDimension videoCaption videoLicense "
     "videoEmbeddable videoSyndicated videoType videoPaidProductPlacement topicId location locationRadius "},
    {SIM_VIDEOS, "/youtube/v3/videos", call_videos,
     " id chart myRating maxResults pageToken regionCode hl maxHeight maxWidth videoCategoryId "},
    {SIM_CHANNELS, "/youtube/v3/channels", call_channels,
     " id forHandle forUsername mine managedByMe categoryId hl maxResults pageToken "},
    {SIM_PLAYLIST_ITEMS, "/youtube/v3/playlistItems", call_playlist_items, " id playlistId videoId maxResults pageToken "},
};

static const char common_parameters[] = " part key fields alt prettyPrint quotaUser ";

static const struct method *method_at(const char *path)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].path, path) == 0)
			return &methods[i];
	return NULL;
}

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; len && (at = strstr(at, word)); at += len)
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

static void note_unknown(struct sim *sim, const struct method *method, const struct params *params)
{
	for (size_t i = 0; i < params->count; i++) {
		const char *name = params->items[i].name;

		if (has_word(method->parameters, name) || has_word(common_parameters, name))
			continue;
		sim->unknown_count++;
		snprintf(sim->unknown, sizeof(sim->unknown), "%s", name);
	}
}

/* ---- the call ---- */

static bool make_call(struct call *call, const struct method *method, struct sim_key *key, struct error *err)
{
	enum bucket bucket = sim_bucket(method->method);
	const struct refusal *refusal;
	bool answered;

	call->fault = faults_next(&call->sim->faults, method->method, &refusal);
	call->project = &call->sim->projects.projects[key->project];
	note_unknown(call->sim, method, call->params);
	/* Invalid requests are charged too. */
	bool charged = projects_charge(&call->sim->projects, key, bucket, call->now);
	if (!answer_fault(call, method->method, refusal, &answered, err))
		return false;
	if (answered)
		return true;
	if (!charged)
		return bucket == BUCKET_SEARCHES ? refuse_searches(call, false, err) : refuse_units(call, err);
	if (!method->answer(call, err))
		return false;
	if (call->fault == FAULT_HALF_JSON && call->out->body.len) /* a 304 has none */
		call->out->body.data[call->out->body.len /= 2] = '\0';
	return true;
}

/* Faults of what is no part of the Data API: what is refused there is refused with a page. */
static bool answer_page_fault(struct call *call, enum sim_method method, bool *answered, struct error *err)
{
	const struct refusal *refusal;

	*answered = true;
	call->fault = faults_next(&call->sim->faults, method, &refusal);
	if (call->fault == FAULT_503 || call->fault == FAULT_BURST || call->fault == FAULT_SPENT)
		return answer_page(call, call->fault == FAULT_503 ? 503 : 429, err);
	return refusal ? answer_page(call, refusal->error.status, err) : answer_fault(call, method, refusal, answered, err);
}

static bool answer_feed(struct call *call, struct error *err)
{
	bool answered;

	return answer_page_fault(call, SIM_FEED, &answered, err) && (answered || call_feed(call, err));
}

static bool answer_hub(struct call *call, const char *form, struct error *err)
{
	AUTO(params_clear) struct params params = {0};
	bool answered;

	if (!answer_page_fault(call, SIM_HUB, &answered, err))
		return false;
	if (!answered) {
		if (!params_read(form ? form : "", &params, err))
			return false;
		call->out->content_type = "text/plain";
		call->out->status = hub_request(call->sim->hub, &params, call->now);
	}
	if (call->out->status == 503)
		sim_response_add(call->out, "Retry-After", "120");
	return true;
}

/* "/vi/ID/hqdefault.jpg" */
static bool answer_picture(const char *path, struct sim_response *out, struct error *err)
{
	char id[VIDEO_ID_SIZE] = "";

	snprintf(id, sizeof(id), "%.*s", VIDEO_ID_SIZE - 1, path + strlen("/vi/"));
	out->content_type = "image/svg+xml";
	picture_write(id, &out->body);
	return buf_ok(&out->body, err);
}

bool sim_answer(struct sim *sim, const struct sim_request *request, int64_t now, struct sim_response *out, struct error *err)
{
	AUTO(params_clear) struct params params = {0};
	struct call call = {.sim = sim, .params = &params, .now = now, .etag = request->etag, .out = out};
	const struct method *method = method_at(request->path);

	*out = (struct sim_response){.status = 200, .content_type = "application/json; charset=UTF-8", .body = BUF(SIM_BODY_MAX)};
	if (strncmp(request->path, "/vi/", 4) == 0)
		return answer_picture(request->path, out, err);
	if (!params_read(request->query, &params, err))
		return false;
	if (strcmp(request->path, "/feeds/videos.xml") == 0)
		return answer_feed(&call, err);
	if (sim->hub && strcmp(request->path, "/subscribe") == 0)
		return answer_hub(&call, request->form, err);
	if (!method)
		return answer_page(&call, 404, err);
	sim_response_add(out, "Cache-Control", "private");
	sim_response_add(out, "Vary", "Origin, X-Origin, Referer");
	const char *in_url = params_get(&params, "key");
	sim->keys_in_urls += in_url != NULL;
	const char *secret = request->key ? request->key : in_url;
	if (!secret)
		return refuse_without_key(&call, err);
	struct sim_key *key = projects_find(&sim->projects, secret);
	enum sim_key_state state = key ? key->state : SIM_KEY_INVALID;
	if (state != SIM_KEY_GOOD)
		return refuse_key(&call, state, key ? sim->projects.projects[key->project].number : "0", err);
	return make_call(&call, method, key, err);
}
