"""Train one network from one seed while pruning it."""

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.pruning.prune_network import prune_network
    from spikesweep.training.run import TrainedFiles

    prune_network(
        dataset=snakemake.input.dataset,
        trained=next(iter(snakemake.input.trained), None),
        files=TrainedFiles(
            model=snakemake.output.model,
            history=snakemake.output.history,
            accuracy=snakemake.output.accuracy,
            metadata=snakemake.output.metadata,
        ),
        layer_sparsity_path=snakemake.output.layer_sparsity,
        weight_histogram_path=snakemake.output.weight_histogram,
        test_correct_path=snakemake.output.test_correct,
        network=snakemake.wildcards.network,
        seed=snakemake.params.seed,
        **snakemake.params.config,
    )
