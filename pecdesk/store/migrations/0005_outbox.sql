-- What waits to be sent and what became of it, and rows for drafts.

CREATE TABLE outbox (                -- from the journal; one frozen message, whose bytes are in the archive
    sha256 TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    account TEXT NOT NULL,           -- comparable form
    message_id TEXT NOT NULL,        -- comparable form
    draft TEXT,                      -- the draft it was made from
    repeats TEXT,                    -- SHA-256 of the message it is sent again for
    wants_copy INTEGER NOT NULL,     -- it was taken, and its copy is not in the Sent folder yet
    record TEXT NOT NULL             -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_message_id ON outbox (message_id);
CREATE INDEX outbox_draft ON outbox (draft) WHERE draft IS NOT NULL;
CREATE INDEX outbox_repeats ON outbox (repeats) WHERE repeats IS NOT NULL;
CREATE INDEX outbox_copies ON outbox (account) WHERE wants_copy = 1;

ALTER TABLE transmission ADD COLUMN is_unsent INTEGER NOT NULL DEFAULT 0;    -- a draft, queued, or refused while it was handed over
ALTER TABLE transmission ADD COLUMN is_outgoing INTEGER NOT NULL DEFAULT 0;  -- in the outbox, and not known to be sent

DROP INDEX transmission_newest;
CREATE INDEX transmission_newest ON transmission (sent_at DESC, id DESC, is_hidden, direction, kind, account, status, needs_at,
    log_warning_at, log_lost_at, is_unsettled, is_anomalous, is_unread, is_unsent, is_outgoing);
