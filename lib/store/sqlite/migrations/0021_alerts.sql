-- Alerts: rules, what is sent for them, and which recordings are no news.

-- A rule: a filter of the list of videos, and where what it lets through is told. Without a destination it is a saved filter.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    filter TEXT NOT NULL,                        -- parameters of the list, as links have them
    kind INTEGER NOT NULL,                       -- enum destination_kind
    url TEXT NOT NULL,                           -- secret: those of chats are all that is needed to write there
    secret TEXT NOT NULL,                        -- that signs, or the token
    old_secret TEXT NOT NULL,                    -- which signs too, until …
    old_secret_until INTEGER NOT NULL,
    recipient TEXT NOT NULL,                     -- a chat, a room, an e-mail address
    schedule INTEGER NOT NULL,                   -- enum alert_schedule
    minute INTEGER NOT NULL,                     -- of the day, of a digest
    timezone TEXT NOT NULL,
    backfill INTEGER NOT NULL,                   -- 1 = all that is recorded is news
    unsubscribe TEXT NOT NULL UNIQUE,            -- random, in a link of its e-mails
    state INTEGER NOT NULL,                      -- enum alert_state
    cursor INTEGER NOT NULL,                     -- what was recorded after it has not been told
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,                    -- no message is made before; 0 = a digest's time is not known yet
    delivered_at INTEGER NOT NULL DEFAULT 0,     -- when a message was last delivered, 0 = never
    failing_since INTEGER NOT NULL,              -- first failure since the last success, 0 = none
    error TEXT                                   -- why it does not work; NULL = it does
) STRICT;

-- The outbox, and the log of 30 days.
CREATE TABLE alert_delivery (
    id INTEGER PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL UNIQUE,             -- the same on every try
    is_test INTEGER NOT NULL,
    videos TEXT NOT NULL,                        -- ids, each with a blank behind it, first recorded first
    count INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    state INTEGER NOT NULL,                      -- enum delivery_state
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,                    -- of the next try
    tried_at INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,           -- of the last answer, 0 = none
    error TEXT                                   -- of the last try
) STRICT;

CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert, id);
CREATE INDEX alert_delivery_by_time ON alert_delivery (made_at);
CREATE INDEX alert_delivery_due ON alert_delivery (next_at) WHERE state = 0;
CREATE INDEX alert_delivery_waiting ON alert_delivery (alert) WHERE state = 0;

-- Numbers of recording given by imports, first polls of queries and closed gaps: after … until.
CREATE TABLE backfill (
    after INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;
