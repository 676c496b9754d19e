#!/usr/bin/env bash
# Asks what is known of the locked packages: vulnerabilities, licences, a bill of materials.
#
# The tools have an environment of their own, .venv-audit, so that they decide no version of the study's.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
venv=.venv-audit
lock=envs/audit.lock
found=$venv/found

unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX

main() {
    install_tools
    mkdir -p "$found"
    # Whoever cannot reach the database still learns of licences. pip-audit fails if it finds
    # something; what it found is judged below.
    rm -f "$found"/*.json
    for name in requirements audit; do
        "$venv/bin/pip-audit" --requirement "envs/$name.lock" --require-hashes --disable-pip \
            --format json --progress-spinner off --output "$found/$name.vulnerabilities.json" \
            2>"$found/$name.log" || true
    done
    "$venv/bin/pip-licenses" --python .venv/bin/python --from all --with-system \
        --format json --output-file "$found/licences.json" >/dev/null
    "$venv/bin/cyclonedx-py" environment .venv/bin/python --pyproject pyproject.toml \
        --output-reproducible --output-file "$found/sbom.json"
    .venv/bin/python -m spikesweep.dependencies "$found"
}

install_tools() {
    local stamp=$venv/.complete
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(sha256sum <"$lock")" ]; then return; fi
    .venv/bin/uv venv --quiet --clear --python .venv/bin/python "$venv"
    .venv/bin/uv pip sync --quiet --python "$venv/bin/python" --require-hashes "$lock"
    sha256sum <"$lock" >"$stamp"
}

main
