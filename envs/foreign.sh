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

# A folder of wheels that pip knows of may hold a CPU build.
export UV_FIND_LINKS=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-}}

main() {
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    echo "Installing sinabs and SpikingJelly into .venv-foreign (once; minutes)."
    rm -f "$stamp"
    "$uv" venv --quiet --clear --python "$root/.venv/bin/python" "$venv"
    # PyTorch without CUDA takes 1 GB with all others, with CUDA 6.
    if ! install --torch-backend cpu 2>"$venv/cpu.log"; then
        echo "PyTorch's index of CPU builds cannot be used (.venv-foreign/cpu.log): taking what else there is."
        install || give_up
    fi
    "$venv/bin/python" -c "$what_is_there"
    echo "$wanted" >"$stamp"
    echo "The next run of a study with the part export replays its networks."
}

what_is_there='
import sinabs.nir, spikingjelly.activation_based.nir_exchange, torch
from importlib.metadata import version
kind = "with CUDA, 5 GB more than without" if torch.version.cuda else "without CUDA"
print("Installed: sinabs {}, SpikingJelly {}, PyTorch {} ({})".format(
    version("sinabs"), version("spikingjelly"), torch.__version__, kind))
'

give_up() {
    echo "Nothing was installed; see the lines above. Studies run without, and report that nothing was replayed." >&2
    exit 1
}

install() {
    "$uv" pip install --quiet --python "$venv/bin/python" --requirement "$root/envs/foreign.txt" \
        --override "$root/envs/foreign_overrides.txt" "$@"
}

main
