"""Train one network from one seed while pruning it."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.pruning.prune_network import prune_network

    prune_network(
        dataset=snakemake.input.dataset,
        trained=next(iter(snakemake.input.trained), None),
        model_path=snakemake.output.model,
        history_path=snakemake.output.history,
        accuracy_path=snakemake.output.accuracy,
        layer_sparsity_path=snakemake.output.layer_sparsity,
        weight_histogram_path=snakemake.output.weight_histogram,
        metadata_path=snakemake.output.metadata,
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        **snakemake.params.config,
    )
