"""The way to a server: TLS from the first byte with the certificate checked, or nothing at all to this machine only.

Mail and its sending take the same way. There is no STARTTLS (it can be talked away on the way, and was, often) and no
"continue anyway": a certificate that is not believed is the end, before a password was said.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import ssl
import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pecdesk.errors import N_, CertificateError, InputError, NetworkError
from pecdesk.profile.accounts import Endpoint, Security

LARGEST_AUTHORITY = 1 << 20
"""Bytes of a file with certificates of authorities; all of the system's are a fifth of that."""

_CHECK_NETWORK = N_("Check the connection to the internet.")
_CHECK_SERVER = N_("Check the name of the server and the port.")
_TLS_PORTS = N_("Use the port that speaks TLS from the beginning: 993 for IMAP, 465 for SMTP.")
_NOT_SENT = N_(
    "The password was not sent. If you are in a foreign network, try another one; otherwise ask the provider."
)
_CHECK_CLOCK = N_("The password was not sent. Check the date of this computer; if it is right, the provider must act.")
_OWN_AUTHORITY = N_(
    "The password was not sent. If this server has an authority of its own, name its file among the account’s settings."
)


# Numbers of OpenSSL's verification, with what they say to somebody who only wants his mail.
class _Fault(NamedTuple):
    """What is wrong with a certificate, and what to do."""

    message: str
    next_step: str


_CERTIFICATE_FAULTS = {
    9: _Fault(N_("The certificate of {host} is not valid yet."), _CHECK_CLOCK),
    10: _Fault(N_("The certificate of {host} has expired."), _CHECK_CLOCK),
    18: _Fault(N_("The certificate of {host} vouches only for itself: anybody can make one like it."), _OWN_AUTHORITY),
    19: _Fault(N_("The certificate of {host} comes from an authority that is not known here."), _OWN_AUTHORITY),
    20: _Fault(N_("The certificate of {host} comes from an authority that is not known here."), _OWN_AUTHORITY),
    62: _Fault(N_("The certificate is not for {host}: another server answers in its place."), _NOT_SENT),
    64: _Fault(N_("The certificate is not for {host}: another server answers in its place."), _NOT_SENT),
}


def reach(endpoint: Endpoint, ca_file: str = "", timeout: float = 30.0) -> socket.socket:
    """A connection to that server, protected as it should be; each step takes at most `timeout` seconds.

    Raises `NetworkError`; `CertificateError` where the server is not believed; `InputError` for a bad `ca_file`.
    """
    context = tls_context(ca_file) if endpoint.security is Security.TLS else None
    where = {"host": endpoint.host, "port": endpoint.port}
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        # UnicodeError: a name no host can have.
        raise NetworkError(N_("There is no server called {host}, or no network."), _CHECK_NETWORK, **where) from error
    addresses: list[str] = [str(place[0]) for *_, place in found]
    if context is None and not all(map(_is_loopback, addresses)):
        raise NetworkError(
            N_("Without TLS only this computer itself is talked to, and {host} is not this computer."),
            N_("Set the account to TLS."),
            **where,
        )
    connection = _connected(endpoint, addresses, timeout)
    if context is None:
        return connection
    try:
        return context.wrap_socket(connection, server_hostname=endpoint.host)
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError | ValueError):
            raise _tls_failure(error, where) from error
        raise


def tls_context(ca_file: str = "") -> ssl.SSLContext:
    """TLS 1.2 at least, certificate and host name checked; `ca_file` adds an authority to those of the system."""
    try:
        return _context(ca_file, _changed_at(ca_file) if ca_file else 0)
    except (OSError, ValueError) as error:
        raise InputError(
            N_("The file with the authority’s certificate cannot be used: {file}"),
            N_("Choose a PEM file that holds the certificate of the authority."),
            file=ca_file,
        ) from error


def _changed_at(file: str) -> int:
    """When an authority's file was changed last. OSError for what is none: a pipe would be waited for for ever."""
    state = Path(file).stat()
    if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_AUTHORITY:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), file)
    return state.st_mtime_ns


@lru_cache(maxsize=8)
def _context(ca_file: str, _changed_at: int) -> ssl.SSLContext:
    """Kept, because reading the system's authorities takes longer than connecting; read anew when the file changed."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # nobody who answers becomes another one later
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _connected(endpoint: Endpoint, addresses: Sequence[str], timeout: float) -> socket.socket:
    where = {"host": endpoint.host, "port": endpoint.port}
    last: OSError = OSError()
    for address in dict.fromkeys(addresses):
        try:
            connection = socket.create_connection((address, endpoint.port), timeout)
        except OSError as error:
            last = error
            continue
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    if isinstance(last, ConnectionRefusedError):
        raise NetworkError(N_("At {host} nobody answers on port {port}."), _CHECK_SERVER, **where) from last
    if isinstance(last, TimeoutError):
        raise NetworkError(N_("{host} did not answer in time."), _CHECK_NETWORK, **where) from last
    raise NetworkError(N_("{host} cannot be reached."), _CHECK_NETWORK, **where) from last


def _tls_failure(error: Exception, where: dict[str, object]) -> NetworkError:
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _CERTIFICATE_FAULTS.get(error.verify_code)
        if known is not None:
            return CertificateError(known.message, known.next_step, **where)
        return CertificateError(
            N_("The certificate of {host} is not accepted: {reason}"),
            _NOT_SENT,
            reason=error.verify_message,
            **where,
        )
    if isinstance(error, TimeoutError):
        return NetworkError(N_("{host} did not answer in time."), _CHECK_NETWORK, **where)
    reason = getattr(error, "reason", "") or ""
    if "UNSUPPORTED_PROTOCOL" in reason or "PROTOCOL_VERSION" in reason:
        return CertificateError(
            N_("{host} only knows encryption that is no longer safe (older than TLS 1.2)."),
            N_("The password was not sent. Ask the provider."),
            **where,
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return NetworkError(N_("{host} does not speak TLS on port {port}."), _TLS_PORTS, **where)
    return NetworkError(N_("{host} closed the connection before it was secure."), _TLS_PORTS, **where)


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
