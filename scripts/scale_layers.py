"""Scale subsets of the layers of one spiking network."""

from typing import TYPE_CHECKING

from spikesweep.job import job

if TYPE_CHECKING:
    from snakemake.script import snakemake

with job(snakemake):
    from spikesweep.study.layer_scaling.run import layer_scaling

    inputs = dict(snakemake.input.items())
    layer_scaling(
        layer_tables=inputs.pop("layers"),
        inputs=inputs,
        scaling_path=snakemake.output.scaling,
        layers_path=snakemake.output.layers,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
        threads=snakemake.threads,
        mem_mb=snakemake.resources.mem_mb,
    )
