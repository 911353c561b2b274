"""Run one command: parse, carry out, print, and answer with the exit code of cli.md section 1."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from pecdesk.cli.commands import RUNNERS
from pecdesk.cli.exits import WORLD_FAILED, WRONG_WORDS
from pecdesk.cli.output import Output
from pecdesk.cli.parser import argparse_in
from pecdesk.cli.window import OpenWindow, has_display, show_window
from pecdesk.cli.words import WINDOW, build_parser
from pecdesk.errors import N_, PecdeskError, UsageError
from pecdesk.explain import LANGUAGES, language, preferred


def run(arguments: Sequence[str] | None = None, open_window: OpenWindow | None = None) -> int:
    """Carry out the words of the command line and return the exit code; `open_window` is how a window is opened."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a character shows another
    spoken = language(_wanted_language(words))
    output = Output(spoken)
    try:
        with argparse_in(spoken):
            parsed = build_parser(spoken).parse_args(words)
        output.json = bool(getattr(parsed, "json", False))
        if parsed.command in WINDOW:
            return show_window(
                open_window,
                profile=parsed.profile,
                files=getattr(parsed, "files", ()),
                attached=getattr(parsed, "attach", None) or (),
                language=parsed.lang,
                now=parsed.now,
            )
        code = RUNNERS[parsed.command](parsed, parsed.now or datetime.now(UTC), output)
        if parsed.command == "demo" and not parsed.no_window and has_display():
            from pecdesk.demo.profile import demo_folder  # noqa: PLC0415 - the made-up office is needed nowhere else

            return show_window(open_window, profile=demo_folder(parsed.profile), language=parsed.lang, now=parsed.now)
        return code
    except UsageError as error:
        output.complain(error)
        return WRONG_WORDS
    except PecdeskError as error:
        output.complain(error)
        return WORLD_FAILED
    except BrokenPipeError:
        # Whoever was reading has gone: not our failure, and nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WORLD_FAILED
    except OSError as error:
        reason = error.strerror or str(error)
        output.complain(
            PecdeskError(N_("The system refused {path}: {reason}."), path=error.filename, reason=reason)
            if error.filename
            else PecdeskError(N_("The system refused: {reason}."), reason=reason)
        )
        return WORLD_FAILED
    except KeyboardInterrupt:
        output.say(N_("Stopped. What was done stays done; start again to go on."))
        return WORLD_FAILED


def _wanted_language(words: Sequence[str]) -> str:
    """The language asked for, looked up before parsing so that complaints are in it too."""
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if word == "--lang" and following in LANGUAGES:
            return following
        if word.startswith("--lang=") and word[7:] in LANGUAGES:
            return word[7:]
    return preferred()
