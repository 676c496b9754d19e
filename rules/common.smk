# The config, checked; who gets which slice of it; which files a stage reads.

import os
import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.basedir) / "scripts"
sys.path.insert(0, str(SCRIPTS))

from spikesweep.config import slices as study_config
from spikesweep.config.check import check_config
from spikesweep.config.variants import base_of, preprocessed_networks, pruned_networks
from spikesweep.code_hash import code_hash
from spikesweep.data.user_files import user_files
from spikesweep.errors import UserError

try:
    check_config(config, Path(workflow.basedir) / "config" / "schema.yaml")
except UserError as error:
    raise WorkflowError(str(error)) from None


RESULTS = config["results"]
# Datasets depend on nothing but their own entry, so all studies share them.
DATA = "results/data"

NETWORKS = config["study"]["networks"]
DATASETS = study_config.datasets_of(config)
PARTS = config["study"]["parts"]
# Variants of networks: networks like any other, beside those that are studied.
PRUNED = list(pruned_networks(config))
PREPROCESSED = list(preprocessed_networks(config))
IMPORTED_NETWORKS = [name for name in NETWORKS if "file" in config["networks"][name]]
TRAINED_NETWORKS = [
    name
    for name in [*config["networks"], *PREPROCESSED]
    if name not in PRUNED and "file" not in config["networks"].get(name, {})
]
NOTEBOOKS = list(config["first_steps"]) if "first_steps" in PARTS else []


def one_of(names):
    """Regular expression for exactly these names; of none, one that never matches."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


wildcard_constraints:
    dataset=one_of(config["datasets"]),
    network=one_of([*config["networks"], *PRUNED, *PREPROCESSED]),
    seed=r"\d+",


# ------------------------------------------------------------------------- what a job is given


def code_of(rule):
    """Changes when the library code that the rule's script uses does."""
    return code_hash(SCRIPTS / f"{rule}.py")


def dataset_slice(dataset):
    return study_config.dataset_slice(config, dataset)


def training_slice(network):
    return study_config.training_slice(config, network)


def conversion_slice():
    return study_config.conversion_slice(config)


def pruning_slice(network):
    return study_config.pruning_slice(config, network)


def pruning_analysis_slice():
    return study_config.pruning_analysis_slice(config)


def preprocessing_slice():
    return study_config.preprocessing_slice(config)


def sweep_slice(network):
    return study_config.sweep_slice(config, network)


def firing_rates_slice(network):
    return study_config.firing_rates_slice(config, network)


def layer_scaling_slice():
    return study_config.layer_scaling_slice(config)


def rate_transfer_slice():
    return study_config.rate_transfer_slice(config)


def rate_benefit_slice():
    return study_config.rate_benefit_slice(config)


def recommendation_slice(network):
    return study_config.recommendation_slice(config, network)


def recommendation_check_slice():
    return study_config.recommendation_check_slice(config)


def findings_slice():
    return study_config.findings_slice(config)


def first_steps_slice(notebook):
    return study_config.first_steps_slice(config, notebook)


def agreement_slice(network):
    return study_config.agreement_slice(config, network)


def figure_slice(figure, of=None):
    return study_config.figure_slice(config, figure, of)


def published_slice():
    return study_config.published_slice(config)


def main_numbers_slice():
    return study_config.main_numbers_slice(config)


def resolved_config():
    return study_config.resolved(config)


def report_slice():
    return study_config.report_slice(config)


# ------------------------------------------------------------------------ what a stage reads


def seeds_of(network):
    return study_config.seeds_of(config, network)


def dataset_files(wildcards):
    return user_files(config["datasets"][wildcards.dataset])


def dataset_name(network):
    return config["networks"][base_of(config, network)]["dataset"]


def dataset_of(wildcards):
    return f"{DATA}/{dataset_name(wildcards.network)}.npz"


def network_file_of(wildcards):
    return config["networks"][wildcards.network]["file"]


