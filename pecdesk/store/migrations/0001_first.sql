-- What a profile remembers. Tables marked "derived" are computed from the archived bytes and can be made again.

CREATE TABLE message (               -- derived, but for first_seen (journal)
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    examine_version INTEGER NOT NULL,
    anchors_version TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    attachments INTEGER NOT NULL,    -- how many
    examination TEXT NOT NULL        -- JSON; the texts stand in `search`
) STRICT;
CREATE INDEX message_kind ON message (kind);
CREATE INDEX message_attachments ON message (attachments);

CREATE TABLE placement (             -- from the journal
    message INTEGER NOT NULL REFERENCES message (id),
    account TEXT NOT NULL,           -- '' when nobody said whose mailbox it was
    folder TEXT NOT NULL,
    in_sent_folder INTEGER NOT NULL,
    source TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (message, account, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (               -- from the journal
    address TEXT PRIMARY KEY,        -- comparable form
    known_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (                 -- derived
    token TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (token, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_message ON token (message);

CREATE TABLE transmission (          -- derived
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    direction TEXT NOT NULL,
    account TEXT,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    identifier TEXT,
    message_id TEXT,
    sent_at REAL NOT NULL,           -- seconds since 1970; first seen where no time is known
    attention TEXT NOT NULL,         -- ' failed delayed '
    no_acceptance_at REAL,
    waiting_at REAL,
    overdue_at REAL,
    log_warning_at REAL,
    log_lost_at REAL,
    facts TEXT NOT NULL              -- JSON
) STRICT;
CREATE INDEX transmission_newest ON transmission (sent_at DESC, id DESC);
CREATE INDEX transmission_identifier ON transmission (identifier COLLATE NOCASE);
CREATE INDEX transmission_message_id ON transmission (message_id COLLATE NOCASE);

CREATE TABLE membership (            -- derived
    transmission INTEGER NOT NULL REFERENCES transmission (id) ON DELETE CASCADE,
    message INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (transmission, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_message ON membership (message);

CREATE VIRTUAL TABLE search USING fts5 (  -- derived; rowid is the message's id
    subject, sender, recipients, provider, attachments, text, notice,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE meta (
    name TEXT PRIMARY KEY,           -- journal_bytes: how much of the journal is in here
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
