"""What judging a signature must not do."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from pecdesk.trust import SignatureStatus
from tests.kit import pki


def test_no_network_is_touched_even_for_certificates_that_name_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fresh = pki.provider(name="never judged before", serial=123456, crl_point="http://127.0.0.1:9/crl")
    for mode in ("soft", "hard"):
        pki.judge(fresh.sign(), pki.anchors(revocation=mode))
    assert pki.judge(fresh.sign()).status is SignatureStatus.PASSED


def test_reading_verdicts_does_not_import_the_cryptographic_libraries() -> None:
    """They take a tenth of a second, which every command of the terminal would pay."""
    code = (
        "import sys, pecdesk.trust\n"
        "heavy = {'cryptography', 'asn1crypto', 'pyhanko_certvalidator', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
