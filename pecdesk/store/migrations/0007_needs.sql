-- What needs a person, by how urgent it is: one entry for each row that may, so that no list opens the rows for that.

CREATE INDEX transmission_needs ON transmission (needs_at, direction, attention, no_acceptance_at, waiting_at,
    overdue_at, log_warning_at, log_lost_at) WHERE needs_at IS NOT NULL;

-- What a server lists and could not be had: seldom anything, and counted after every look at it.
CREATE INDEX copy_unfetched ON copy (folder) WHERE state = 'unfetched';
