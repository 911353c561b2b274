-- What a window asks for: marks of the user, other orders, counts; each answered from an index.

CREATE TABLE unread (                -- from the journal
    message INTEGER PRIMARY KEY REFERENCES message (id)
) STRICT;

CREATE TABLE hidden (                -- from the journal
    message INTEGER PRIMARY KEY REFERENCES message (id)
) STRICT;

CREATE TABLE label (                 -- from the journal
    name TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id),
    key TEXT NOT NULL,               -- comparable form of the name
    PRIMARY KEY (name, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_message ON label (message);
CREATE INDEX label_key ON label (key, message);

-- Rows get columns, and ids that never mean another row later. The new columns are filled by the program from `facts`,
-- since a row's order follows rules that SQL does not know (`rows_made_by` in `meta` says by which version).
ALTER TABLE membership RENAME TO old_membership;
ALTER TABLE transmission RENAME TO old_transmission;

CREATE TABLE transmission (          -- derived
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
    needs_at REAL,                   -- from when on it needs a person; 0: always
    is_unsettled INTEGER NOT NULL DEFAULT 0,   -- sent, and not known of every recipient what became of it
    is_anomalous INTEGER NOT NULL DEFAULT 0,   -- failed, refused, contradictory, forged, altered or an anomaly envelope
    is_unread INTEGER NOT NULL DEFAULT 0,      -- received, and its main message is unread
    is_hidden INTEGER NOT NULL DEFAULT 0,      -- all its messages are hidden
    attachments INTEGER NOT NULL DEFAULT 0,    -- how many the main message has
    main INTEGER,                              -- message: the original, or the one that stands first
    counterpart TEXT NOT NULL DEFAULT '',      -- comparable form
    subject TEXT NOT NULL DEFAULT '',          -- comparable form, without signs of a reply
    state_order INTEGER NOT NULL DEFAULT 0,
    facts TEXT NOT NULL              -- JSON
) STRICT;

INSERT INTO transmission (id, key, kind, direction, account, state, status, identifier, message_id, sent_at,
        attention, no_acceptance_at, waiting_at, overdue_at, log_warning_at, log_lost_at, facts)
    SELECT id, key, kind, direction, account, state, status, identifier, message_id, sent_at,
        attention, no_acceptance_at, waiting_at, overdue_at, log_warning_at, log_lost_at, facts
    FROM old_transmission;

CREATE TABLE membership (            -- derived
    transmission INTEGER NOT NULL REFERENCES transmission (id) ON DELETE CASCADE,
    message INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (transmission, message)
) STRICT, WITHOUT ROWID;
INSERT INTO membership SELECT transmission, message FROM old_membership;

DROP TABLE old_membership;
DROP TABLE old_transmission;

CREATE INDEX membership_message ON membership (message);
CREATE INDEX transmission_identifier ON transmission (identifier COLLATE NOCASE);
CREATE INDEX transmission_message_id ON transmission (message_id COLLATE NOCASE);
-- Wide, so that no group has to open the rows themselves.
CREATE INDEX transmission_newest ON transmission (sent_at DESC, id DESC, is_hidden, direction, kind, account, status, needs_at,
    log_warning_at, log_lost_at, is_unsettled, is_anomalous, is_unread);
CREATE INDEX transmission_counterpart ON transmission (counterpart, sent_at DESC, id DESC);
CREATE INDEX transmission_subject ON transmission (subject, sent_at DESC, id DESC);
CREATE INDEX transmission_state ON transmission (state_order, sent_at DESC, id DESC);
CREATE INDEX transmission_hidden ON transmission (is_hidden) WHERE is_hidden = 1;
CREATE INDEX transmission_unread ON transmission (account) WHERE is_unread = 1;
