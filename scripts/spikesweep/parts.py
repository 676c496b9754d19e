"""The parts of the study, in the order of the report, with their figures.

A part has one name everywhere: its key in the config, `rules/<key>.smk`, `spikesweep/study/<key>/`,
and, if the section of the report needs more than its figures,
`reports/sections/<key>.html.j2`. From this table follow the files that a run must make, what the
schema of the config allows, the report's navigation, sections and graph, and the categories of
Snakemake's own report. To add a study, add it here.

No heavy imports here: the Snakefile reads this at each start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

# There is one figure for the whole study, or one for each network, or one for each dataset.
Of = Literal["study", "network", "dataset"]
# The palette that a figure takes its colours from, if it has any.
Colours = Literal["ordered", "categories"]


@dataclass(frozen=True)
class Figure:
    """One kind of figure: drawn by `plot_<name>` in the module of that name.

    title: used unless the config gives another one.
    also: values of other sections of the config that it shows, such as `statistics.confidence`.
    printed: it is on paper too; others are details, for which the screen has room.
    """

    name: str
    title: str
    of: Of = "study"
    colours: Colours | None = None
    also: tuple[str, ...] = ()
    printed: bool = True


@dataclass(frozen=True)
class Table:
    """A table, or one of each network and seed, that the report reads and names.

    name: what the report's templates call it.
    path: below the folder of results, with {network} and {seed} if there are several.
    first_seed: there is one for the first seed of each network only.
    by_rows: sections go through its rows; of others, which may be large, they show a summary.
    """

    name: str
    path: str
    first_seed: bool = False
    by_rows: bool = True


@dataclass(frozen=True)
class Part:
    """One part of the study.

    key: its section of the config.
    title: in the report's navigation and as a category of Snakemake's report.
    figures: in the order of the report.
    optional: it runs only if `study.parts` lists it.
    about: its description in the report's graph, if it is one of the studies' boxes there.
    room: the package whose modules draw its figures; without one, `study.<key>`.
    anchor: the id of its section in the report; without one, the key with hyphens.
    question: what its section begins with. A part without a template,
        `reports/sections/<key>.html.j2`, gets a section with this question and all its figures.
    tables: those that the report reads.
    log: the log, or the folder of logs, of its main rule.
    """

    key: str
    title: str
    question: str
    figures: tuple[Figure, ...] = ()
    optional: bool = False
    about: str = ""
    room: str = ""
    anchor: str = ""
    tables: tuple[Table, ...] = ()
    log: str = ""

    @property
    def link(self) -> str:
        """The id of the part's section in the report."""
        return self.anchor or self.key.replace("_", "-")


