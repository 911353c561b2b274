"""The words of the commands that have to do with mail servers: `account`, `sync`, `send`."""

from __future__ import annotations

import argparse
from pathlib import Path

from pecdesk.cli.parser import Parser, common, server, written
from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.pec.message import COMPLETENESS_OF


def account(parser: argparse.ArgumentParser, language: Language) -> None:
    """A mailbox set up, listed, tried out, taken off."""
    say = language.say
    metavar = "add|list|test|remove"
    actions = parser.add_subparsers(dest="action", required=True, metavar=metavar, parser_class=Parser)
    for name, text in (
        ("add", N_("set up a mailbox: its servers, and how to log in there")),
        ("list", N_("the mailboxes that are set up")),
        ("test", N_("log in once at each server of mailboxes, and look around")),
        ("remove", N_("take a mailbox off; its mail stays, its password is forgotten")),
    ):
        action = actions.add_parser(name, help=say(text), description=say(text), add_help=False)
        common(action, language)
        if name == "add":
            _new_account(action, language)
        if name == "test":
            action.add_argument(
                "addresses", type=written, nargs="*", metavar="ADDRESS", help=say(N_("only these; without, all"))
            )
        if name == "remove":
            action.add_argument("address", type=written, metavar="ADDRESS")


def _new_account(parser: argparse.ArgumentParser, language: Language) -> None:
    say = language.say
    parser.add_argument("--address", type=written, required=True, metavar="A", help=say(N_("address of the mailbox")))
    parser.add_argument(
        "--provider", type=written, metavar="NAME", help=say(N_("whose mailbox it is, where its domain does not say"))
    )
    parser.add_argument("--imap", type=server, metavar="HOST:PORT", help=say(N_("server to receive from")))
    parser.add_argument("--smtp", type=server, metavar="HOST:PORT", help=say(N_("server to send through")))
    parser.add_argument("--user", type=written, metavar="U", help=say(N_("what to log in with, if not the address")))
    parser.add_argument(
        "--password-command",
        type=written,
        metavar="CMD",
        help=say(N_("program that prints the password, run without a shell; without it, it is asked for and kept")),
    )
    parser.add_argument(
        "--ca-file", type=Path, metavar="PEM", help=say(N_("certificate of the authority that the servers have"))
    )
    parser.add_argument(
        "--insecure-loopback",
        action="store_true",
        help=say(N_("plain text, without TLS, to servers on this very machine")),
    )


def sync(parser: argparse.ArgumentParser, language: Language) -> None:
    """Which mailboxes, and how."""
    say = language.say
    parser.add_argument(
        "accounts", type=written, nargs="*", metavar="ACCOUNT", help=say(N_("only these mailboxes; without, all"))
    )
    parser.add_argument("--dry-run", action="store_true", help=say(N_("say what would be done, and do nothing")))
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help=say(N_("one pass over each mailbox (the default)")))
    how.add_argument("--watch", action="store_true", help=say(N_("keep them current until stopped with Ctrl-C")))
    parser.add_argument(
        "--forget-emptied",
        action="store_true",
        help=say(N_("what folders held that are empty all at once counts as removed from the server; here it stays")),
    )


def send(parser: argparse.ArgumentParser, language: Language) -> None:
    """A file, and where from."""
    say = language.say
    parser.add_argument("file", type=Path, metavar="FILE.eml", help=say(N_("message, sent byte for byte")))
    parser.add_argument("--account", type=written, required=True, metavar="A", help=say(N_("mailbox to send from")))
    parser.add_argument(
        "--receipt", choices=sorted(COMPLETENESS_OF), help=say(N_("kind of delivery receipt to ask for"))
    )
