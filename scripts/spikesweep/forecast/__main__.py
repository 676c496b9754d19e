"""How long a study will take here: python -m spikesweep.forecast [OVERLAY …]."""

import argparse
import logging
import sys
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.settings.enums import Quietness
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    ResourceSettings,
)

from spikesweep.forecast.estimate import (
    cores_of_machine,
    estimate,
    forecast_for,
    in_words,
    longest_rules,
    warning,
)
from spikesweep.forecast.jobs import Job, jobs_to_do
from spikesweep.words import duration


def main() -> None:
    """Say how long what is left of a study will take here, and how much it will write."""
    parser = argparse.ArgumentParser(prog="python -m spikesweep.forecast", description=main.__doc__)
    parser.add_argument("overlays", nargs="*", type=Path, help="laid over config/config.yaml")
    parser.add_argument("--cores", default="all", help="to use (%(default)s)")
    chosen = parser.parse_args()
    for overlay in chosen.overlays:
        if not overlay.is_file():
            parser.error(f"{overlay}: there is no such file; give the overlay of a study")
    cores = cores_of_machine() if chosen.cores == "all" else int(chosen.cores)
    jobs = planned_jobs(chosen.overlays, cores)
    forecast = forecast_for(jobs)
    found = estimate(jobs, forecast, cores)
    print(in_words(found))
    if not jobs:
        return
    print(
        f"All jobs one after the other: {duration(found.core_seconds)} of a core. "
        f"With any number of cores, not below {duration(found.longest_chain_s)}."
    )
    print(f"Most time takes: {longest_rules(jobs, forecast)}.")
    if too_little := warning(found, Path.cwd()):
        print(too_little)


def planned_jobs(overlays: list[Path], cores: int, *, all_again: bool = False) -> list[Job]:
    """The jobs of a study in this folder that are not done, or all jobs.

    Ends with Snakemake's message if the config is wrong.
    """
    # As `snakemake -n -q rules progress`, which ends once jobs are planned.
    quiet = {Quietness.RULES, Quietness.PROGRESS}
    logging.disable(logging.WARNING)
    with SnakemakeApi(OutputSettings(dryrun=True, quiet=quiet)) as snakemake:
        try:
            workflow = snakemake.workflow(
                resource_settings=ResourceSettings(cores=cores),
                config_settings=ConfigSettings(configfiles=overlays),
                snakefile=Path("Snakefile"),
            )
            workflow.dag(DAGSettings(forceall=all_again)).execute_workflow(executor="dryrun")
        except Exception as error:
            snakemake.print_exception(error)
            sys.exit(1)
        return jobs_to_do(workflow._workflow.dag)


if __name__ == "__main__":
    main()
