"""Tabulate what pruning costs, where accuracy begins to fall, and what it means for spikes."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.study.pruning.tables import tabulate_pruning

    tabulate_pruning(
        accuracy_paths=snakemake.input.accuracy,
        layer_sparsity_paths=snakemake.input.layer_sparsity,
        sweep_paths=snakemake.input.sweeps,
        accuracy_path=snakemake.output.accuracy,
        knee_path=snakemake.output.knee,
        spiking_path=snakemake.output.spiking,
        scale_path=snakemake.output.scale,
        **snakemake.params.config,
    )
