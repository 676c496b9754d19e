"""Writes what the study at full scale costs on a cluster, into docs/cluster.md.

`python -m spikesweep.forecast.cluster_page` computes it from the plan of config/paper.yaml and the
shipped times, for the machine that these are of.
"""

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from snakemake.utils import update_config

from spikesweep.errors import UserError
from spikesweep.forecast.__main__ import planned_jobs
from spikesweep.forecast.estimate import disk
from spikesweep.forecast.jobs import Job
from spikesweep.forecast.network_size import entry_of, million_multiply_adds, scaled_layers
from spikesweep.forecast.schedule import critical_path, time_needed
from spikesweep.forecast.times import SHIPPED, Times, read_records
from spikesweep.marked import write_block
from spikesweep.words import counted, duration, three_digits

Config = dict[str, Any]

PAGE = Path("docs", "cluster.md")
BLOCK = "cost"
_CONFIG, _PAPER = Path("config", "config.yaml"), Path("config", "paper.yaml")
_CORES = 32
_NODES = (1, 10, 100)
# Those of a laptop, to compare.
_FEW_CORES = 2


def main() -> None:
    """Write the cost of the study at full scale into docs/cluster.md."""
    ArgumentParser(
        prog="python -m spikesweep.forecast.cluster_page", description=main.__doc__
    ).parse_args()
    config = _merged(_CONFIG, _PAPER)
    times = Times(read_records(SHIPPED))
    text = "\n\n".join(
        [
            _cost(_planned(config), times, config),
            _growth(config, times),
            _networks(_planned(config), times, config),
        ]
    )
    try:
        write_block(PAGE, BLOCK, text)
    except UserError as error:
        sys.exit(str(error))


def halved_images(config: Config) -> Config:
    """Half of the images of each study; those of trainings stay."""
    images = ("images", "confirm_images", "check_images")
    return _changed(config, images, (int,), lambda many: many // 2)


def halved_steps(config: Config) -> Config:
    """Each image shown half as long."""
    return _changed(config, ("steps", "read_at"), (int, list), _half_as_long)


def halved_settings(config: Config) -> Config:
    """Every other scale of each study."""
    return _changed(config, ("scale_firing_rates", "scales"), (list,), lambda scales: scales[::2])


def halved_seeds(config: Config) -> Config:
    """Half of the seeds of each network, at least one."""
    return _changed(config, ("seeds",), (list,), lambda seeds: seeds[: max(1, len(seeds) // 2)])


def _cost(jobs: list[Job], times: Times, config: Config) -> str:
    seconds = {job.id: times.seconds(job) for job in jobs}
    total = sum(seconds[job.id] * job.threads for job in jobs)
    chain = critical_path(jobs, seconds)
    few = time_needed(jobs, seconds, _FEW_CORES)
    lines = [
        f"{counted(len(jobs), 'job')}, {duration(total)} of a core in all, "
        f"{disk(sum(times.megabytes(job) for job in jobs))} of results. "
        f"On {_FEW_CORES} cores it takes {duration(few)}.",
        "",
        f"| nodes of {_CORES} cores | time | share of the cores in use |",
        "|---|---|---|",
    ]
    for nodes in _NODES:
        needed = time_needed(jobs, seconds, _CORES, nodes=nodes)
        lines.append(
            f"| {nodes} | {duration(needed)} | {100 * total / needed / _CORES / nodes:.2g} % |"
        )
    names = " → ".join(f"`{job.rule}`{f' {job.of}' if job.of else ''}" for job in chain)
    longest = max(chain, key=lambda job: seconds[job.id])
    return "\n".join(
        [
            *lines,
            "",
            "No number of cores is faster than the longest chain of jobs that wait for each other, "
            f"{duration(sum(seconds[job.id] for job in chain))}: {names}. "
            + _share(longest, seconds, chain),
        ]
    )


def _share(longest: Job, seconds: dict[int, float], chain: Iterable[Job]) -> str:
    share = seconds[longest.id] / sum(seconds[job.id] for job in chain)
    return f"`{longest.rule}` of {longest.of} alone is {100 * share:.0f} % of it."


def _growth(config: Config, times: Times) -> str:
    """How the cost changes if half of something is left out."""
    whole = _core_seconds(config, times)
    halves: dict[str, Callable[[Config], Config]] = {
        "test images of all studies": halved_images,
        "time steps": halved_steps,
        "scales of all axes": halved_settings,
        "seeds": halved_seeds,
    }
    lines = [
        "What is left of the time of all cores with half of each; 50 % if it grows in proportion:",
        "",
        "| half the | time that is left |",
        "|---|---|",
    ]
    for name, halve in halves.items():
        lines.append(f"| {name} | {100 * _core_seconds(halve(config), times) / whole:.0f} % |")
    return "\n".join(lines)


def _networks(jobs: list[Job], times: Times, config: Config) -> str:
    """What each network costs, with its layers."""
    lines = [
        "Layers count twice: each image costs more, and there are more sets of layers to scale.",
        "",
        "| network | layers | million multiply-adds | seeds | core time | of it, layer scaling | "
        "of it, search |",
        "|---|---|---|---|---|---|---|",
    ]
    for network in config["study"]["networks"]:
        entry = entry_of(config["networks"], network)
        own = [job for job in jobs if job.of == network]
        lines.append(
            f"| {network} | {scaled_layers(entry)} | {three_digits(million_multiply_adds(entry))} "
            f"| {len(entry['seeds'])} | {_time(own, times)} "
            f"| {_time([job for job in own if job.rule == 'run_layer_scaling'], times)} "
            f"| {_time([job for job in own if job.rule == 'search_settings'], times)} |"
        )
    return "\n".join(lines)


def _time(jobs: Iterable[Job], times: Times) -> str:
    return duration(sum(times.seconds(job) * job.threads for job in jobs))


def _core_seconds(config: Config, times: Times) -> float:
    return sum(times.seconds(job) * job.threads for job in _planned(config))


def _planned(config: Config) -> list[Job]:
    """All jobs of a config, whatever was run here. With more cores than any job asks for."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(config, file)
        file.flush()
        return planned_jobs([Path(file.name)], _CORES, all_again=True)


def _merged(*files: Path) -> Config:
    """As Snakemake merges configs: maps are merged, lists replaced."""
    config: Config = {}
    for file in files:
        update_config(config, yaml.safe_load(file.read_text(encoding="utf-8")))
    return config


def _changed(value: Any, keys: tuple[str, ...], kinds: tuple[type, ...], change: Any) -> Any:
    """The config with everything of these kinds under these keys changed."""
    if isinstance(value, list):
        return [_changed(inner, keys, kinds, change) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(inner)
        if key in keys and isinstance(inner, kinds)
        else _changed(inner, keys, kinds, change)
        for key, inner in value.items()
    }


def _half_as_long(steps: Any) -> Any:
    if isinstance(steps, list):
        return sorted({max(1, each // 2) for each in steps})
    return max(1, steps // 2)


if __name__ == "__main__":
    main()
