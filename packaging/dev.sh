#!/bin/sh
# Prepares this machine for pecdesk, then runs or tests it. Installs what is missing and says so; a second run finds
# everything there and costs a fraction of a second.
#
#   sh packaging/dev.sh run [OPTIONS]    the demo: a made-up office, its transmissions, one proof; OPTIONS go to it
#   sh packaging/dev.sh test             static checks, all tests, and that those of the core reach every branch of it
#   sh packaging/dev.sh gate             the same without the tests of the whole program
#   sh packaging/dev.sh test OPTIONS     static checks, then pytest with these options; `gate OPTIONS` likewise
#   sh packaging/dev.sh prepare          what `test` prepares, and nothing more
#
#   PECDESK_VENV    where the virtual environment is; `.venv` in the checkout when not set
#   PECDESK_PYTHON  the Python to build it with; else the first suitable one found
#
# Debian and Ubuntu are prepared completely, through apt-get, as root or with sudo. Elsewhere only the environment is:
# Python itself must be there, and tests whose tools are missing are skipped.
# Exit: what pecdesk or pytest says, 1 when a static check failed, 2 wrong words, 3 the machine cannot be prepared.
set -eu
unset CDPATH PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0

root=$(cd "$(dirname "$0")/.." && pwd -P)

# Command and the Debian package that brings it: other programs that tests and benchmarks compare pecdesk with.
TEST_TOOLS='openssl:openssl qpdf:qpdf pdftotext:poppler-utils notmuch:notmuch strace:strace Xvfb:xvfb xdotool:xdotool dovecot:dovecot-imapd'

# System libraries that Qt's wheels expect and do not bring: OpenGL and EGL for painting, fonts, the keyboard, the
# message bus, what the xcb platform plug-in loads, and what QtNetwork does (Kerberos, Brotli). Installed once the lock names PySide6; nothing else needs them.
QT_LIBRARIES='libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libgssapi-krb5-2 libbrotli1'

say() {
    printf 'dev.sh: %s\n' "$*" >&2
}

give_up() {
    for line in "$@"; do say "$line"; done
    exit 3
}

# --- the system's packages ------------------------------------------------------------------------------------------

apt_known=''      # yes, once the three below are settled
apt_usable=''     # yes, if packages can be installed here
apt_as=''         # the words before apt-get
apt_obstacle=''   # why not, otherwise
apt_updated=''    # yes, once the package lists are fresh

find_apt() {
    [ -z "$apt_known" ] || return 0
    apt_known=yes
    if ! command -v apt-get >/dev/null 2>&1; then
        apt_obstacle='this system has no apt-get'
    elif [ "$(id -u)" -eq 0 ]; then
        apt_usable=yes
    elif ! command -v sudo >/dev/null 2>&1; then
        apt_obstacle='this needs root or sudo'
    elif sudo -n true 2>/dev/null; then
        apt_usable=yes apt_as='sudo -n'
    elif [ -t 0 ] && [ -t 2 ]; then
        apt_usable=yes apt_as='sudo'
    else
        apt_obstacle='sudo asks for a password and there is no terminal to type it in'
    fi
}

# Quiet unless it fails; waits for another apt that holds the lock instead of failing at once.
run_apt() {
    apt_log=$(mktemp)
    # shellcheck disable=SC2086  # apt_as is meant as words
    if $apt_as env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@" \
        </dev/null >"$apt_log" 2>&1; then
        rm -f "$apt_log"
    else
        tail -n 8 "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
}

update_apt() {
    [ -z "$apt_updated" ] || return 0
    apt_updated=yes
    [ "$apt_as" != sudo ] || say 'sudo may ask for your password'
    say 'reading the package lists (apt-get update)'
    run_apt update || say 'that failed; going on with the lists there are'
}

