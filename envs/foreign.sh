#!/usr/bin/env bash
# Creates .venv-foreign with simulators of other people; does nothing if it is there already.
#
# PyTorch stays out of the study's own lock. A stamp, written last, names what was asked for; the
# workflow replays exported networks once it is there.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-foreign
uv=$root/.venv/bin/uv
stamp=$venv/.complete
wanted=$(cat "$root/envs/foreign.txt" "$root/envs/foreign_overrides.txt" | sha256sum)

unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX

main() {
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    echo "Installing sinabs and SpikingJelly into .venv-foreign (once; minutes)."
    rm -f "$stamp"
    "$uv" venv --quiet --clear --python "$root/.venv/bin/python" "$venv"
    # PyTorch without CUDA, from its own index, takes 1 GB; that of the registry takes 6.
    if ! install --torch-backend cpu 2>"$venv/cpu.log"; then
        echo "PyTorch's index of CPU builds cannot be used (.venv-foreign/cpu.log): taking the registry's build."
        install
    fi
    "$venv/bin/python" -c 'import sinabs.nir; import spikingjelly.activation_based.nir_exchange'
    echo "$wanted" >"$stamp"
    echo "Installed. The next run of a study with the part export replays its networks."
}

install() {
    "$uv" pip install --quiet --python "$venv/bin/python" --requirement "$root/envs/foreign.txt" \
        --override "$root/envs/foreign_overrides.txt" "$@"
}

main
