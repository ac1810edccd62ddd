/* How systemd, or another supervisor with its protocols, and a service talk: sd_notify(3) and sd_listen_fds(3), which say that the protocols are
 * stable and may be spoken without a library. */
#pragma once

#include "base/error.h"

/* Tells the state, such as "READY=1" or "WATCHDOG=1". Without a supervisor that listens ($NOTIFY_SOCKET) nothing happens, and nothing when it
 * does not take it: there is nothing to be done about either. */
void supervisor_tell(const char *state);

/* Tells "WATCHDOG=1" every second until the process ends, for programs whose work takes its time; without a supervisor nothing happens. It notices
 * a process that is stopped, not work that does not end. To be called after sandbox_enter(). Errors: ERR_INTERNAL without a thread. */
MUST_USE bool supervisor_beat(struct error *err);

/* The socket that the supervisor passes to this process ($LISTEN_PID, $LISTEN_FDS), for the caller to close; -1 without one. Programs that we
 * start do not get it. Errors: ERR_INVALID when there are several. */
MUST_USE bool supervisor_socket(int *out, struct error *err);