install_packages() {
    find_apt
    [ -n "$apt_usable" ] || return 1
    update_apt
    say "installing with apt-get: $*"
    run_apt install --yes --no-install-recommends "$@"
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_qt_libraries() {
    grep -qi '^pyside6' "$root/packaging/requirements.lock" || return 0
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "not a Debian system; if no window opens, install what these packages hold: $QT_LIBRARIES"
        return 0
    fi
    missing=''
    for package in $QT_LIBRARIES; do is_installed "$package" || missing="$missing $package"; done
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # a list of words
    install_packages $missing ||
        say "without these no window opens${apt_obstacle:+ ($apt_obstacle)}: sudo apt-get install$missing"
}

# One by one after a failure: a package the system does not have must not keep back the others.
install_test_tools() {
    missing=''
    for tool in $TEST_TOOLS; do
        command -v "${tool%%:*}" >/dev/null 2>&1 || missing="$missing ${tool##*:}"
    done
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # a list of words
    install_packages $missing && return 0
    absent=''
    for package in $missing; do
        { [ -n "$apt_usable" ] && install_packages "$package"; } || absent="$absent $package"
    done
    [ -z "$absent" ] || say "tests that need these are skipped${apt_obstacle:+ ($apt_obstacle)}:$absent"
}

# --- Python ---------------------------------------------------------------------------------------------------------

python=''    # the interpreter the environment is built with
refused=''   # those looked at and found wanting, in words

# Prints the real interpreter (behind a pyenv shim or an active environment); or why not, and fails.
PROBE='
import sys
if sys.version_info < (3, 11):
    print("too old: " + sys.version.split()[0])
    sys.exit(1)
try:
    import ensurepip, sqlite3, ssl, venv, zlib
    sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
except Exception as error:
    print(error)
    sys.exit(1)
print(getattr(sys, "_base_executable", None) or sys.executable)
'

find_python() {
    refused='' python=''
    for name in ${PECDESK_PYTHON:+"$PECDESK_PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 \
        /usr/bin/python3 /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11 /usr/local/bin/python3; do
        path=$(command -v "$name" 2>/dev/null) || continue
        if answer=$("$path" -c "$PROBE" 2>/dev/null); then
            python=$answer
            return 0
        fi
        case $refused in
        *"$path ("*) ;;
        *) refused="$refused${refused:+, }$path (${answer:-does not run})" ;;
        esac
    done
    return 1
}

# python3-venv first, unless the system's own Python is known to be too old; then any newer one the system offers.
install_python() {
    find_apt
    [ -n "$apt_usable" ] || return 1
    case $refused in
    *'/usr/bin/python3 (too old'*) ;;
    *) { install_packages python3 python3-venv && find_python; } && return 0 ;;
    esac
    update_apt
    for version in 3.13 3.12 3.11; do
        apt-cache show "python$version-venv" >/dev/null 2>&1 || continue
        { install_packages "python$version" "python$version-venv" && find_python; } && return 0
    done
    apt_obstacle='the package sources of this system offer none'
    return 1
}

need_python() {
    find_python && return 0
    say 'looking for Python 3.11 or newer: not here yet'
    install_python && return 0
    if command -v apt-get >/dev/null 2>&1; then
        hint='sudo apt-get install python3 python3-venv'
        case $refused in
        *'/usr/bin/python3 (too old'*) hint='a newer Debian (12) or Ubuntu (24.04), or Python from python.org' ;;
        esac
    elif [ "$(uname -s)" = Darwin ]; then
        hint='brew install python, or the installer from python.org'
    elif command -v dnf >/dev/null 2>&1; then
        hint='sudo dnf install python3'
    elif command -v zypper >/dev/null 2>&1; then
        hint='sudo zypper install python313'
    elif command -v pacman >/dev/null 2>&1; then
        hint='sudo pacman -S python'
    else
        hint='the python3 package of this system, or Python from python.org'
    fi
    give_up "pecdesk needs Python 3.11 or newer with venv and SQLite, and there is none here." \
        ${refused:+"Found: $refused."} \
        "This script could not install it${apt_obstacle:+: $apt_obstacle}." \
        "Install it by hand, then run this again: $hint"
}

# --- the virtual environment ----------------------------------------------------------------------------------------