PARTS = (
    Part(
        "findings",
        "Findings",
        "Which claims of the original study, and which of ours, does this run reproduce?",
        (
            Figure(
                "findings",
                "Claims of the original study and ours, judged by this run",
                colours="categories",
            ),
            Figure("uncertainty", "How sure is this?", colours="categories", printed=False),
        ),
        anchor="claims",
        tables=(
            Table("findings", "findings.csv"),
            Table("uncertainty", "uncertainty.csv"),
        ),
        log="judge_findings.log",
    ),
    Part(
        "datasets",
        "Datasets",
        "Which images were used?",
        (Figure("dataset_examples", "Examples of every class", of="dataset", printed=False),),
        room="plots",
        log="prepare_dataset/",
    ),
    Part(
        "networks",
        "Networks",
        "How accurate are the networks before they spike?",
        (Figure("learning_curves", "How training went", colours="categories"),),
        room="plots",
        tables=(Table("accuracies", "networks/{network}/seed{seed}/accuracy.csv", by_rows=False),),
        log="train_network/",
    ),
    Part(
        "synapse_and_scaling",
        "Synapse and scaling",
        "What do the synapse and the scale of the firing rates do to accuracy and to cost?",
        (
            Figure("sweep_heatmap", "Accuracy over synapse and scale", "network", "ordered"),
            Figure("accuracy_and_cost", "What accuracy costs", "network", "ordered"),
            Figure(
                "accuracy_over_time",
                "Accuracy over time",
                "network",
                "ordered",
                also=("report.accuracy_margin",),
            ),
        ),
        about="accuracy and cost",
        tables=(
            Table("main_numbers", "main_numbers.csv"),
            Table("sweeps", "sweeps/synapse_and_scaling/{network}/seed{seed}.csv"),
            Table(
                "over_time",
                "sweeps/synapse_and_scaling/{network}/seed{seed}_over_time.csv",
                by_rows=False,
            ),
            Table(
                "sweep_layers",
                "sweeps/synapse_and_scaling/{network}/seed{seed}_layers.csv",
                by_rows=False,
            ),
        ),
        log="run_synapse_and_scaling/",
    ),
    Part(
        "settling",
        "Settling",
        "Does a network have a best synapse, or does it depend on how long an image is shown?",
        (
            Figure(
                "best_synapse", "The best synapse against presentation time", colours="categories"
            ),
            Figure("settling", "Accuracy against presentation time", "network", "ordered"),
        ),
        optional=True,
        about="longer presentations",
        tables=(Table("best_synapses", "settling/best_synapse.csv"),),
        log="run_settling/",
    ),
    Part(
        "skip_paths",
        "Skip paths",
        (
            "On a skip path, spikes pass fewer synapses than on the path beside it. Does accuracy "
            "rise or fall because they arrive early?"
        ),
        (Figure("skip_paths", "Early spikes on skip paths", colours="categories"),),
        optional=True,
        about="spikes that arrive early",
        tables=(Table("early_arrivals", "skip_paths/gained.csv"),),
        log="run_skip_paths/",
    ),
    Part(
        "neuron_cost",
        "Neuron cost",
        (
            "How many spikes and how much time do another neuron, another start and another way to "
            "read the answer save, at the same accuracy?"
        ),
        (
            Figure(
                "neuron_cost",
                "What the neuron costs",
                "network",
                "categories",
                also=("report.accuracy_margin",),
            ),
        ),
        optional=True,
        about="neurons and read-outs",
        tables=(
            Table("neuron_costs", "neuron_cost/comparison.csv"),
            Table("standard", "neuron_cost/standard_table.csv"),
        ),
        log="run_neuron_cost/",
    ),
    Part(
        "spikes_or_neuron",
        "Spikes or neuron",
        "Which claims hold of spikes, and which only of one neuron or one way to read the answer?",
        optional=True,
        about="claims with other neurons",
        tables=(Table("claims_by_way", "spikes_or_neuron/claims.csv"),),
        log="run_spikes_or_neuron/",
    ),
    Part(
        "firing_rates",
        "Firing rates",
        "How fast do neurons fire, before and after scaling, and how many are silent?",
        (
            Figure("network_graph", "Layers, rates and scales", "network", "ordered"),
            Figure("firing_rates", "Firing rates of each layer", "network", "ordered"),
            Figure(
                "rate_outcomes",
                "Rates on correct and on wrong images",
                "network",
                "categories",
                printed=False,
            ),
        ),
        about="of every layer",
        tables=(Table("rates", "firing_rates/{network}/seed{seed}.csv"),),
        log="run_firing_rates/",
    ),
    Part(
        "layer_scaling",
        "Layer scaling",
        "Which layers should fire faster, at the same factor and at the same cost?",
        (
            Figure(
                "subset_matrix",
                "What scaling layers and pairs of layers gains",
                "network",
                "ordered",
                also=("statistics.confidence",),
            ),
            Figure(
                "layer_budget", "Where spikes are spent best", "network", "ordered", printed=False
            ),
        ),
        optional=True,
        about="sets of layers alone",
        tables=(Table("early_late", "layer_scaling/{network}/early_late.csv"),),
        log="run_layer_scaling/",
    ),
    Part(
        "rate_transfer",
        "Rate transfer",
        "Does the gain from scaling a layer follow its firing rate, or its depth?",
        (
            Figure(
                "gain_and_rate", "Gain from scaling a layer, against its rate", colours="categories"
            ),
            Figure("rate_transfer", "Rate or depth", "network", "ordered"),
        ),
        optional=True,
        about="rates moved between layers",
        tables=(Table("benefit", "rate_transfer/benefit.csv"),),
        log="run_rate_transfer/",
    ),
    Part(
        "recommendation",
        "Recommendation",
        (
            "Which synapse, scales, presentation time and read-out are the cheapest that keep the "
            "accuracy?"
        ),
        (
            Figure(
                "recommendation",
                "The cheapest accurate setting",
                "network",
                "categories",
            ),
            Figure(
                "baselines",
                "Published scales and ours",
                "network",
                "categories",
            ),
        ),
        optional=True,
        about="searched, then checked",
        tables=(
            Table("recommendations", "recommendations.csv"),
            Table("baselines", "baselines.csv"),
        ),
        log="search_settings/",
    ),
    Part(
        "export",
        "Use elsewhere",
        "How does a network run elsewhere: in other tools, and on a chip?",
        optional=True,
        about="networks for other tools",
        log="run_export/",
    ),
    Part(
        "pruning",
        "Pruning",
        "How many weights can a network lose, and what does that do to its spikes?",
        (
            Figure("pruning_accuracy", "Accuracy against sparsity", colours="categories"),
            Figure("pruning_layers", "Sparsity of each layer", colours="categories", printed=False),
            Figure(
                "pruning_weights",
                "Weights before and after pruning",
                colours="ordered",
                printed=False,
            ),
            Figure("pruning_spikes", "Pruned networks as spiking networks", colours="ordered"),
        ),
        optional=True,
        tables=(
            Table("lost", "pruning/lost.csv"),
            Table("knee", "pruning/knee.csv"),
            Table("pruned_scale", "pruning/scale.csv"),
        ),
        log="prune_network/",
    ),
    Part(
        "preprocessing",
        "Preprocessing",
        "Which techniques help against overfitting, before and after conversion?",
        (
            Figure("preprocessing_examples", "What the network sees", printed=False),
            Figure(
                "preprocessing_gap",
                "Overfitting under each technique",
                colours="categories",
                printed=False,
            ),
            Figure("preprocessing_ranking", "Techniques, ranked", colours="categories"),
        ),
        optional=True,
        tables=(Table("ranking", "preprocessing/ranking.csv"),),
        log="tabulate_preprocessing.log",
    ),
    Part(
        "first_steps",
        "First steps",
        "What is a converted network, from a single neuron on?",
        optional=True,
        about="notebooks",
        log="run_notebook/",
    ),
    Part(
        "engine_agreement",
        "Engine agreement",
        "Does the fast engine compute what NengoDL computes?",
        (
            Figure(
                "engine_agreement",
                "Agreement of the two engines",
                colours="categories",
                printed=False,
            ),
        ),
        about="NengoDL and the fast engine",
        tables=(
            Table(
                "agreement", "agreement/{network}/seed{seed}.csv", first_seed=True, by_rows=False
            ),
        ),
        log="run_engine_agreement/",
    ),
    Part(
        "provenance",
        "Config and versions",
        "Which config, versions and commits made these numbers?",
        tables=(Table("versions", "provenance/versions.csv"),),
        log="record_provenance.log",
    ),
)


