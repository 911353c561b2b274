#!/bin/sh
# Brings the Italian catalogue up to date with the sentences in the code:
#
#   sh packaging/translate.sh           extract from pecdesk/, merge into the .po, compile the .mo
#   sh packaging/translate.sh --prune   also drop the translations of sentences that are gone
#
# No translation is lost without --prune: what is no longer said stays at the end of the .po, commented out, and the
# nearest old translation of a changed sentence is kept, marked fuzzy. Then translate what is empty, look at what is
# fuzzy (and delete that mark), and run this again; tests/unit/explain_catalogue says when the catalogue is complete.
#
# Sentences are the arguments of N_(…), ….say(…) and, singular and plural, ….counted(…); never inside an f-string, where
# extraction does not see them on every Python. Which files are read stands in pyproject.toml, [tool.babel].
set -eu
cd "$(dirname "$0")/.."

case $* in
'' | --prune) ;;
*)
    echo 'translate.sh: nothing, or --prune' >&2
    exit 2
    ;;
esac

python=${PECDESK_PYTHON:-${PECDESK_VENV:-.venv}/bin/python}
[ -x "$python" ] || python=python3
"$python" -c 'import babel.messages' 2>/dev/null || {
    echo "translate.sh: $python has no Babel; run sh packaging/dev.sh prepare first" >&2
    exit 3
}

exec "$python" -W ignore - "$@" <<'EOF'
import sys
import tempfile
from pathlib import Path

from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

TRANSLATIONS = "resources/translations"
WIDTH = "--width=120"


def babel(*words: str) -> None:
    if CommandLineInterface().run(["pybabel", "--quiet", *words]):
        sys.exit(1)


with tempfile.TemporaryDirectory() as workshop:
    template = f"{workshop}/pecdesk.pot"
    babel(
        "extract", "--mapping-file=pyproject.toml", "--no-default-keywords", "--keywords=N_ say counted:1,2",
        "--add-comments=Translators:", "--strip-comments", "--add-location=file", "--sort-by-file", WIDTH,
        "--project=pecdesk", f"--output-file={template}", ".",
    )
    babel(
        "update", "--domain=pecdesk", "--locale=it", f"--input-file={template}", f"--output-dir={TRANSLATIONS}", WIDTH,
        "--ignore-pot-creation-date", *(["--ignore-obsolete"] if "--prune" in sys.argv else []),
    )
babel("compile", "--domain=pecdesk", "--locale=it", f"--directory={TRANSLATIONS}")

with Path(TRANSLATIONS, "it/LC_MESSAGES/pecdesk.po").open("rb") as file:
    catalogue = read_po(file)
messages = [message for message in catalogue if message.id]
empty = [m for m in messages if not all(m.string if isinstance(m.string, tuple) else (m.string,))]
fuzzy = [m for m in messages if m.fuzzy]
print(f"{len(messages)} messages, {len(empty)} empty, {len(fuzzy)} fuzzy, {len(catalogue.obsolete)} no longer said")
EOF
