#!/bin/sh
# Writes the three lock files beside this script from pyproject.toml:
#
#   requirements.lock         what the program needs to run
#   requirements-build.lock   what building or an editable install of it needs
#   requirements-dev.lock     all of it, with the tools of the gate and the tests
#
# Exact versions for every platform and every Python from 3.11 on, each with the hashes of all files of its release, and
# no address of a package index: whoever installs takes them from the index they have set up, and pip compares.
#
#   sh packaging/lock.sh             keep the versions that still fit, add what is new
#   sh packaging/lock.sh --upgrade   take the newest versions allowed
#
# Needs Python 3.11 or newer and a package index. The locking tool (uv) lives in a temporary folder only.
set -eu
cd "$(dirname "$0")/.."

workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
trap 'exit 130' INT TERM HUP

python=${PECDESK_PYTHON:-python3}
"$python" -m venv "$workshop/venv"
"$workshop/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.8'

compile() {
    "$workshop/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command 'sh packaging/lock.sh' "$@"
}

"$python" - >"$workshop/build.in" <<'EOF'
import tomllib
with open("pyproject.toml", "rb") as file:
    print("\n".join(tomllib.load(file)["build-system"]["requires"]))
EOF

# The complete one first; the two smaller ones are held to its versions, so that one environment satisfies all three.
compile pyproject.toml --all-extras --output-file packaging/requirements-dev.lock "$@"
compile pyproject.toml --no-annotate --constraints packaging/requirements-dev.lock \
    --output-file packaging/requirements.lock "$@"
compile "$workshop/build.in" --no-annotate --constraints packaging/requirements-dev.lock \
    --output-file packaging/requirements-build.lock "$@"
wc -l packaging/requirements*.lock
