"""What the helper process may no longer do once it holds foreign bytes.

The operating system's limits where it has them, and an audit hook (PEP 578), which cannot be taken off again, against
whatever the parsers below might be talked into: no sockets, no other programs, no files but those of the program.
"""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "os.putenv",
    "shutil.",
    "winreg.",
)


def confine(memory_limit_bytes: int) -> None:
    """Give up network, other programs, foreign files and any memory beyond the limit, for good."""
    # Later imports are the program's own; caching their bytecode would be writing.
    sys.dont_write_bytecode = True
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        for limit, value in (
            (resource.RLIMIT_AS, memory_limit_bytes),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            # macOS refuses some of them.
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))
    _fence()


def allow_cpu(seconds: float) -> None:
    """End this process when it has computed so much longer: the parent may have died and killed nobody."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        soft, hard = math.ceil(time.process_time() + seconds), resource.getrlimit(resource.RLIMIT_CPU)[1]
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _fence() -> None:
    inside = tuple({os.path.join(os.path.realpath(place), "") for place in (*sys.path, sys.prefix, sys.base_prefix)})  # noqa: PTH118

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = isinstance(mode, str) and not set(mode).isdisjoint("wax+")
            if writes or (isinstance(flags, int) and flags & _WRITING) or not _is_inside(path, inside):
                raise PermissionError("the examiner has no files")
        elif event.startswith(_REFUSED):
            raise PermissionError(f"the examiner may not: {event}")

    sys.addaudithook(refuse)


def _is_inside(path: object, places: tuple[str, ...]) -> bool:
    if isinstance(path, int):
        return True
    if not isinstance(path, str | bytes | Path):
        return False
    return os.path.realpath(os.fsdecode(path)).startswith(places)
