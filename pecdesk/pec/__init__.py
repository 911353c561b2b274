"""The rules of certified mail (RFC 6109): kinds, certification data, evidence, transmissions, outcomes, deadlines.

Pure values in, values out; no clock, no files, no cryptography of its own. Reading order, for one message: `message`,
`classify`, `daticert`, `binding`, `standing`; for what became of one: `transmission`, `piece`, `gathering`, `linking`,
`outcome`, `rows`, `deadlines`; for one that is written: `draft`, `composing`, `acceptable`, `sending`.
"""