def of_seeds(pattern, networks=NETWORKS):
    """The pattern under RESULTS for each network and each of its seeds."""
    return [
        f"{RESULTS}/{pattern.format(network=network, seed=seed)}"
        for network in networks
        for seed in seeds_of(network)
    ]


def of_converted_seeds(pattern, networks):
    """As `of_seeds`, with those seeds only that become spiking networks."""
    return [
        f"{RESULTS}/{pattern.format(network=network, seed=seed)}"
        for network in networks
        for seed in study_config.converted_seeds_of(config, network)
    ]


def of_first_seeds(pattern):
    """As `of_seeds`, with the first seed of each network only."""
    return [of_seeds(pattern, [network])[0] for network in NETWORKS]


def sweep_csvs(wildcards):
    return of_seeds(
        "sweeps/synapse_and_scaling/{network}/seed{seed}.csv", [wildcards.network]
    )


def over_time_csvs(wildcards):
    return of_seeds(
        "sweeps/synapse_and_scaling/{network}/seed{seed}_over_time.csv",
        [wildcards.network],
    )


def rate_csvs(wildcards):
    return of_seeds("firing_rates/{network}/seed{seed}.csv", [wildcards.network])


def rate_histogram_csvs(wildcards):
    return of_seeds(
        "firing_rates/{network}/seed{seed}_histogram.csv", [wildcards.network]
    )


def history_csvs():
    trained = [name for name in NETWORKS if name in TRAINED_NETWORKS]
    return of_seeds("networks/{network}/seed{seed}/history.csv", trained)


def accuracy_csvs():
    return of_seeds("networks/{network}/seed{seed}/accuracy.csv")


def agreement_csvs():
    return of_seeds("agreement/{network}/seed{seed}.csv")


def pruning_start(wildcards):
    """The trained network that is pruned, unless pruning starts from scratch."""
    if config["pruning"]["start"] == "scratch":
        return []
    base = config["pruning"]["network"]
    return [f"{RESULTS}/networks/{base}/seed{wildcards.seed}/model.keras"]


def pruning_knee():
    """Where accuracy begins to fall, if pruning is studied."""
    return [f"{RESULTS}/pruning/knee.csv"] if PRUNED else []


def pruned_scale():
    """The scale that pruned networks need, if pruning is studied."""
    return [f"{RESULTS}/pruning/scale.csv"] if PRUNED else []


def layer_scaling_csvs():
    return of_layer_scaling("layer_scaling/{network}/seed{seed}.csv")


def matched_csvs():
    if "layer_scaling" not in PARTS:
        return []
    return [f"{RESULTS}/layer_scaling/{network}/matched.csv" for network in NETWORKS]


def of_layer_scaling(pattern):
    """As `of_seeds`, of networks whose layers are studied; the Whys and Wheres of scaling."""
    return of_seeds(pattern) if "layer_scaling" in PARTS else []


def rate_benefit():
    """How gain and firing rate are related, if layers are studied."""
    if "layer_scaling" not in PARTS:
        return []
    return [f"{RESULTS}/rate_transfer/benefit.csv"]


def study_network_inputs(wildcards):
    """The network and the dataset that the last notebook looks at; the others need none."""
    if wildcards.notebook != "study_network":
        return {}
    shown = first_steps_slice("study_network")
    folder = f"{RESULTS}/snn/{shown['network']}/seed{shown['seed']}"
    return {
        "network": f"{folder}/network.npz",
        "dataset": f"{DATA}/{dataset_name(shown['network'])}.npz",
    }


def published_sweeps(suffix):
    """Tables of the network that is compared with a published one."""
    pattern = f"sweeps/synapse_and_scaling/{{network}}/seed{{seed}}{suffix}.csv"
    return of_seeds(pattern, [config["published"]["network"]])


def published_comparison():
    """The comparison with a published table, if the config holds one."""
    return [f"{RESULTS}/published_comparison.csv"] if "published" in config else []


