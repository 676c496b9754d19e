"""Convert a network, trained from one seed or several, into SpikingNetwork files."""

import json
from pathlib import Path

from spikesweep.each_seed import each_seed
from spikesweep.job import job

with job() as snakemake:
    from spikesweep.conversion.convert_network import convert_network

    for one in each_seed(snakemake):
        trained = json.loads(Path(one.inputs["trained"]).read_text())
        convert_network(
            model_path=one.inputs["model"],
            dataset_path=one.inputs["dataset"],
            input_scale=trained["input_scale"],
            input_offset=trained["input_offset"],
            network_path=one.outputs["network"],
            ann_classes_path=one.outputs["ann_classes"],
            layers_path=one.outputs["layers"],
            costs_path=one.outputs["costs"],
            metadata_path=one.outputs["metadata"],
            name=snakemake.wildcards.network,
            seed=one.seed,
            config=snakemake.params.config,
        )
