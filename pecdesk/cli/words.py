"""What the command line understands: the parser, with help in the user's language."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from pecdesk import __version__
from pecdesk.errors import N_, UsageError
from pecdesk.explain import LANGUAGES, Language
from pecdesk.explain.language import CATALOGUES, DOMAIN
from pecdesk.pec.transmission import Attention, Direction, State
from pecdesk.resources import resources

Member = TypeVar("Member", bound=StrEnum)

DESCRIPTION = N_("Certified mail (PEC): every message with its receipts, verified, ready as proof.")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words and its help."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser, Language], None]


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


def _limit(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--limit",
        type=number,
        default=50,
        metavar="N",
        help=language.say(N_("at most N rows; 0 for all (default: 50)")),
    )


def _demo(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument("--reset", action="store_true", help=say(N_("make the demo anew")))
    parser.add_argument("--no-window", action="store_true", help=say(N_("do not open the window")))


def _verify(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=say(N_("message to judge")))
    parser.add_argument("--trust", type=Path, metavar="POLICY.toml", help=say(N_("judge by this trust policy alone")))
    parser.add_argument("--at", type=moment, metavar="TIME", help=say(N_("judge at this time, with its offset")))


def _import(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=say(N_(".eml file, mbox, Maildir, or folder of them"))
    )
    parser.add_argument("--account", metavar="ADDRESS", help=say(N_("whose mailbox this is")))


def _list(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument("--state", type=one_of(State), metavar="S", help=say(N_("only rows in this state")))
    parser.add_argument("--attention", type=one_of(Attention), metavar="X", help=say(N_("only rows that need this")))
    parser.add_argument(
        "--direction", type=one_of(Direction), metavar="sent|received", help=say(N_("only sent, or only received"))
    )
    parser.add_argument("--account", type=written, metavar="A", help=say(N_("only rows of this mailbox")))
    parser.add_argument("--before", type=number, metavar="ID", help=say(N_("only rows older than this one")))
    _limit(parser, language)


def _show(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("id", type=written, metavar="ID", help=_id_help(language))


def _search(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "query",
        type=written,
        nargs="+",
        metavar="QUERY",
        help=language.say(
            N_("words, and da: a: oggetto: stato: ricevuta: gestore: allegato: prima: dopo: etichetta: ha:allegato")
        ),
    )
    _limit(parser, language)


def _ids_to_folder(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("ids", type=written, nargs="+", metavar="ID", help=_id_help(language))
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help=language.say(N_("folder to write into")))


def _proof(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    _ids_to_folder(parser, language)
    parser.add_argument("--zip", action="store_true", help=say(N_("one .zip file instead of a folder")))
    parser.add_argument("--made-at", type=moment, metavar="TIME", help=say(N_("time of making, with its offset")))


def _trust(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|add|remove", parser_class=Parser)
    for name, text in (
        ("list", N_("the authorities this profile trusts")),
        ("add", N_("trust an authority by hand; it stays marked everywhere")),
        ("remove", N_("trust an authority no longer")),
    ):
        action = actions.add_parser(name, help=say(text), description=say(text), add_help=False)
        _common(action, language)
        if name == "add":
            action.add_argument("policy", type=Path, metavar="POLICY.toml")
        if name == "remove":
            action.add_argument("name", type=written, metavar="NAME")


def _reexamine(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--all", action="store_true", help=language.say(N_("all messages, not only those judged by older versions"))
    )


def _to(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help=language.say(N_("folder to write into")))


def _from(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help=language.say(N_("folder of the backup"))
    )


def _doctor(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help=language.say(N_("make the database again from archive and journal")),
    )


def _id_help(language: Language) -> str:
    return language.say(N_("row number, identificativo, Message-ID, or 8 digits of a SHA-256"))


def _open(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.eml", help=say(N_("message to inspect")))


COMMANDS = (
    Command("open", N_("the window; with files, each in an inspector of its own"), _open),
    Command("demo", N_("a made-up office with mail in every state, and one proof of it"), _demo),
    Command("verify", N_("judge messages without storing them"), _verify),
    Command("import", N_("bring mail into the archive"), _import),
    Command("list", N_("the transmissions, newest first"), _list),
    Command("show", N_("one transmission with its text and messages"), _show),
    Command("search", N_("find transmissions by words and operators"), _search),
    Command("proof", N_("write the proof of transmissions: PDF, originals, hashes"), _proof),
    Command("export", N_("write the original messages, byte for byte"), _ids_to_folder),
    Command("trust", N_("the authorities whose signatures count"), _trust),
    Command("reexamine", N_("judge stored messages again from their bytes"), _reexamine),
    Command("backup", N_("copy the whole profile, verified by hash"), _to),
    Command("restore", N_("bring a backup back into an empty profile"), _from),
    Command("doctor", N_("check archive, database, journal and disk"), _doctor),
)

WINDOW = (None, "open")
"""What opens the window: no command at all, and the one that names files."""

PLANNED = ("account", "sync", "send")
"""Commands of the interface that are not built yet."""


def _common(parser: argparse.ArgumentParser, language: Language, *, is_root: bool = False) -> None:
    """Options that may stand before or after the command."""
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
    if not is_root:
        parser.add_argument(
            "--json", action="store_true", default=False, help=say(N_("one JSON document on standard output"))
        )


def build_parser(language: Language) -> argparse.ArgumentParser:
    """The whole parser, its help in the given language."""
    parser = Parser(prog="pecdesk", description=language.say(DESCRIPTION), add_help=False)
    _common(parser, language, is_root=True)
    parser.add_argument(
        "--version",
        action="version",
        version=f"pecdesk {__version__}",
        help=language.say(N_("show the version and stop")),
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        text = language.say(command.help)
        sub = commands.add_parser(command.name, help=text, description=text, add_help=False)
        _common(sub, language)
        command.arguments(sub, language)
    for name in PLANNED:
        commands.add_parser(name, add_help=False).add_argument("rest", nargs=argparse.REMAINDER)
    return parser
