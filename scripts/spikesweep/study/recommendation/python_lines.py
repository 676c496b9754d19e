"""The recommended setting as lines of Python that run it."""

from collections.abc import Sequence
from pathlib import Path

from spikesweep.experiments.readings import Candidate, Reading

# Test images that the lines show: enough to see that it works, in seconds.
_IMAGES = 500


def python_lines(
    candidate: Candidate,
    *,
    network: str | Path,
    dataset: str | Path,
    layers: Sequence[str],
) -> str:
    """Eight lines that load a spiking network, simulate images, and print the accuracy.

    network, dataset: files of the study, relative to the folder that it runs in.
    layers: names of the spiking layers, first to last.
    """
    setting, reading = candidate.setting, candidate.reading
    scales = ", ".join(f'"{layer}": {setting.scale_of(layer):.12g}' for layer in layers)
    shown = f"network.prepare(data.x_test[:{_IMAGES}])"
    return "\n".join(
        [
            "from spikesweep.data.dataset import load_dataset",
            "from spikesweep.simulation.engine import Setting, simulate",
            "from spikesweep.snn.network import load_network",
            "",
            f'network = load_network("{network}")',
            f'data = load_dataset("{dataset}")',
            f"setting = Setting.per_layer({setting.synapse_s}, {{{scales}}})",
            f"[found] = simulate(network, {shown}, [setting], steps={reading.steps})",
            f"print(({_answers(reading)} == data.y_test[:{_IMAGES}]).mean())",
            "",
        ]
    )


def _answers(reading: Reading) -> str:
    if reading.readout == "last":
        return "found.predictions[:, -1]"
    return f"found.scores[:, -{reading.averaged_steps}:].mean(axis=1).argmax(axis=1)"
