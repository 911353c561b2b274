"""Whether one signature covers the whole of a message, and which bytes are signed (security page, ties a, A4 to A6)."""

from __future__ import annotations

from pecdesk.mime import Limit, Part
from pecdesk.pec.classify import Layout
from pecdesk.trust import Check, CheckName, CheckStatus, Reason

STRUCTURAL_HEADERS = ("content-type", "mime-version", "content-transfer-encoding")

REASON_OF_LIMIT = {
    Limit.HEADERS: Reason.HEADER_LIMIT,
    Limit.DEPTH: Reason.DEPTH_LIMIT,
    Limit.PARTS: Reason.PART_LIMIT,
}


def signed_bytes(raw: bytes, signed: Part) -> bytes | memoryview:
    """The exact bytes of the first part. Only if the whole file holds no CR at all, LF is read as CRLF.

    A view of them where that is enough: of a big message a copy would be one too many.
    """
    if b"\r" in raw:
        return memoryview(raw)[signed.span.start : signed.span.end]
    return signed.span.of(raw).replace(b"\n", b"\r\n")


def check_limits(part: Part) -> Check:
    """Whether the message was read to its end."""
    if not part.limits:
        return Check(CheckName.LIMITS, CheckStatus.PASSED, None, "within all limits")
    limit = min(part.limits)
    return Check(CheckName.LIMITS, CheckStatus.FAILED, REASON_OF_LIMIT[limit], f"{limit} was hit")


def check_structure(raw: bytes, part: Part, layout: Layout) -> Check:
    """Whether one signature covers the whole message."""

    def failed(reason: Reason, detail: str) -> Check:
        return Check(CheckName.STRUCTURE, CheckStatus.FAILED, reason, detail)

    if not raw or raw.isspace():
        return failed(Reason.EMPTY, "the file holds no message")
    if part.media_type != "multipart/signed":
        return failed(Reason.NO_SIGNATURE, "the outermost part is not multipart/signed")
    if is_cut_off(raw, part):
        return failed(Reason.INCOMPLETE, "the closing boundary of multipart/signed is missing")
    if len(part.children) > 2:
        return failed(Reason.PART_COUNT, f"multipart/signed has {len(part.children)} parts, not two")
    if layout.signature is None:
        return failed(Reason.NO_SIGNATURE, "there is no second part that is a detached PKCS#7 signature")
    names_of_pieces = [[header.name for header in piece.headers] for piece in (part, *part.children)]
    for header in STRUCTURAL_HEADERS:
        if any(names.count(header) > 1 for names in names_of_pieces):
            return failed(Reason.DUPLICATE_HEADER, f"{header} stands more than once")
    names = [name for name, _ in part.parameters]
    if len(set(names)) != len(names):
        return failed(Reason.DUPLICATE_HEADER, "a Content-Type parameter stands more than once")
    return Check(CheckName.STRUCTURE, CheckStatus.PASSED, None, "one signature over the whole message")


def is_cut_off(raw: bytes, part: Part) -> bool:
    """Whether the end of a multipart/signed is missing.

    One that ends right after a first part that is itself complete was never signed: nothing of it is missing but what
    it never had. (An anonymised receipt published without its signature has that form.)
    """
    if part.media_type != "multipart/signed" or part.closed:
        return False
    first = part.children[0] if len(part.children) == 1 else None
    if first is None or not first.children or not first.closed:
        return True
    boundary = (first.parameter("boundary") or "").rstrip()
    return not raw.rstrip().endswith(f"--{boundary}--".encode())
