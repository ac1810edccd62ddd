#include "delivery/transfer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "delivery/address.h"
#include "delivery/answer.h"
#include "model/loopback.h"

enum { ANSWER_MAX_BYTES = 64 * 1024, CONNECT_TIMEOUT_S = 5, SMTP_URL_MAX_BYTES = 600, HOST_SIZE = 100 };

/* One that is going on. */
struct transfer {
	struct transfers *all;
	struct transfer *next;
	int64_t key;
	struct outgoing outgoing;
	CURL *curl;
	struct curl_slist *headers, *recipients; /* the latter of an e-mail only */
	struct buf answer;
	size_t sent;              /* of an e-mail */
	enum address_class class; /* why it was not connected to; ADDRESS_PUBLIC = it was not refused */
	int64_t retry_after;
};

struct transfers {
	struct transfer_options options;
	CURLM *multi;
	struct transfer *first;
};

static bool initialised;

static void initialise(void)
{
	initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool transfers_open(const struct transfer_options *options, struct transfers **out, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, initialise);
	struct transfers *transfers = initialised ? calloc(1, sizeof(*transfers)) : NULL;
	if (!transfers)
		return error_no_memory(err);
	*transfers = (struct transfers){.options = *options, .multi = curl_multi_init()};
	if (!transfers->multi) {
		free(transfers);
		return error_no_memory(err);
	}
	*out = transfers;
	return true;
}

/* Takes it out of the others and releases it. */
static void end(struct transfer *transfer)
{
	struct transfers *all = transfer->all;
	struct transfer **at = &all->first;

	while (*at && *at != transfer)
		at = &(*at)->next;
	if (*at)
		*at = transfer->next;
	if (transfer->curl) {
		curl_multi_remove_handle(all->multi, transfer->curl);
		curl_easy_cleanup(transfer->curl);
	}
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->recipients);
	outgoing_clear(&transfer->outgoing);
	buf_clear(&transfer->answer);
	free(transfer);
}

void transfers_close(struct transfers **transfers)
{
	if (!*transfers)
		return;
	while ((*transfers)->first)
		end((*transfers)->first);
	curl_multi_cleanup((*transfers)->multi);
	free(*transfers);
	*transfers = NULL;
}

/* ---- what libcurl calls ---- */

/* Instead of socket(): the address is the one that is connected to, however its name was resolved. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = context;
	enum address_class class = address_classify(&address->addr);

	(void)purpose;
	if (class == ADDRESS_FORBIDDEN || (class == ADDRESS_PRIVATE && !transfer->all->options.may_be_private)) {
		transfer->class = class;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What is beyond the maximum is not looked at. */
static size_t on_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t len = size * count;
	size_t room = ANSWER_MAX_BYTES - transfer->answer.len;

	buf_add(&transfer->answer, bytes, len < room ? len : room);
	return len;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct clock clock = clock_system();

	answer_take_header(line, size * count, clock_now(&clock), &transfer->retry_after);
	return size * count;
}

static size_t on_mail(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t left = transfer->outgoing.body.len - transfer->sent;
	size_t len = size * count < left ? size * count : left;

	memcpy(bytes, buf_text(&transfer->outgoing.body) + transfer->sent, len);
	transfer->sent += len;
	return len;
}

/* ---- beginning ---- */

static bool append(struct curl_slist **list, const char *text, struct error *err)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (!longer)
		return error_no_memory(err);
	*list = longer;
	return true;
}

static void configure(struct transfer *transfer)
{
	CURL *curl = transfer->curl;
	const char *authorities = getenv("SSL_CERT_FILE"); /* which OpenSSL reads, and libcurl does not */

	if (authorities && *authorities)
		curl_easy_setopt(curl, CURLOPT_CAINFO, authorities);

	curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)transfer->all->options.timeout_s);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
}

/* A proxy would connect in our place, to any address. */
static bool configure_http(struct transfer *transfer, struct error *err)
{
	CURL *curl = transfer->curl;
	const struct outgoing *outgoing = &transfer->outgoing;

	curl_easy_setopt(curl, CURLOPT_URL, buf_text(&outgoing->url));
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, transfer->all->options.may_be_private ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "newsreel/" NEWSREEL_VERSION);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, buf_text(&outgoing->body));
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)outgoing->body.len);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, outgoing->method);
	for (size_t i = 0; i < outgoing->headers.count; i++)
		if (!append(&transfer->headers, outgoing->headers.items[i], err))
			return false;
	if (!append(&transfer->headers, "Expect:", err))
		return false;
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
	return true;
}

/* The mail server is the operator's, not a rule's: its address may be any, but beyond this machine it has to speak TLS. */
static bool configure_mail(struct transfer *transfer, struct error *err)
{
	CURL *curl = transfer->curl;
	const struct transfer_options *options = &transfer->all->options;
	const char *at = strchr(options->smtp_url, '@');
	bool tls = strncmp(options->smtp_url, "smtps://", 8) == 0;
	char url[SMTP_URL_MAX_BYTES];

	snprintf(url, sizeof(url), "%s%s", tls ? "smtps://" : "smtp://",
	         at ? at + 1 : options->smtp_url + strlen(tls ? "smtps://" : "smtp://"));
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(url_is_loopback(url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (at) {
		const char *user = options->smtp_url + strlen(tls ? "smtps://" : "smtp://");
		AUTO(buf_clear) struct buf name = BUF(SMTP_URL_MAX_BYTES);

		(void)!percent_decode(&name, user, (size_t)(at - user), false);
		curl_easy_setopt(curl, CURLOPT_USERNAME, buf_text(&name));
		curl_easy_setopt(curl, CURLOPT_PASSWORD, options->smtp_password);
	}
	if (!append(&transfer->recipients, transfer->outgoing.recipient, err))
		return false;
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, options->mail_from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, transfer->recipients);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_mail);
	curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->outgoing.body.len);
	return true;
}

