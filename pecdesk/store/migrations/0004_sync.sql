-- What synchronisation remembers of mail servers. `folder` and `copy` are what was last found there: looking again makes
-- them anew, without fetching again what is in the archive.

CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,           -- comparable form
    name TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    role TEXT,
    uidvalidity INTEGER,             -- NULL: never opened yet
    uidnext INTEGER NOT NULL DEFAULT 0,
    messages INTEGER NOT NULL DEFAULT 0,       -- how many the server said it holds
    highest_modseq INTEGER,          -- flags are known as of this one
    is_complete INTEGER NOT NULL DEFAULT 0,    -- all that was listed there is in `copy`
    checked_at TEXT,
    UNIQUE (account, name)
) STRICT;

CREATE TABLE copy (                  -- one message in a folder of the server
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    uidvalidity INTEGER NOT NULL,    -- that of an earlier identity of the folder until it was looked through again
    uid INTEGER NOT NULL,
    message INTEGER REFERENCES message (id),   -- NULL: not fetched
    state TEXT NOT NULL,             -- here, missing, kept, leaving, erased, unfetched
    size INTEGER NOT NULL,           -- as the server said
    flags TEXT NOT NULL,             -- sorted, with a blank between two
    internal_date TEXT,
    first_seen TEXT NOT NULL,
    PRIMARY KEY (folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_message ON copy (message);

CREATE TABLE pending (               -- what the user did here and the server does not know of yet
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message (id),
    folder TEXT NOT NULL,            -- its name; '' for every folder the message lies in
    action TEXT NOT NULL,            -- add-flag, remove-flag, move
    value TEXT NOT NULL,             -- flag, or name of the folder to move to
    made_at TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pending_account ON pending (account, id);
CREATE INDEX pending_message ON pending (message);

CREATE TABLE quota_reading (
    account TEXT NOT NULL,
    at TEXT NOT NULL,                -- UTC
    used INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    PRIMARY KEY (account, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE erased (                -- from the journal: not brought back because a server still has it
    sha256 TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- From the journal: since when a message is no longer in that folder of the server, though it stays here.
ALTER TABLE placement ADD COLUMN removed_at TEXT;
CREATE INDEX placement_account ON placement (account, folder);
