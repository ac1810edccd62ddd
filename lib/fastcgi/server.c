#include "fastcgi/server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum {
	CHUNK_BYTES = 16 * 1024,
	PAUSE_NS = 50 * 1000 * 1000,
};

/* A connection as the server sees it: in the list of all of them. */
struct guest {
	struct fcgi_connection connection; /* first: threads know a guest by it */
	struct guest *next, *previous;
	atomic_bool watched; /* in the epoll set */
};

struct fcgi_server {
	int listener; /* borrowed */
	int events;   /* the epoll set */
	int stop;     /* an eventfd: readable from fcgi_server_stop() on */
	atomic_bool stopping;
	size_t body_max;
	pthread_mutex_t guard; /* of what follows */
	struct guest *guests;
	size_t count, most;
};

/* ---- the epoll set: a guest by its address, what belongs to the server by that of its descriptor ---- */

static bool watch(const struct fcgi_server *server, int operation, int fd, uint32_t events, void *what)
{
	struct epoll_event event = {.events = events, .data.ptr = what};

	return epoll_ctl(server->events, operation, fd, &event) == 0;
}

/* With as many guests as there may be, new ones wait in the listener's backlog. */
static void watch_listener(struct fcgi_server *server)
{
	uint32_t events = server->count < server->most ? EPOLLIN : 0;

	(void)watch(server, EPOLL_CTL_MOD, server->listener, events, &server->listener);
}

/* Once: the thread that is told of it has the guest to itself until it watches it again. */
static bool watch_guest(const struct fcgi_server *server, struct guest *guest)
{
	int fd = guest->connection.socket;
	int operation = atomic_exchange(&guest->watched, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	return watch(server, operation, fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, guest);
}

/* ---- guests ---- */

static void add_guest(struct fcgi_server *server, struct guest *guest)
{
	pthread_mutex_lock(&server->guard);
	guest->next = server->guests;
	if (guest->next)
		guest->next->previous = guest;
	server->guests = guest;
	if (++server->count == server->most)
		watch_listener(server);
	pthread_mutex_unlock(&server->guard);
}

static void remove_guest(struct fcgi_server *server, struct guest *guest)
{
	pthread_mutex_lock(&server->guard);
	if (guest->previous)
		guest->previous->next = guest->next;
	else
		server->guests = guest->next;
	if (guest->next)
		guest->next->previous = guest->previous;
	if (server->count-- == server->most)
		watch_listener(server);
	pthread_mutex_unlock(&server->guard);
}

static void dismiss(struct fcgi_server *server, struct guest *guest)
{
	remove_guest(server, guest);
	close(guest->connection.socket);
	fcgi_request_clear(&guest->connection.request);
	free(guest);
}

/* No memory, or no descriptor in spite of the maximum: who waits at the door can wait a little longer, but a thread must not
 * spin. */
static void pause_admitting(void)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};

	nanosleep(&pause, NULL);
}

static bool welcome(struct fcgi_server *server, int fd)
{
	struct guest *guest = calloc(1, sizeof(*guest));

	if (!guest) {
		close(fd);
		return false;
	}
	guest->connection.socket = fd;
	fcgi_request_init(&guest->connection.request, server->body_max);
	add_guest(server, guest);
	if (!watch_guest(server, guest))
		dismiss(server, guest);
	return true;
}

static bool has_room(struct fcgi_server *server)
{
	pthread_mutex_lock(&server->guard);
	bool room = server->count < server->most;
	pthread_mutex_unlock(&server->guard);
	return room;
}

/* All who wait at the door. One at a time would be unfair: the epoll set takes its members in turn, and each of the many
 * connections that are kept is a member, as is the door. */
static void admit(struct fcgi_server *server)
{
	while (has_room(server)) {
		int fd = accept(server->listener, NULL, NULL);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno == EAGAIN)
			return;
		if (fd < 0 || !welcome(server, fd)) {
			pause_admitting();
			return;
		}
	}
}