static bool begin(struct transfer *transfer, struct error *err)
{
	transfer->curl = curl_easy_init();
	if (!transfer->curl)
		return error_no_memory(err);
	configure(transfer);
	return (transfer->outgoing.recipient ? configure_mail(transfer, err) : configure_http(transfer, err)) &&
	       (curl_multi_add_handle(transfer->all->multi, transfer->curl) == CURLM_OK || error_no_memory(err));
}

bool transfers_add(struct transfers *transfers, int64_t key, struct outgoing *outgoing, struct error *err)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));

	if (!transfer) {
		outgoing_clear(outgoing);
		return error_no_memory(err);
	}
	*transfer = (struct transfer){.all = transfers,
	                              .next = transfers->first,
	                              .key = key,
	                              .outgoing = *outgoing,
	                              .answer = BUF(ANSWER_MAX_BYTES),
	                              .retry_after = -1};
	*outgoing = (struct outgoing){0};
	transfers->first = transfer;
	if (begin(transfer, err))
		return true;
	end(transfer);
	return false;
}

/* ---- results ---- */

/* Who was asked. The rest of the address may be a secret. */
static void write_host(const struct transfer *transfer, char out[HOST_SIZE])
{
	CURLU *url = curl_url();
	char *host = NULL;

	if (url && curl_url_set(url, CURLUPART_URL, buf_text(&transfer->outgoing.url), 0) == CURLUE_OK)
		(void)curl_url_get(url, CURLUPART_HOST, &host, 0);
	snprintf(out, HOST_SIZE, "%s", transfer->recipients ? "the mail server" : host ? host : "the destination");
	curl_free(host);
	curl_url_cleanup(url);
}

static void explain(const struct transfer *transfer, CURLcode code, struct transfer_result *out)
{
	char host[HOST_SIZE];

	write_host(transfer, host);
	if (transfer->class == ADDRESS_FORBIDDEN)
		snprintf(out->error, sizeof(out->error), "refused: its address is link-local, or no host's");
	else if (transfer->class == ADDRESS_PRIVATE)
		snprintf(out->error, sizeof(out->error),
		         "refused: its address is private, which NEWSREEL_ALERTS_PRIVATE=1 allows");
	else if (code == CURLE_UNSUPPORTED_PROTOCOL)
		snprintf(out->error, sizeof(out->error), "refused: only https is allowed");
	else if (code == CURLE_OK)
		snprintf(out->error, sizeof(out->error), "answer %d from %s", out->status, host);
	else if (out->status && transfer->recipients)
		snprintf(out->error, sizeof(out->error), "answer %d from %s: %s", out->status, host, curl_easy_strerror(code));
	else
		snprintf(out->error, sizeof(out->error), "no answer from %s: %s", host, curl_easy_strerror(code));
}

static void judge(struct transfer *transfer, CURLcode code, struct transfer_result *out)
{
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	*out = (struct transfer_result){.key = transfer->key, .status = (int)status, .retry_after = transfer->retry_after};
	out->delivered = code == CURLE_OK && (transfer->recipients || (status >= 200 && status < 300));
	if (out->delivered)
		return;
	explain(transfer, code, out);
	if (!transfer->recipients && out->retry_after < 0)
		out->retry_after = answer_retry_after(buf_text(&transfer->answer), transfer->answer.len);
}

/* The next one that is over, NULL: none is. */
static struct transfer *find_over(struct transfers *transfers, CURLcode *code)
{
	struct transfer *transfer = NULL;
	const CURLMsg *message;
	int left;

	do
		message = curl_multi_info_read(transfers->multi, &left);
	while (message && message->msg != CURLMSG_DONE);
	if (!message)
		return NULL;
	*code = message->data.result;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
	return transfer;
}

bool transfers_next(struct transfers *transfers, int wait_ms, struct transfer_result *out, bool *any, struct error *err)
{
	CURLcode code = CURLE_OK;
	int running;

	struct transfer *over = find_over(transfers, &code);
	if (!over) {
		if (curl_multi_perform(transfers->multi, &running) != CURLM_OK)
			return error_set(err, ERR_INTERNAL, "libcurl cannot go on");
		over = find_over(transfers, &code);
	}
	if (!over && running) {
		curl_multi_poll(transfers->multi, NULL, 0, wait_ms, NULL);
		if (curl_multi_perform(transfers->multi, &running) != CURLM_OK)
			return error_set(err, ERR_INTERNAL, "libcurl cannot go on");
		over = find_over(transfers, &code);
	}
	*any = over != NULL;
	if (!over)
		return true;
	judge(over, code, out);
	end(over);
	return true;
}
