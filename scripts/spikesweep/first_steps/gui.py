"""Open a model in NengoGUI: `python -m spikesweep.first_steps.gui integrator`."""

import argparse
import shutil
import sys
from pathlib import Path

import nengo_gui
import nengo_gui.exec_env
from nengo_gui.gui import BaseGUI
from nengo_gui.guibackend import GuiServerSettings, ModelContext

from spikesweep.errors import UserError

MODELS = {
    "neuron": "one spiking neuron and its tuning curve",
    "representation": "an ensemble that represents a value",
    "synapse": "a lowpass synapse and what its time constant does",
    "communication": "communication and computation between ensembles",
    "integrator": "an integrator, a network that remembers",
    "trained_network": "a trained network, as rates and as spikes",
}
# Only this machine can connect.
HOST = "127.0.0.1"


def main() -> None:
    """List the models, or serve one until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Open a model in NengoGUI.")
    parser.add_argument("model", nargs="?", help="without it, the models are listed")
    parser.add_argument("--folder", default="results/gui", help="where your copies are kept")
    parser.add_argument("--port", type=int, default=0, help="0 is any free port")
    arguments = parser.parse_args()
    if not arguments.model:
        print("\n".join(["The models:", *(f"  {key:15s} {of}" for key, of in MODELS.items())]))
        return
    try:
        file = own_copy(arguments.model, arguments.folder)
        gui = server_of(file, arguments.port)
    except UserError as error:
        sys.exit(str(error))
    print(
        f"{file} is your copy of {MODELS[arguments.model]}; delete it to start again from "
        "the original."
    )
    print(
        f"Open {gui.server.get_url()}\nand press the play button. Press Ctrl-C here to stop.",
        flush=True,
    )
    try:
        gui.start()
    except KeyboardInterrupt:
        print()


def own_copy(model: str, folder: str | Path) -> Path:
    """Copy a model and its layout, unless the copies exist; NengoGUI writes changes to both."""
    if model not in MODELS:
        raise UserError(f"MODEL: found {model}; allowed: {', '.join(MODELS)}")
    source = Path(__file__).with_name(f"{model}.py")
    copy = Path(folder) / source.name
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source.with_name(f"{source.name}.cfg"), f"{copy}.cfg")
        shutil.copy(source, copy)
    return copy


def server_of(file: Path, port: int) -> BaseGUI:
    """Make a server that shows one model; `start` it to serve."""
    # NengoGUI would import every simulator that it knows, including NengoDL with TensorFlow.
    nengo_gui.exec_env.known_modules[:] = ["nengo"]
    try:
        return BaseGUI(
            ModelContext(filename=str(file)),
            GuiServerSettings((HOST, port), auto_shutdown=0),
        )
    except (OSError, OverflowError, RuntimeError) as error:
        raise UserError(
            f"PORT: found {port}; {error}; leave out PORT to use any free port"
        ) from None


if __name__ == "__main__":
    main()
