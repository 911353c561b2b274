"""TOML as it is written here; reading it is Python's own `tomllib`."""

from __future__ import annotations

import json


def quoted(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON, but for the character that JSON leaves as it is."""
    encodable = text.encode("utf-8", "replace").decode()
    return json.dumps(encodable, ensure_ascii=False).replace("\x7f", "\\u007f")