def all_sweep_csvs():
    return of_seeds("sweeps/synapse_and_scaling/{network}/seed{seed}.csv")


# ---------------------------------------------------------------------- what the report shows

NETWORK_FIGURES = [
    "sweep_heatmap",
    "accuracy_and_cost",
    "accuracy_over_time",
    "firing_rates",
    "rate_outcomes",
]
LAYER_FIGURES = ["subset_matrix", "layer_budget", "rate_transfer", "recommendation"]
PRUNING_FIGURES = ["accuracy", "layers", "weights", "spikes"]
PREPROCESSING_FIGURES = ["examples", "gap", "ranking"]


def of_networks(figures):
    """A figure of each kind for each network."""
    return [f"{figure}/{network}" for figure in figures for network in NETWORKS]


def figure_files():
    """The vector file of each figure of the study."""
    names = [f"dataset_examples/{dataset}" for dataset in DATASETS]
    if history_csvs():
        names += ["learning_curves"]
    names += of_networks(NETWORK_FIGURES) + ["engine_agreement", "findings"]
    if "layer_scaling" in PARTS:
        names += of_networks(LAYER_FIGURES) + ["gain_and_rate"]
    if PRUNED:
        names += [f"pruning_{figure}" for figure in PRUNING_FIGURES]
    if PREPROCESSED:
        names += [f"preprocessing_{figure}" for figure in PREPROCESSING_FIGURES]
    return [f"{RESULTS}/figures/{name}.svg" for name in names]


def recommendations():
    """The recommended setting of each network in one table, if layers are studied."""
    return [f"{RESULTS}/recommendations.csv"] if "layer_scaling" in PARTS else []


def recommendation_snippets():
    if "layer_scaling" not in PARTS:
        return []
    return [f"{RESULTS}/recommendations/{network}.yaml" for network in NETWORKS]


def preprocessing_ranking():
    return [f"{RESULTS}/preprocessing/ranking.csv"] if PREPROCESSED else []


def notebook_pages():
    return [f"{RESULTS}/first_steps/{notebook}.html" for notebook in NOTEBOOKS]


# Relative, so that a moved checkout does not look changed.
REPORT_TEXTS = os.path.relpath(Path(workflow.basedir) / "reports")


def report_sections():
    folder = Path(workflow.basedir) / "reports" / "sections"
    return [f"{REPORT_TEXTS}/sections/{path.name}" for path in sorted(folder.iterdir())]


def captions():
    names = {
        Path(figure).relative_to(f"{RESULTS}/figures").parts[0]
        for figure in figure_files()
    }
    names |= {Path(table).stem for table in published_comparison()}
    return [f"{REPORT_TEXTS}/captions/{Path(name).stem}.rst" for name in sorted(names)]


def dataset_metadata():
    return [f"{DATA}/{dataset}.metadata.json" for dataset in DATASETS]


def result_metadata():
    """What each job that made a model or numbers wrote beside its results."""
    networks = NETWORKS + PRUNED + PREPROCESSED
    return (
        dataset_metadata()
        + of_seeds("networks/{network}/seed{seed}/metadata.json", networks)
        + of_converted_seeds("snn/{network}/seed{seed}/metadata.json", networks)
        + of_converted_seeds(
            "sweeps/synapse_and_scaling/{network}/seed{seed}.metadata.json", networks
        )
        + of_seeds("firing_rates/{network}/seed{seed}.metadata.json")
        + of_seeds("agreement/{network}/seed{seed}.metadata.json")
        + of_layer_scaling("layer_scaling/{network}/seed{seed}.metadata.json")
        + of_layer_scaling("rate_transfer/{network}/seed{seed}.metadata.json")
        + [csv.replace(".csv", ".metadata.json") for csv in rate_benefit()]
        + [
            snippet.replace(".yaml", f"_{stage}.metadata.json")
            for snippet in recommendation_snippets()
            for stage in ("search", "candidates", "check")
        ]
    )
