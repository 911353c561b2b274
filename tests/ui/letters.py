"""Ordinary mail for tests of the reader, brought into a profile."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pecdesk.store import Filter, Row
from pecdesk.ui.desk import Desk
from tests.ui.conftest import NOW

ACCOUNT = "studio.verdi@pec.gestoreuno.example"


def letter(
    subject: str,
    text: str = "Buongiorno.\n",
    *,
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    attached: bytes = b"",
    sender: str = "qualcuno@posta.example",
) -> bytes:
    """A mail to the studio; `attached` is a mail inside it."""
    made = EmailMessage(SMTP)
    made["Subject"], made["From"], made["To"] = subject, sender, ACCOUNT
    made["Date"] = "Fri, 20 Nov 2026 09:15:30 +0100"
    made["Message-ID"] = f"<{abs(hash((subject, text, html)))}@posta.example>"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    raw = made.as_bytes()
    if not attached:
        return raw
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    inner = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-")]
    return b"\r\n".join(
        [
            *fields,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_letter"\r\n\r\n--=_letter',
            *inner,
            b"",
            body,
            b'--=_letter\r\nContent-Type: message/rfc822; name="allegata.eml"\r\n\r\n' + attached,
            b"--=_letter--",
            b"",
        ]
    )


def taken_in(desk: Desk, folder: Path, raw: bytes) -> Row:
    """Bring a message in; its row."""
    known = set(desk.app.ids(Filter(limit=0), NOW))
    file = folder / f"{len(known)}.eml"
    file.write_bytes(raw)
    desk.app.import_paths([file], account=ACCOUNT, now=NOW)
    (fresh,) = set(desk.app.ids(Filter(limit=0), NOW)) - known
    return desk.app.rows_by_id([fresh])[0]
