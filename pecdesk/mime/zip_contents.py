"""The names in a zip, read from its table of contents alone: nothing is unpacked."""

from __future__ import annotations

import struct

MAX_ENTRIES = 10_000

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_MARK = b"PK\x01\x02"
_LONGEST_COMMENT = 0xFFFF
_UTF_8 = 0x800


def names_in_zip(content: bytes) -> tuple[str, ...] | None:
    """Names of all entries, folders included; None where the table cannot be read, or holds too many.

    Archives whose table does not stand exactly where their end says it does are refused: programs that search for it
    in other ways would see other names.
    """
    at = content.rfind(_END_MARK, max(0, len(content) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(content):
        return None
    _, disk, first_disk, here, entries, size, start, comment = _END.unpack_from(content, at)
    if disk or first_disk or here != entries or entries > MAX_ENTRIES:
        return None
    if start + size != at or at + _END.size + comment != len(content):
        return None
    names: list[str] = []
    position = start
    for _ in range(entries):
        if position + _ENTRY.size > at:
            return None
        mark, _, _, flags, *_, name_size, extra_size, comment_size, _, _, _, _ = _ENTRY.unpack_from(content, position)
        if mark != _ENTRY_MARK:
            return None
        name = content[position + _ENTRY.size : position + _ENTRY.size + name_size]
        names.append(name.decode("utf-8" if flags & _UTF_8 else "cp437", "replace"))
        position += _ENTRY.size + name_size + extra_size + comment_size
    return tuple(names) if position == at else None
