"""Measure both engines on the same networks, neurons, images and settings.

Each engine runs in its own process, so that its peak memory is measured alone. Throughput counts
only the simulation: for `nengo_dl` the time of a second batch, which excludes conversion, building
and tracing; for `fused` a whole run, without the compilation of its loops, which is done once per
machine. NengoDL is given fewer images, in batches of the faster of two sizes, and only two settings
of a sweep: it shares no work between settings, so the others would take the same time.
"""

import multiprocessing
import re
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.simulation.engine import engine_named, stream
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.fan_out import multiply_adds
from spikesweep.snn.network import SpikingNetwork, load_network
from spikesweep.snn.neurons import NEURON_TYPES

SYNAPSES_S = (None, 0.0, 0.001, 0.002, 0.005, 0.01, 0.02)
SCALES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SINGLE = Setting(0.005, 50.0)
# The most images at once, and from how many multiply-adds on they are fewer. A small network is
# several times faster in large batches; a large one is not, and takes memory.
NENGO_DL_BATCHES = ((32, 2e6), (256, 2.5e5))
MATRIX_SIZE = 2048
REPEATS = 3
# Networks that are so many times larger are shown so many times fewer images, but at least so many.
LARGE_MULTIPLY_ADDS = 2e6
LEAST_IMAGES = 32
LEAST_NENGO_DL_IMAGES = 4


@dataclass(frozen=True)
class Case:
    """A network file, and a dataset file with the test images to show to the network."""

    network: str | Path
    dataset: str | Path


def benchmark_network(
    case: Case,
    name: str,
    *,
    threads: int,
    neurons: Sequence[str] = tuple(NEURON_TYPES),
    steps: int = 30,
    images: int = 1000,
) -> pd.DataFrame:
    """One row per neuron and study of a network; rates are in images x steps x settings per second.

    name: of the network, the first column.
    neurons: names in `NEURON_TYPES`; each, with its default options, replaces the network's own.

    The share of the machine's matrix product compares the multiplications that a dense simulation
    would need with those that the machine could do: because work is shared and silent neurons are
    skipped, it may exceed 1.
    """
    gflops = _alone(_matrix_product, threads)
    macs = sum(multiply_adds(load_network(case.network)).values())
    shown = fewer(images, macs, LEAST_IMAGES)
    most = len(load_dataset(case.dataset).y_test) // (1 + REPEATS)
    batches = [
        min(most, fewer(batch, macs, LEAST_NENGO_DL_IMAGES, large))
        for batch, large in NENGO_DL_BATCHES
    ]
    table = pd.concat(
        [_compared(case, neuron, threads, steps, shown, batches) for neuron in neurons],
        ignore_index=True,
    )
    table.insert(0, "network", name)
    table["share_of_matrix_product"] = table["fused_per_s"] * 2 * macs / (gflops * 1e9)
    return table


def fewer(
    images: int, multiply_adds: float, at_least: int, large: float = LARGE_MULTIPLY_ADDS
) -> int:
    """How many images a network is shown that takes so many multiply-adds for one of them.

    large: with more multiply-adds than these, images are fewer.
    """
    return min(images, max(at_least, int(images * large / multiply_adds)))


def profile_fused(
    case: Case, settings: Sequence[Setting], *, steps: int = 30, images: int = 100
) -> pd.DataFrame:
    """Time of one thread in each loop, in microseconds per image, step and setting."""
    return _alone(_profile, case, tuple(settings), steps, images)


def studies(network: SpikingNetwork) -> dict[str, list[Setting]]:
    """The three kinds of studies to measure."""
    layers = [layer.name for layer in network.spiking_layers]
    return {
        "single setting": [SINGLE],
        "7 x 7 sweep": [Setting(tau, scale) for tau in SYNAPSES_S for scale in SCALES],
        "layer scaling": [
            Setting.per_layer(0.005, {**dict.fromkeys(layers, 50.0), layer: 50.0 * factor})
            for layer in layers
            for factor in (0.25, 0.5, 2.0, 4.0)
        ],
    }


def _compared(
    case: Case, neuron: str, threads: int, steps: int, images: int, batches: Sequence[int]
) -> pd.DataFrame:
    """One row per study."""
    _alone(_fused, case, neuron, threads, 1, 2)
    fused, fused_bytes = _alone(_fused, case, neuron, threads, steps, images)
    batch = _fastest_batch(case, neuron, threads, steps, batches)
    nengo_dl, nengo_dl_bytes = _alone(_nengo_dl, case, neuron, threads, steps, batch)
    return pd.DataFrame(
        {
            "neuron": neuron,
            "study": study,
            "settings": settings,
            "fused_per_s": rate,
            "nengo_dl_per_s": nengo_dl[study],
            "ratio": rate / nengo_dl[study],
            "nengo_dl_batch": batch,
            "fused_peak_mb": fused_bytes / 1e6,
            "nengo_dl_peak_mb": nengo_dl_bytes / 1e6,
        }
        for study, (settings, rate) in fused.items()
    )


