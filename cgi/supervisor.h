/* What systemd, or another supervisor with its protocol, is told by a service: sd_notify(3), which says that the protocol is stable and may be
 * spoken without a library. */
#pragma once

/* Tells the state, such as "READY=1" or "WATCHDOG=1". Without a supervisor that listens ($NOTIFY_SOCKET) nothing happens, and nothing when it
 * does not take it: there is nothing to be done about either. */
void supervisor_tell(const char *state);
