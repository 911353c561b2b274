-- With whom one corresponds, as the rows tell: for completion, and for what is known of a recipient before sending.

CREATE TABLE correspondence (        -- derived; one address in one row
    transmission INTEGER NOT NULL REFERENCES transmission (id),
    address TEXT NOT NULL,           -- comparable form
    written TEXT NOT NULL,
    name TEXT NOT NULL,
    direction TEXT NOT NULL,
    account TEXT NOT NULL,           -- '' when nobody said whose mailbox it was
    type TEXT,                       -- certified, external; NULL: nothing was said
    outcome TEXT,                    -- of sent rows
    at REAL NOT NULL,                -- seconds since 1970; 0 where no time is known
    named_by TEXT NOT NULL,          -- SHA-256 of the message the name is from
    PRIMARY KEY (transmission, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondence_address ON correspondence (address, direction, at DESC, type, outcome, account);

CREATE TABLE contact (               -- derived from correspondence
    address TEXT PRIMARY KEY,        -- comparable form
    written TEXT NOT NULL,
    name TEXT NOT NULL,
    named_at REAL NOT NULL,
    type TEXT,
    known_at REAL,                   -- when that was said
    outcome TEXT,                    -- of the last message sent there
    sent INTEGER NOT NULL,           -- how many rows
    received INTEGER NOT NULL,
    last_at REAL NOT NULL,
    weight INTEGER NOT NULL          -- by which the likeliest stand first
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_weight ON contact (weight DESC, last_at DESC);

CREATE TABLE contact_word (          -- derived; what a completion may begin with
    address TEXT NOT NULL REFERENCES contact (address) ON DELETE CASCADE,
    word TEXT NOT NULL,
    PRIMARY KEY (address, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_word_word ON contact_word (word, address);