def _fastest_batch(
    case: Case, neuron: str, threads: int, steps: int, batches: Sequence[int]
) -> int:
    """The number of images at once that NengoDL simulates fastest in a single setting."""

    def rate(batch: int) -> float:
        rates, _ = _alone(_nengo_dl, case, neuron, threads, steps, batch, ("single setting",))
        return rates["single setting"]

    sizes = sorted(set(batches))
    return max(sizes, key=rate) if len(sizes) > 1 else sizes[0]


def _alone(function: Any, *arguments: Any) -> Any:
    """Call a function in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *arguments).result()


def _matrix_product(threads: int) -> float:
    """GFLOP/s of float32 matrix products; the threads are set by the environment."""
    one = np.ones((MATRIX_SIZE, MATRIX_SIZE), np.float32)
    times = []
    for _ in range(3 + REPEATS):
        start = time.perf_counter()
        one @ one
        times.append(time.perf_counter() - start)
    return 2 * MATRIX_SIZE**3 / min(times) / 1e9


def _fused(
    case: Case, neuron: str, threads: int, steps: int, images: int
) -> tuple[dict[str, tuple[int, float]], int]:
    network, prepared = _load(case, images, neuron)
    engine = engine_named("fused")
    rates = {}
    for study, settings in studies(network).items():
        # More settings of a sweep take the same time as more images.
        shown = prepared if len(settings) == 1 else prepared[: max(1, images // 4)]
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            for _response in stream(
                network, shown, settings, steps, engine=engine, limits=Limits(threads)
            ):
                pass
            times.append(time.perf_counter() - start)
        rates[study] = (len(settings), len(shown) * steps * len(settings) / min(times))
    return rates, _peak_bytes()


def _nengo_dl(
    case: Case,
    neuron: str,
    threads: int,
    steps: int,
    batch: int,
    wanted: Sequence[str] | None = None,
) -> tuple[dict[str, float], int]:
    """Rates by study, of those that are wanted or of all, and the peak memory.

    batch: images at once.
    """
    # Imported here, so that no other process loads TensorFlow.
    from spikesweep.simulation.nengo_dl_engine import bytes_per_image

    network, prepared = _load(case, batch * (1 + REPEATS), neuron)
    engine = engine_named("nengo_dl")
    limits = Limits(threads, batch * bytes_per_image(network, steps))
    rates = {}
    for study, settings in studies(network).items():
        if wanted and study not in wanted:
            continue
        times = []
        for setting in settings[:: max(1, len(settings) - 1)]:
            ends = []
            for _ in stream(network, prepared, [setting], steps, engine=engine, limits=limits):
                ends.append(time.perf_counter())
            times.append(min(np.diff(ends)))
        rates[study] = batch * steps / float(np.mean(times))
    return rates, _peak_bytes()


def _profile(case: Case, settings: Sequence[Setting], steps: int, images: int) -> pd.DataFrame:
    from spikesweep.simulation.fused import drive, fire

    network, prepared = _load(case, images)
    seconds: dict[str, float] = {}

    def timed(name: str, function: Any) -> Any:
        def call(*arguments: Any) -> None:
            start = time.perf_counter()
            function(*arguments)
            seconds[name] = seconds.get(name, 0) + time.perf_counter() - start

        return call

    def run() -> float:
        start = time.perf_counter()
        engine = engine_named("fused")
        for _ in stream(network, prepared, settings, steps, engine=engine, limits=Limits(1)):
            pass
        return time.perf_counter() - start

    run()
    for module, name in (
        (drive, "list_pixels"),
        (drive, "drive"),
        (fire, "fire"),
        (fire, "read_out"),
    ):
        setattr(module, name, timed(name, getattr(module, name)))
    total = run()
    seconds["everything else"] = total - sum(seconds.values())
    unit = 1e6 / (images * steps * len(settings))
    return pd.DataFrame(
        {
            "loop": list(seconds),
            "us_per_image_step_setting": [value * unit for value in seconds.values()],
            "share": [value / total for value in seconds.values()],
        }
    )


def _load(case: Case, images: int, neuron: str | None = None) -> tuple[SpikingNetwork, np.ndarray]:
    network = load_network(case.network)
    if neuron:
        network = with_neuron(network, NEURON_TYPES[neuron]())
    return network, network.prepare(load_dataset(case.dataset).x_test[:images])


def _peak_bytes() -> int:
    # Not getrusage, whose peak for a new process includes the memory of its parent.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found, "Linux gives the peak memory of each process"
    return 1024 * int(found[1])
