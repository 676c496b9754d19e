"""Compare the techniques of the preprocessing study."""

import json
from pathlib import Path

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.files import write_csv
    from spikesweep.study.preprocessing.ranking import (
        gap_over_epochs,
        rank_techniques,
        spiking_by_technique,
        training_cost,
    )
    from spikesweep.tables import read_tables

    confidence = snakemake.params.config["confidence"]
    sweeps = read_tables(snakemake.input.sweeps)
    trainings = [json.loads(Path(path).read_text()) for path in snakemake.input.metadata]
    ranking = rank_techniques(read_tables(snakemake.input.accuracy), sweeps, trainings, confidence)
    write_csv(ranking, snakemake.output.ranking)
    write_csv(
        gap_over_epochs(read_tables(snakemake.input.history), confidence), snakemake.output.gap
    )
    write_csv(spiking_by_technique(sweeps, confidence), snakemake.output.spiking)
    write_csv(training_cost(trainings), snakemake.output.cost)
