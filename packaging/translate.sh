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
# Sentences are the arguments of N_(…), ….say(…) and, singular and plural, ….count(…); never inside an f-string, where
# extraction does not see them on every Python. Which files are read stands in pyproject.toml, [tool.babel].
set -eu
cd "$(dirname "$0")/.."

prune=''
case ${1:-} in
'') ;;
--prune) prune=--ignore-obsolete ;;
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

babel() {
    "$python" -W ignore -m babel.messages.frontend --quiet "$@"
}

translations=resources/translations
catalogue=$translations/it/LC_MESSAGES/pecdesk.po
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
trap 'exit 130' INT TERM HUP

babel extract --mapping-file=pyproject.toml --no-default-keywords --keywords='N_ say count:1,2' \
    --add-comments=Translators: --strip-comments --add-location=file --sort-by-file --width=120 \
    --project=pecdesk --output-file="$workshop/pecdesk.pot" .
babel update --domain=pecdesk --locale=it --input-file="$workshop/pecdesk.pot" --output-dir="$translations" \
    --width=120 --ignore-pot-creation-date --previous $prune
babel compile --domain=pecdesk --locale=it --directory="$translations"

"$python" - "$catalogue" <<'EOF'
import sys
from babel.messages.pofile import read_po

with open(sys.argv[1], "rb") as file:
    catalogue = read_po(file)
messages = [message for message in catalogue if message.id]
empty = [m for m in messages if not all(m.string if isinstance(m.string, tuple) else (m.string,))]
fuzzy = [m for m in messages if m.fuzzy]
print(f"{len(messages)} messages, {len(empty)} empty, {len(fuzzy)} fuzzy, {len(catalogue.obsolete)} no longer said")
EOF
