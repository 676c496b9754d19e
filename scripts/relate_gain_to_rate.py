"""Test whether scaling helps most in layers that fire slowly."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.rate_transfer.benefit import relate_gain_to_rate

    relate_gain_to_rate(
        transfer_paths=snakemake.input.transfer,
        benefit_path=snakemake.output.benefit,
        metadata_path=snakemake.output.metadata,
        config=snakemake.params.config,
    )
