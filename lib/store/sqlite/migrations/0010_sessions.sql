-- Signed-in browsers of the owner. Without its row a session's cookie is of no use: that is how one is signed out.
CREATE TABLE session (
    id          TEXT PRIMARY KEY,  -- SHA-256 of the number in the cookie: the database does not tell a cookie
    created_at  INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,  -- within some minutes
    expires_at  INTEGER NOT NULL,
    agent       TEXT NOT NULL      -- what the browser called itself at sign-in
) STRICT, WITHOUT ROWID;
