"""Mail that is not what it says: receipts without a signature, altered bytes, genuine mail in a foreign wrapper."""

from __future__ import annotations

from pecdesk.demo.builders import Statement
from pecdesk.demo.draft import Draft, original
from pecdesk.demo.mail import CRLF, entity, headers, multipart, split_headers, token


def unsigned(statement: Statement) -> bytes:
    """All the words of a receipt, all its headers, daticert.xml too, and no signature (attack A1)."""
    return headers((*statement.fields, ("MIME-Version", "1.0"))) + statement.content()


def mutated(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The message with the first `old` of its bytes replaced; raises ValueError when it holds none."""
    at = raw.index(old)
    return raw[:at] + new + raw[at + len(old) :]


def wrapped(genuine: bytes, draft: Draft, *, subtype: str = "mixed") -> bytes:
    """A genuine message as an attachment of an ordinary mail (attack A4)."""
    fields, body = split_headers(original(draft))
    outer = [field for field in fields if not field.lower().startswith((b"content-", b"mime-version"))]
    inner = [field for field in fields if field.lower().startswith(b"content-")]
    words = b"".join(inner) + CRLF + body
    attached = entity(
        (
            ("Content-Type", 'message/rfc822; name="postacert.eml"'),
            ("Content-Disposition", 'attachment; filename="postacert.eml"'),
        ),
        genuine,
    )
    container = multipart(subtype, f"=_{token(draft.message_id, 'wrapped')}", [words, attached])
    return b"".join(outer) + headers((("MIME-Version", "1.0"),)) + container
