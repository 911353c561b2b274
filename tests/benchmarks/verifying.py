"""Verification per message, against one `openssl cms -verify` process per message, and with much revocation data."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pecdesk.examine import examine, signed_bytes
from pecdesk.mime import decoded, parse, strict_address
from pecdesk.pec.classify import layout_of
from pecdesk.trust import AnchorSet, load_policy, verify
from tests.benchmarks.mailbox import NOW, Mailbox, make_mailbox
from tests.kit import pki


def per_message(work: Callable[[bytes], object], raws: list[bytes]) -> float:
    """Milliseconds of one message."""
    start = time.perf_counter()
    for raw in raws:
        work(raw)
    return (time.perf_counter() - start) / len(raws) * 1000


def signatures(raws: list[bytes]) -> list[tuple[bytes, bytes, str | None]]:
    """Signed bytes, signature and address of each signed message."""
    found = []
    for raw in raws:
        part = parse(raw)
        layout = layout_of(part)
        if layout.signed is not None and layout.signature is not None:
            address, _ = strict_address(part.values("from"))
            found.append((bytes(signed_bytes(raw, layout.signed)), decoded(raw, layout.signature), address))
    return found


def openssl_ms(mailbox: Mailbox, files: list[Path]) -> float:
    start = time.perf_counter()
    for file in files:
        subprocess.run(
            ["openssl", "cms", "-verify", "-in", file, "-CAfile", mailbox.authority, "-partial_chain",
             "-attime", str(int(NOW.timestamp())), "-out", "/dev/null"],
            capture_output=True,
            check=False,
        )  # fmt: skip
    return (time.perf_counter() - start) / len(files) * 1000


def measure(mailbox: Mailbox, sample: int) -> tuple[dict[str, float], Counter[str]]:
    """Milliseconds per message, and the verdicts."""
    anchors = AnchorSet(policies=(load_policy(mailbox.policy),))
    files = sorted((mailbox.maildir / "cur").iterdir())
    raws = [file.read_bytes() for file in files]
    started = time.perf_counter()
    examine(raws[0], anchors)
    cold = (time.perf_counter() - started) * 1000
    verdicts = Counter(str(examine(raw, anchors).standing) for raw in raws)
    signed = signatures(raws)
    started = time.perf_counter()
    for content, signature, address in signed:
        verify(content, signature, at=None, address=address, address_reason=None, anchors=anchors)
    alone = (time.perf_counter() - started) / len(signed) * 1000
    return {
        "first message, cold chain cache, imports included": cold,
        "trust.verify alone, warm": alone,
        "whole examine, warm": per_message(lambda raw: examine(raw, anchors), raws),
        "one openssl process": openssl_ms(mailbox, files[:sample]),
    }, verdicts


def with_lists(lists: int, messages: int = 200) -> tuple[float, float]:
    """Milliseconds of `trust.verify` while so many daily lists are kept: for the first messages, and from then on."""
    authority = pki.authority()
    start = pki.MOMENT - timedelta(days=lists // 2)
    entries = [(number, start, ()) for number in range(1, 21)]
    crls = [
        pki.revocation_list(authority, entries, this_update=at, next_update=at + timedelta(days=2))
        for at in (start + timedelta(days=day) for day in range(lists))
    ]
    anchors, provider = pki.anchors().with_kept(crls, ()), pki.provider(authority)
    signed = [
        (content, provider.sign(content, at=pki.MOMENT + timedelta(hours=number)))
        for number, content in ((number, b"%d" % number) for number in range(messages))
    ]

    def once() -> float:
        started = time.process_time()
        for content, signature in signed:
            verify(content, signature, at=None, address=pki.ADDRESS, address_reason=None, anchors=anchors)
        return (time.process_time() - started) / messages * 1000

    return once(), min(once() for _ in range(3))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=2000)
    words.add_argument("--sample", type=int, default=300, help="messages given to openssl")
    words.add_argument("--lists", type=int, nargs="*", default=[0, 100, 1500], help="how many lists are kept")
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        mailbox = make_mailbox(Path(name) / "mailbox", chosen.count)
        print(f"{mailbox.count} messages, {mailbox.octets / mailbox.count / 1000:.0f} kB on average")
        figures, verdicts = measure(mailbox, chosen.sample)
        for label, milliseconds in figures.items():
            print(f"{label:52} {milliseconds:8.3f} ms")
        print(f"verdicts {dict(verdicts)}; as expected: {verdicts == mailbox.expected}")
        openssl = figures["one openssl process"]
        print(f"openssl / trust.verify {openssl / figures['trust.verify alone, warm']:6.1f}  (goal: at least 10)")
        print(f"openssl / examine      {openssl / figures['whole examine, warm']:6.1f}")
    for lists in chosen.lists:
        first, again = with_lists(lists)
        print(
            f"trust.verify with {lists:5} lists kept: the first 200 {first:8.3f} ms, from then on {again:8.3f} ms each"
        )


if __name__ == "__main__":
    main()