case ${PECDESK_VENV:-} in
'') venv=$root/.venv ;;
/*) venv=$PECDESK_VENV ;;
*) venv=$PWD/$PECDESK_VENV ;;
esac
unfinished=$venv/pecdesk-unfinished   # there while something is being installed: an interrupted run leaves it behind

fingerprint() {
    {
        printf '%s\n' "$root" "$venv"
        cat "$root/pyproject.toml" "$root/pecdesk/__init__.py" "$root"/packaging/requirements*.lock \
            "$root/packaging/dev.sh"
    } | cksum
}

# An environment names its own place in its scripts: moved or copied, it is not one any more.
environment_works() {
    [ "$(cat "$venv/pecdesk-place" 2>/dev/null || printf '%s' "$venv")" = "$venv" ] &&
        "$venv/bin/python" -I -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

build_environment() {
    need_python
    say "making the virtual environment in $venv with $python"
    { rm -rf "$venv" && mkdir -p "$venv" && touch "$unfinished" && echo "$venv" >"$venv/pecdesk-place"; } 2>/dev/null ||
        give_up "$venv cannot be written; name another place with PECDESK_VENV."
    "$python" -m venv "$venv" >&2 || give_up "Python could not make it: $python -m venv. See above for the reason."
}

need_environment() {
    if [ -e "$unfinished" ]; then
        say 'an earlier run was interrupted; starting the virtual environment again'
        build_environment
    elif environment_works; then
        touch "$unfinished" 2>/dev/null ||
            give_up "$venv cannot be written (does it belong to another user?); name another place with PECDESK_VENV."
    elif [ -e "$venv/pyvenv.cfg" ]; then
        say 'the virtual environment does not work any more; making it again'
        build_environment
    elif [ -e "$venv" ] && ! rmdir "$venv" 2>/dev/null; then
        give_up "$venv is there and is not a virtual environment; move it away or name another place with PECDESK_VENV."
    else
        build_environment
    fi
}

pip_install() {
    "$venv/bin/python" -m pip install -qq --no-deps "$@" && return 0
    rm -f "$unfinished"   # pip takes back what it cannot finish
    give_up 'pip could not install that; the reason is above. What is there stays; run this again to go on.'
}

# prepare run|test: everything that `run` or `test` needs. The stamp says for which lock files it was done.
prepare() {
    stamp=$venv/pecdesk-$1.stamp
    wanted=$(fingerprint)
    [ "$1" = run ] || install_test_tools
    if [ ! -e "$unfinished" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] &&
        "$venv/bin/python" -I -c 'import pecdesk' 2>/dev/null; then
        return 0
    fi
    install_qt_libraries
    need_environment
    if [ "$1" = run ]; then
        say 'installing what the program needs (packaging/requirements.lock)'
        pip_install -r "$root/packaging/requirements.lock" -r "$root/packaging/requirements-build.lock"
    else
        say 'installing what the program and its tests need (packaging/requirements-dev.lock)'
        pip_install -r "$root/packaging/requirements-dev.lock"
    fi
    say 'installing pecdesk itself, as a link to this checkout'
    pip_install --no-index --no-build-isolation --editable "$root"
    printf '%s\n' "$wanted" >"$venv/pecdesk-run.stamp"
    printf '%s\n' "$wanted" >"$stamp"
    rm -f "$unfinished"
    say "ready in $venv"
}

# --- what can be asked for ------------------------------------------------------------------------------------------

failed=''

# check WORDS TOOL [OPTIONS]: goes on after a failure, so that one run tells everything.
check() {
    words=$1 tool=$2
    shift 2
    say "$words"
    "$venv/bin/$tool" "$@" || failed="$failed${failed:+, }$words"
}

static_checks() {
    check 'ruff format' ruff format --check .
    check 'ruff check' ruff check --quiet .
    check 'mypy' mypy
    check 'import contracts' lint-imports --no-logo
    [ -z "$failed" ] || say "FAILED: $failed; the tests run all the same"
}

run_pytest() {
    "$venv/bin/python" -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder "$@"
}

# As in tests/conftest.py, which marks these tests as the core's.
CORE_TESTS='tests/unit/mime tests/unit/trust tests/unit/pec tests/unit/examine tests/unit/test_reading.py tests/unit/test_disguise.py'

# What decides a verdict is covered whole, by tests that do the same in every run: those of Hypothesis do not count.
core_coverage() {
    say 'pytest: every branch of mime, trust, pec, examine and reading'
    # shellcheck disable=SC2086  # a list of words
    run_pytest -m 'core and not hypothesis' $CORE_TESTS --quiet --no-header \
        --cov pecdesk.mime --cov pecdesk.trust --cov pecdesk.pec --cov pecdesk.examine --cov pecdesk.reading \
        --cov-report term-missing:skip-covered --cov-fail-under 100 ||
        failed="$failed${failed:+, }the core and its coverage"
}

# The whole, or a part as OPTIONS say; tests of the core that `core_coverage` has run are not run again.
# Pytest's summary is the last line, unless something before it failed.
tests() {
    say 'pytest'
    status=0
    run_pytest "$@" || status=$?
    if [ "$status" -eq 5 ]; then
        say 'no test was found: that is a failure'
        status=1
    fi
    if [ -n "$failed" ]; then
        say "FAILED before the tests: $failed"
        [ "$status" -ne 0 ] || status=1
    fi
    exit "$status"
}

case $(uname -s) in
MINGW* | MSYS* | CYGWIN*)
    give_up 'Windows is not prepared by this script. By hand, in the checkout, with Python 3.11 or newer:' \
        '  py -m venv .venv' \
        '  .venv\Scripts\pip install -r packaging\requirements-dev.lock' \
        '  .venv\Scripts\pip install --no-build-isolation --no-deps -e .' \
        '  .venv\Scripts\pecdesk demo'
    ;;
esac

task=${1:-}
[ $# -eq 0 ] || shift
case $task in
run)
    prepare run
    exec "$venv/bin/pecdesk" demo "$@"
    ;;
test | gate)
    prepare test
    cd "$root"
    static_checks
    [ $# -gt 0 ] || { core_coverage && set -- -m 'hypothesis or not core'; }
    [ "$task" = test ] || set -- tests/unit "$@"
    tests "$@"
    ;;
prepare)
    prepare test
    ;;
*)
    say 'one of: run, test, gate, prepare (what each does stands at the top of packaging/dev.sh)'
    exit 2
    ;;
esac
