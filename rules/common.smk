# What the rules share: the checked config, the names in it, files by pattern, figures.

import os
import re

from spikesweep import parts
from spikesweep.benchmarks.memory import told_excess
from spikesweep.code_hash import code_hash
from spikesweep.config import slices
from spikesweep.config.check import check_config
from spikesweep.config.files_alone import leave_out_trainings
from spikesweep.config.once import check_keys_once
from spikesweep.config.variants import base_of, preprocessed_networks, pruned_networks
from spikesweep.config.which_study import which_study
from spikesweep.failures import told_failures
from spikesweep.forecast.run import FollowedRun
from spikesweep.lock import record_machine
from spikesweep.own_library import use_own_library
from spikesweep.report.closing import closing_words

use_own_library()

# Before anything is left out of it.
STUDY = which_study(config, Path(workflow.basedir) / "config")
# Its start and its end are told in the Snakefile.
RUN = FollowedRun()

LEFT_OUT = leave_out_trainings(config)
if LEFT_OUT and workflow.is_main_process:
    # Standard output belongs to `--dag` and its like.
    print(
        f"All networks are files, so {' and '.join(LEFT_OUT)} are left out, which train other "
        "networks; to run them, study one that is trained here, too.",
        file=sys.stderr,
    )

try:
    check_keys_once(workflow.configfiles)
    check_config(config, Path(workflow.basedir) / "config" / "schema.yaml")
except UserError as error:
    raise WorkflowError(str(error)) from None


RESULTS = config["results"]
# Datasets depend on nothing but their own entry, so all studies share them.
DATA = "results/data"
# Relative, so that a moved checkout does not look changed.
REPORT_TEXTS = os.path.relpath(Path(workflow.basedir) / "reports")

# Those with skip paths: without any, there is nothing to relay.
RESIDUAL = slices.residual_networks(config)
if not RESIDUAL:
    config["study"]["parts"] = [
        part for part in config["study"]["parts"] if part != "skip_paths"
    ]

PARTS = [part.key for part in parts.parts_of(config["study"]["parts"])]
NETWORKS = config["study"]["networks"]
DATASETS = slices.datasets_of(config)
# Variants of networks: they are networks like any other, in addition to those that are studied.
PRUNED = list(pruned_networks(config))
PREPROCESSED = list(preprocessed_networks(config))


def one_of(names):
    """Regular expression for exactly these names; of none, one that never matches."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


wildcard_constraints:
    dataset=one_of(config["datasets"]),
    network=one_of([*config["networks"], *PRUNED, *PREPROCESSED]),
    seed=r"\d+",


def code_of(script, *modules):
    """Changes when the library code that a script uses does; `modules`: what it loads by name."""
    return code_hash(SCRIPTS / f"{script}.py", *modules)


# ------------------------------------------------------------------------- files by pattern


def of_seeds(pattern, networks=NETWORKS):
    """The pattern under RESULTS for each network and each of its seeds."""
    return [
        f"{RESULTS}/{pattern.format(network=network, seed=seed)}"
        for network in networks
        for seed in slices.seeds_of(config, network)
    ]


def of_converted_seeds(pattern, networks):
    """As `of_seeds`, with only those seeds that become spiking networks."""
    return [
        f"{RESULTS}/{pattern.format(network=network, seed=seed)}"
        for network in networks
        for seed in slices.converted_seeds_of(config, network)
    ]


def of_first_seeds(pattern):
    """As `of_seeds`, with the first seed of each network only."""
    return [of_seeds(pattern, [network])[0] for network in NETWORKS]


def seeds_of_network(pattern):
    """An input function: the pattern for each seed of the network in the wildcards."""
    return lambda wildcards: of_seeds(pattern, [wildcards.network])


def of_part(part, files):
    """These files if the part is part of this study, else none."""
    return files if part in PARTS else []


def table_files(table):
    """The files of a table that the report reads: one, one per network, or one per seed."""
    if "{seed}" in table.path:
        return of_first_seeds(table.path) if table.first_seed else of_seeds(table.path)
    return expand(f"{RESULTS}/{table.path}", network=NETWORKS)


def dataset_file(network):
    """The prepared dataset of a network."""
    name = config["networks"][base_of(config, network)]["dataset"]
    return f"{DATA}/{name}.npz"


def dataset_of(wildcards):
    """An input function: the dataset of the network in the wildcards."""
    return dataset_file(wildcards.network)


def the_seed(wildcards):
    """The only seed of a job that has one in its wildcards."""
    return [int(wildcards.seed)]


def of_each_seed(patterns, seeds):
    """Patterns by name, each as the list of those for these seeds: one job makes them all."""
    return {
        name: expand(pattern, seed=seeds, allow_missing=True)
        for name, pattern in patterns.items()
    }


# ----------------------------------------------------------------------------------- figures


def figure_path(name):
    """Path of a figure without its suffix; with {network} or {dataset} if each has its own."""
    of = parts.figure_named(name).of
    return name if of == "study" else f"{name}/{{{of}}}"


def figures_as(suffix):
    """Files of all figures of the study in one format."""
    return [
        file
        for name in FIGURES
        for file in expand(
            f"{RESULTS}/figures/{figure_path(name)}.{suffix}",
            network=NETWORKS,
            dataset=DATASETS,
        )
    ]


def figure_files(name):
    """The outputs of a rule that draws a figure."""
    path = figure_path(name)
    wildcards = re.findall(r"{(\w+)}", path)
    return {
        "svg": report(
            f"{RESULTS}/figures/{path}.svg",
            caption=f"../reports/captions/{name}.rst",
            category=parts.category_of(parts.part_of_figure(name).key),
            labels={of: f"{{{of}}}" for of in wildcards}
            | {"figure": name.replace("_", " ")},
        ),
        **{
            suffix: f"{RESULTS}/figures/{path}.{suffix}"
            for suffix in config["figures"]["formats"]
            if suffix != "svg"
        },
    }


def figure_log(name):
    """The log of a rule that draws a figure."""
    return f"{RESULTS}/logs/plot_{figure_path(name)}.log"


def figure_params(name):
    """What a rule that draws a figure gives its script, the look of the figure first."""
    of = parts.figure_named(name).of
    drawn_by = parts.module_of(name)
    return {
        "config": (
            slices.figure_slice(config, name)
            if of == "study"
            else lambda wildcards: slices.figure_slice(
                config, name, getattr(wildcards, of)
            )
        ),
        "module": drawn_by,
        "pdf_titles": config["figures"]["pdf_titles"],
        "code": code_of("plot_figure", drawn_by),
    }


# ----------------------------------------------------------------------------------- studies


# What every simulation reads, besides the dataset.
SIMULATED = {
    "network": f"{RESULTS}/snn/{{network}}/seed{{seed}}/network.npz",
    "ann_classes": f"{RESULTS}/snn/{{network}}/seed{{seed}}/ann_classes.npy",
}
SPIKING_NETWORK = {"dataset": dataset_of} | SIMULATED


def study_params(key, config_slice):
    """What a rule that simulates a study gives its script, which runs `study/<key>/run.py`."""
    run_by = f"spikesweep.study.{key}.run"
    return {
        "config": config_slice,
        "module": run_by,
        "code": code_of("run_study", run_by),
        "seeds": the_seed,
    }


# ------------------------------------------------------------------------ tables from tables


def table_params(module, config_slice):
    """What a rule that makes tables from tables gives its script, which runs `study/<module>`."""
    made_by = f"spikesweep.study.{module}"
    return {
        "config": config_slice,
        "module": made_by,
        "code": code_of("make_tables", made_by),
    }
