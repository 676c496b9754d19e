"""Replay one exported graph in other simulators, and compare what they answer."""

import logging
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nir
import numpy as np
import pandas as pd

from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.metadata import write_metadata
from spikesweep.simulation.engine import simulate
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval
from spikesweep.study.export.chosen import chosen_setting
from spikesweep.study.export.interpret import Dialect, play
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("simulators.py")


@dataclass(frozen=True)
class Simulator:
    """Another simulator, as it reads what NIR leaves open.

    label: in the report. dialect: what it does instead of the study.
    averaged: whether its answer is read from the mean over all steps: without filters, the score
        of a step holds the spikes of that step alone.
    """

    label: str
    dialect: Dialect
    averaged: bool = False


# By their names in the program.
SIMULATORS = {
    "sinabs": Simulator(
        "sinabs", Dialect(start=False, rectified=False, delayed=False, lowest=-1.0)
    ),
    "sinabs_start": Simulator(
        "sinabs, with the study's start voltages",
        Dialect(rectified=False, delayed=False, lowest=-1.0),
    ),
    "spikingjelly": Simulator(
        "SpikingJelly, without filters, read from the mean",
        Dialect(start=False, rectified=False, subtract=False, most=1, filtered=False),
        averaged=True,
    ),
}
COLUMNS = [
    "simulator",
    "version",
    "images",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "own_accuracy",
    "same_class",
    "spikes_per_image",
    "own_spikes_per_image",
    "played_images",
    "as_played",
    "spikes_of_played",
    "played_spikes_per_image",
    "refused",
]


def run(
    *,
    inputs: dict[str, Any],
    outputs: dict[str, str],
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Show test images to a network's graph in every simulator; see `replay_table`.

    inputs: as of the export, and description, beside which the graph is; environment, a file in
        the folder of the environment of the simulators.
    outputs: replays, metadata.
    config: replayed_images, images_seed, played_images, engine, accuracy_margin.
    """
    chosen = chosen_setting(inputs, seed, config["accuracy_margin"])
    experiment = load_experiment(
        dataset=inputs["dataset"],
        network=inputs["network"],
        ann_classes=inputs["ann_classes"],
        config=config
        | {
            "images": config["replayed_images"],
            "steps": chosen.candidate.reading.steps,
            "voltage_draws": 1,
        },
        threads=threads,
        mem_mb=mem_mb,
    )
    graph_path = Path(inputs["description"]).with_name("network.nir")
    table = pd.DataFrame(columns=COLUMNS)
    if graph_path.exists():
        program = [str(Path(inputs["environment"]).parent / "bin" / "python"), str(_PROGRAM)]
        table = replay_table(
            experiment, chosen.candidate, graph_path, program, config["played_images"]
        )
    logger.info("replayed:\n%s", table.to_string(index=False))
    write_csv(labelled(table, network, seed), outputs["replays"])
    write_metadata(outputs["metadata"], config, engine=experiment.engine.name)


def replay_table(
    experiment: Experiment,
    candidate: Candidate,
    graph_path: Path,
    program: list[str],
    played_images: int,
) -> pd.DataFrame:
    """One row per simulator.

    program: the command that `simulators.py` is.
    played_images: on how many images our interpreter does what the simulator is known to do.

    own_accuracy, own_spikes_per_image: of the study's own simulation of the same images.
    same_class: share of the images that get the class that the study gives.
    as_played: share of the images that get the class that our interpreter gives in the simulator's
        dialect; played_spikes_per_image and spikes_of_played: spikes of both on these images. Where
        they agree, the dialect is all that the simulator does otherwise.
    refused: why the simulator did not take the graph; then the other columns are empty.
    """
    [found] = simulate(
        experiment.network,
        experiment.images,
        [candidate.setting],
        candidate.reading.steps,
        engine=experiment.engine,
        limits=experiment.limits,
    )
    own = _Answers(
        candidate.reading.classes(found.scores),
        np.sum([activity.spikes for activity in found.layers.values()], axis=0),
    )
    graph = nir.read(graph_path)
    rows = []
    for name, simulator in SIMULATORS.items():
        replayed = _replay(name, experiment, candidate.reading, graph_path, program)
        row = {"simulator": simulator.label}
        if isinstance(replayed, str):
            rows.append({**row, "refused": replayed})
            continue
        shown = experiment.images[:played_images].transpose(0, 3, 1, 2)
        steps, dt = candidate.reading.steps, experiment.network.dt
        played = play(graph, shown, steps, dt, simulator.dialect)
        other = _Answers(_classes(replayed["scores"], simulator, candidate), replayed["spikes"])
        counts = [spikes.sum(axis=(1, 2), dtype=np.int64) for spikes in played.spikes.values()]
        expected = _Answers(_classes(played.scores, simulator, candidate), np.sum(counts, axis=0))
        rows.append(
            {
                **row,
                "version": str(replayed["version"]),
                **_compared(own, other, expected, experiment.sample.labels),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True, eq=False)
class _Answers:
    """classes, spikes: (images,)."""

    classes: np.ndarray
    spikes: np.ndarray


def _replay(
    name: str, experiment: Experiment, reading: Reading, graph_path: Path, program: list[str]
) -> dict[str, np.ndarray] | str:
    """What the program wrote, or the last line of its complaint."""
    with tempfile.TemporaryDirectory() as folder:
        images, answers = Path(folder, "images.npz"), Path(folder, "answers.npz")
        np.savez(
            images,
            input=experiment.images.transpose(0, 3, 1, 2),
            steps=reading.steps,
            dt_s=experiment.network.dt,
        )
        command = [*program, name, str(graph_path), str(images), str(answers)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            logger.warning("%s: %s", name, run.stderr)
            return (run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1]
        with np.load(answers) as file:
            found = dict(file)
    classes = experiment.network.readout.shape[0]
    if found["scores"].shape[-1] != classes:
        return f"it gives {found['scores'].shape[-1]} scores for {classes} classes"
    return found


def _classes(scores: np.ndarray, simulator: Simulator, candidate: Candidate) -> np.ndarray:
    if simulator.averaged:
        return scores.mean(axis=1).argmax(axis=1)
    return candidate.reading.classes(scores)


def _compared(
    own: _Answers, other: _Answers, expected: _Answers, labels: np.ndarray
) -> dict[str, Any]:
    images, played = len(labels), len(expected.classes)
    right = int((other.classes == labels).sum())
    accuracy, low, high = accuracy_interval(right, images, CONFIDENCE_OF_ACCURACIES)
    return {
        "images": images,
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "own_accuracy": float((own.classes == labels).mean()),
        "same_class": float((own.classes == other.classes).mean()),
        "spikes_per_image": float(other.spikes.mean()),
        "own_spikes_per_image": float(own.spikes.mean()),
        "played_images": played,
        "as_played": float((other.classes[:played] == expected.classes).mean()),
        "spikes_of_played": float(other.spikes[:played].mean()),
        "played_spikes_per_image": float(expected.spikes.mean()),
    }
