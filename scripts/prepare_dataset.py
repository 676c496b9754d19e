"""Fetch, verify and save one dataset."""

from spikesweep.data.prepare import prepare_dataset
from spikesweep.job import job

with job() as snakemake:
    prepare_dataset(
        snakemake.params.config,
        raw_folder=snakemake.params.raw_folder,
        dataset_path=snakemake.output.dataset,
        summary_path=snakemake.output.summary,
        metadata_path=snakemake.output.metadata,
    )
