"""What the command line understands: every command with its words, and help in the user's language."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pecdesk import __version__
from pecdesk.cli import server_words
from pecdesk.cli.parser import Parser, common, moment, number, one_of, written
from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.pec.transmission import Attention, Direction, State

DESCRIPTION = N_("Certified mail (PEC): every message with its receipts, verified, ready as proof.")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words and its help."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser, Language], None]


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
        common(action, language)
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
    what = N_("message to inspect, or a mailto: link to write to")
    parser.add_argument("files", nargs="*", metavar="FILE.eml", help=say(what))
    attach = N_("begin a message with this file, byte for byte; several times for several files")
    parser.add_argument("--attach", action="append", metavar="FILE", help=say(attach))


COMMANDS = (
    Command("open", N_("the window; with files, each in an inspector of its own"), _open),
    Command("demo", N_("a made-up office with mail in every state, and one proof of it"), _demo),
    Command("verify", N_("judge messages without storing them"), _verify),
    Command("import", N_("bring mail into the archive"), _import),
    Command("list", N_("the transmissions, newest first"), _list),
    Command("show", N_("one transmission with its text and messages"), _show),
    Command("search", N_("find transmissions by words and operators"), _search),
    Command("proof", N_("write the proof of transmissions: PDF, originals, hashes"), _proof),
    Command("send", N_("send a message through the outbox"), server_words.send),
    Command("export", N_("write the original messages, byte for byte"), _ids_to_folder),
    Command("account", N_("mailboxes and their servers"), server_words.account),
    Command("sync", N_("bring in new mail from the servers, and tell them what was done here"), server_words.sync),
    Command("trust", N_("the authorities whose signatures count"), _trust),
    Command("reexamine", N_("judge stored messages again from their bytes"), _reexamine),
    Command("backup", N_("copy the whole profile, verified by hash"), _to),
    Command("restore", N_("bring a backup back into an empty profile"), _from),
    Command("doctor", N_("check archive, database, journal, disk and mail servers"), _doctor),
)

WINDOW = (None, "open")
"""What opens the window: no command at all, and the one that names files."""


def build_parser(language: Language) -> argparse.ArgumentParser:
    """The whole parser, its help in the given language."""
    parser = Parser(prog="pecdesk", description=language.say(DESCRIPTION), add_help=False)
    common(parser, language, is_root=True)
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
        common(sub, language, has_answer=command.name not in WINDOW)
        command.arguments(sub, language)
    return parser
