"""Convert a trained network into a SpikingNetwork file."""

import json
from pathlib import Path

from spikesweep.job import job

with job() as snakemake:
    from spikesweep.conversion.convert_network import convert_network

    trained = json.loads(Path(snakemake.input.trained).read_text())
    convert_network(
        model_path=snakemake.input.model,
        dataset_path=snakemake.input.dataset,
        input_scale=trained["input_scale"],
        input_offset=trained["input_offset"],
        network_path=snakemake.output.network,
        ann_classes_path=snakemake.output.ann_classes,
        layers_path=snakemake.output.layers,
        costs_path=snakemake.output.costs,
        metadata_path=snakemake.output.metadata,
        name=snakemake.wildcards.network,
        seed=int(snakemake.wildcards.seed),
        config=snakemake.params.config,
    )
