"""Train a network, from one seed or several, while pruning it."""

from spikesweep.each_seed import each_seed
from spikesweep.job import job

with job() as snakemake:
    from spikesweep.training.pruning.prune_network import prune_network
    from spikesweep.training.run import TrainedFiles

    for one in each_seed(snakemake):
        prune_network(
            dataset=one.inputs["dataset"],
            trained=one.inputs.get("trained"),
            files=TrainedFiles(
                model=one.outputs["model"],
                history=one.outputs["history"],
                accuracy=one.outputs["accuracy"],
                metadata=one.outputs["metadata"],
            ),
            layer_sparsity_path=one.outputs["layer_sparsity"],
            weight_histogram_path=one.outputs["weight_histogram"],
            test_correct_path=one.outputs["test_correct"],
            network=snakemake.wildcards.network,
            seed=one.seed,
            code=snakemake.params.code,
            **snakemake.params.config,
        )