/* Reads what there is. True when the request is complete; otherwise the guest is watched, or gone. */
static bool receive(struct fcgi_server *server, struct guest *guest)
{
	unsigned char chunk[CHUNK_BYTES];
	enum fcgi_progress progress = FCGI_INCOMPLETE;

	while (progress == FCGI_INCOMPLETE) {
		ssize_t got = recv(guest->connection.socket, chunk, sizeof(chunk), MSG_DONTWAIT);

		if (got > 0)
			progress = fcgi_request_read(&guest->connection.request, chunk, (size_t)got);
		else if (got < 0 && errno == EINTR)
			continue;
		else if (got < 0 && errno == EAGAIN && watch_guest(server, guest))
			return false;
		else
			progress = FCGI_BROKEN;
	}
	if (progress == FCGI_BROKEN)
		dismiss(server, guest);
	return progress == FCGI_COMPLETE;
}

/* ---- for the threads ---- */

/* The guest of an event. Reading what watch_guest() wrote makes all that its last thread did visible to this one. */
static struct guest *take_over(struct guest *guest)
{
	(void)atomic_load(&guest->watched);
	return guest;
}

struct fcgi_connection *fcgi_server_next(struct fcgi_server *server)
{
	while (!atomic_load(&server->stopping)) {
		struct epoll_event event;

		if (epoll_wait(server->events, &event, 1, -1) < 1 || event.data.ptr == &server->stop)
			continue;
		if (event.data.ptr == &server->listener) {
			admit(server);
			continue;
		}
		struct guest *guest = take_over(event.data.ptr);
		if (receive(server, guest))
			return &guest->connection;
	}
	return NULL;
}

struct reply fcgi_connection_reply(const struct fcgi_connection *connection)
{
	return (struct reply){connection->socket, connection->request.id};
}

void fcgi_server_done(struct fcgi_server *server, struct fcgi_connection *connection, bool sent)
{
	struct guest *guest = (struct guest *)connection;
	bool stays = sent && connection->request.keeps;

	fcgi_request_clear(&connection->request);
	if (!stays || !watch_guest(server, guest))
		dismiss(server, guest);
}

void fcgi_server_stop(struct fcgi_server *server)
{
	atomic_store(&server->stopping, true);
	(void)eventfd_write(server->stop, 1);
}

/* ---- opening and closing ---- */

static bool start(struct fcgi_server *server)
{
	int flags = fcntl(server->listener, F_GETFL);

	server->events = epoll_create1(EPOLL_CLOEXEC);
	server->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return flags >= 0 && fcntl(server->listener, F_SETFL, flags | O_NONBLOCK) == 0 && server->events >= 0 &&
	       server->stop >= 0 && watch(server, EPOLL_CTL_ADD, server->stop, EPOLLIN, &server->stop) &&
	       watch(server, EPOLL_CTL_ADD, server->listener, EPOLLIN, &server->listener);
}

bool fcgi_server_open(int listener, size_t connections_max, size_t body_max, struct fcgi_server **out, struct error *err)
{
	struct fcgi_server *server = calloc(1, sizeof(*server));

	if (!server)
		return error_no_memory(err);
	*server = (struct fcgi_server){.listener = listener,
	                               .events = -1,
	                               .stop = -1,
	                               .body_max = body_max,
	                               .guard = PTHREAD_MUTEX_INITIALIZER,
	                               .most = connections_max};
	if (!start(server)) {
		error_set(err, ERR_INTERNAL, "cannot wait for requests: %s", strerror(errno));
		fcgi_server_close(&server);
		return false;
	}
	*out = server;
	return true;
}

void fcgi_server_close(struct fcgi_server **server)
{
	if (!*server)
		return;
	while ((*server)->guests)
		dismiss(*server, (*server)->guests);
	file_close(&(*server)->events);
	file_close(&(*server)->stop);
	pthread_mutex_destroy(&(*server)->guard);
	free(*server);
	*server = NULL;
}
