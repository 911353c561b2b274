-- Whoever edits what is remembered by hand is found out: a keyed hash over it, made by the program (store/seals.py).
-- What has none yet is believed as little as what has a wrong one, and is examined again from the archived bytes.

ALTER TABLE message ADD COLUMN seal TEXT NOT NULL DEFAULT '';        -- over the examination
ALTER TABLE message ADD COLUMN words_seal TEXT NOT NULL DEFAULT '';  -- over its texts in `search`
ALTER TABLE transmission ADD COLUMN seal TEXT NOT NULL DEFAULT '';   -- over the facts
