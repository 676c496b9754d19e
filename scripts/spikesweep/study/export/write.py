"""A network at its setting in all forms in which it can be used elsewhere."""

import logging
from pathlib import Path
from typing import Any

import h5py
import nir
import numpy as np

from spikesweep.data.dataset import Dataset
from spikesweep.data.splits import open_and_vault
from spikesweep.errors import UserError
from spikesweep.files import atomic_path, write_json, write_text
from spikesweep.simulation.interface import Limits
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.export.chosen import Chosen
from spikesweep.study.export.description import description
from spikesweep.study.export.example import example
from spikesweep.study.export.nengo_script import nengo_script, script_arrays
from spikesweep.study.export.refused import NotExpressibleError
from spikesweep.study.export.to_nir import Exported, to_nir
from spikesweep.words import percentage, yaml_line

logger = logging.getLogger(__name__)


def write_export(
    network: SpikingNetwork,
    chosen: Chosen,
    dataset: Dataset,
    *,
    folder: Path,
    name: str,
    seed: int,
    config: dict[str, Any],
    limits: Limits,
) -> Exported | None:
    """Write network.nir, .json, .py, .npz and example.npz, and return the graph as it was read.

    config: example_image (its place among the open test images), engine.

    Raises UserError if there are fewer open test images.
    """
    exported, refused = _graph(network, chosen, folder / "network.nir")
    open_images, _ = open_and_vault(dataset.y_test)
    if config["example_image"] >= len(open_images):
        raise UserError(
            f"config export.example_image: found {config['example_image']}, but {name} has "
            f"{len(open_images)} test images to show; give at most {len(open_images) - 1}"
        )
    shown = open_images[config["example_image"]]
    image, label = dataset.x_test[shown], int(dataset.y_test[shown])
    example_arrays = example(
        network, chosen.candidate, exported, image, label, config["engine"], limits
    )
    _write_arrays(example_arrays, folder / "example.npz")
    _write_arrays(script_arrays(network, image), folder / "network.npz")
    facts = description(
        network,
        chosen,
        dataset,
        name=name,
        seed=seed,
        nodes=exported.nodes if exported else {},
        refused=refused,
    )
    write_json(facts, folder / "network.json")
    answer = int(example_arrays["answer"])
    script = nengo_script(
        network,
        chosen.candidate,
        name=name,
        class_names=[str(one) for one in dataset.class_names],
        about=_about(network, chosen, dataset, label, answer),
        shows=label,
        answers=answer,
    )
    write_text(script, folder / "network.py")
    return exported


def _graph(
    network: SpikingNetwork, chosen: Chosen, path: Path
) -> tuple[Exported | None, str | None]:
    """The graph as it stands in its file, or why there is none."""
    try:
        exported = to_nir(network, chosen.candidate.setting)
    except NotExpressibleError as error:
        logger.warning("no NIR file: %s", error)
        path.unlink(missing_ok=True)
        return None, str(error)
    with atomic_path(path) as temporary:
        nir.write(temporary, exported.graph)
        _forget_resets(temporary)
        # From the file, so that what is measured is what a user has.
        return Exported(nir.read(temporary), exported.nodes), None


def _forget_resets(path: Path) -> None:
    """Leave out `v_reset`, which is 0 where it is missing: NIR up to 1.0.4 refuses the name.

    sinabs 3.1 asks for such a version.
    """
    with h5py.File(path, "r+") as file:
        for node in file["node/nodes"].values():
            if "v_reset" in node:
                del node["v_reset"]


def _write_arrays(arrays: dict[str, Any], path: Path) -> None:
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _about(
    network: SpikingNetwork, chosen: Chosen, dataset: Dataset, label: int, answer: int
) -> str:
    setting, expected = chosen.candidate.setting, chosen.expected
    layers = [layer.name for layer in network.spiking_layers]
    scales = yaml_line({layer: setting.scale_of(layer) for layer in layers})
    names = dataset.class_names
    return (
        f"The setting is {chosen.why}.\n"
        f"Scales of the firing rates: {scales}\n"
        f"Accuracy to expect: {percentage(expected['accuracy'], '.2f')} "
        f"(that of the ANN: {percentage(expected['ann_accuracy'], '.2f')}), "
        f"on {expected['images']:.0f} test images.\n"
        f"The image shows class {names[label]}; the study's own simulation answers {names[answer]}."
    )
