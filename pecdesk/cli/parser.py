"""The parser of the command line and what its words can be: times, numbers, servers; in the user's language."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from pecdesk.errors import N_, UsageError
from pecdesk.explain import LANGUAGES, Language
from pecdesk.explain.language import CATALOGUES, DOMAIN
from pecdesk.profile.accounts import Endpoint
from pecdesk.resources import resources

Member = TypeVar("Member", bound=StrEnum)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are sentences on standard error, exit 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words."""
        raise UsageError(N_("{message}."), N_("See `{program} --help`."), message=message, program=self.prog)


ARGPARSE_WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse says of its own accord to whoever uses this parser."""


@contextmanager
def argparse_in(language: Language) -> Iterator[None]:
    """Let argparse speak a language. It asks `gettext.gettext`, which looks at a domain and at the environment only."""
    domain, wanted = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(resources() / CATALOGUES))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language.code
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if wanted is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = wanted


def _not(message: str, **fields: str) -> argparse.ArgumentTypeError:
    """Why a word is not what an option takes, in the language that argparse speaks at the moment."""
    return argparse.ArgumentTypeError(gettext.gettext(message).format(**fields))


def moment(text: str) -> datetime:
    """A time with an offset, as ISO 8601."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _not(N_("{text!r} is no time; write it as 2026-11-22T09:15:00+01:00"), text=text) from None
    if found.tzinfo is None:
        raise _not(N_("{text!r} has no offset; write it as 2026-11-22T09:15:00+01:00"), text=text)
    return found


def number(text: str) -> int:
    """A whole number that is not negative."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _not(N_("{text!r} is not a whole number"), text=text)
    return int(text)


def written(word: str) -> str:
    """A word as text: bytes that are none are replaced, since no stored text holds them."""
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def one_of(kind: type[Member]) -> Callable[[str], Member]:
    """A member of a closed set, by its name."""

    def member(word: str) -> Member:
        if word not in set(kind):
            raise _not(N_("{text!r} is none of: {possible}"), text=word, possible=", ".join(kind))
        return kind(word)

    return member


def server(text: str) -> Endpoint:
    """A server as HOST:PORT; an IPv6 address stands in square brackets."""
    host, _, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not (host and port.isascii() and port.isdigit() and len(port) <= 5):
        raise _not(N_("{text!r} is no server; write it as imap.example.it:993"), text=text)
    return Endpoint(host, int(port))


def common(
    parser: argparse.ArgumentParser, language: Language, *, is_root: bool = False, has_answer: bool = True
) -> None:
    """Options that may stand before or after the command. `has_answer`: it prints one, which can be had as JSON."""
    say, nothing = language.say, argparse.SUPPRESS
    parser.add_argument("-h", "--help", action="help", default=nothing, help=say(N_("show this help and stop")))
    parser.add_argument(
        "--profile",
        type=Path,
        default=None if is_root else nothing,
        metavar="DIR",
        help=say(N_("folder with everything of one user")),
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=None if is_root else nothing, help=say(N_("language: it or en"))
    )
    parser.add_argument("--now", type=moment, default=None if is_root else nothing, help=nothing)
    if has_answer and not is_root:
        parser.add_argument(
            "--json", action="store_true", default=False, help=say(N_("one JSON document on standard output"))
        )