def optional_parts() -> list[str]:
    """The parts that `study.parts` may list."""
    return [part.key for part in PARTS if part.optional]


def parts_of(chosen: Iterable[str]) -> list[Part]:
    """The parts of a study: those that always run, and those that are chosen."""
    chosen = set(chosen)
    return [part for part in PARTS if not part.optional or part.key in chosen]


def all_figures() -> Iterator[Figure]:
    """Every kind of figure."""
    for part in PARTS:
        yield from part.figures


def all_tables() -> Iterator[Table]:
    """Every table that the report reads."""
    for part in PARTS:
        yield from part.tables


def figure_named(name: str) -> Figure:
    """The figure of this name."""
    return next(figure for figure in all_figures() if figure.name == name)


def category_of(key: str) -> str:
    """The category of a part in Snakemake's report, which sorts them as text."""
    position = next(number for number, part in enumerate(PARTS, start=1) if part.key == key)
    return f"{position:02} {part_named(key).title}"


def part_named(key: str) -> Part:
    """The part of this key."""
    return next(part for part in PARTS if part.key == key)


def part_of_figure(name: str) -> Part:
    """The part that a figure belongs to."""
    return next(part for part in PARTS if any(figure.name == name for figure in part.figures))


def module_of(name: str) -> str:
    """The module that draws a figure."""
    part = part_of_figure(name)
    return f"spikesweep.{part.room or f'study.{part.key}'}.plot_{name}"
