"""The report: one HTML page with everything in it, made from a template and the tables."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from spikesweep.errors import UserError
from spikesweep.files import write_text
from spikesweep.parts import Part, all_tables, figure_named, parts_of
from spikesweep.report.adapted import adapted_networks
from spikesweep.report.charts import packed_charts
from spikesweep.report.claims import claims_by_figure
from spikesweep.report.conclusions import largest_scale
from spikesweep.report.environment import page_environment
from spikesweep.report.fewest import fewest_against, fewest_briefly, fewest_found
from spikesweep.report.figure_font import figure_css
from spikesweep.report.how_sure import how_sure
from spikesweep.report.inline_svg import Styles, inline_svg
from spikesweep.report.key_numbers import key_numbers, recommended_rows
from spikesweep.report.links import LINKS, relative
from spikesweep.report.paper import left_out
from spikesweep.report.rows import Row, averaged, grouped, read_rows
from spikesweep.report.shortfall import shortfalls
from spikesweep.report.small_pictures import with_small_pictures
from spikesweep.report.summary import summary
from spikesweep.report.version import VERSION
from spikesweep.snn.energy import CONVENTIONS
from spikesweep.study.findings.numbered import claim_numbers
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY
from spikesweep.tables import read_tables

_SETTING = ("network", "synapse_s", "scale_firing_rates")
# Tables of what else was tried, see `shortfalls`.
_TRIED = ("settling", "neurons")


def write_report(
    *,
    inputs: dict[str, Any],
    figure_folder: str | Path,
    report_path: str | Path,
    summary_path: str | Path | None = None,
    config: Any,
) -> None:
    """Render the page, and three lines of text. Both depend only on the inputs: no dates.

    inputs: paths by kind, lists where there may be several or none:
        template: the page, next to the folders `sections` and `page` that it includes
        captions: reST templates, each named after the figure or table that it belongs to
        figures: SVG files; a figure's name is its path under `figure_folder`
        config: the resolved config
        charts: the script that draws charts, or nothing
        settling, neurons, imports, replaced, published, datasets, snippets, python_lines,
        notebooks, exports, pruned_exports, export_changes, export_fits, replays: lists
        the tables of `spikesweep.parts`, by their names: lists, empty for studies that did not run
    config: see `slices.report_slice`; its `study` is what `which_study` says
    """
    template = Path(inputs["template"])
    tables = _tables(inputs)
    # The report lies in it, wherever it is written first.
    folder = Path(figure_folder).parent
    environment = page_environment(template.parent)
    page = environment.get_template(template.name).render(
        **config,
        **_shown(inputs, Path(figure_folder), config),
        **_studied(inputs, config),
        **_exported(inputs),
        **tables,
        charts=packed_charts(inputs["charts"], inputs, config["network_labels"]),
        shown_parts=_order(config),
        files={
            table.name: [relative(path, folder) for path in inputs[table.name]]
            for table in all_tables()
        },
        checkout=relative(Path(), folder),
        # Datasets are shared by all studies.
        shared="" if config["results"] == "results" else f"{relative('results', folder)}/",
        **LINKS,
    )
    write_text(page, report_path)
    if summary_path is not None:
        rows = read_rows(inputs["findings"])
        write_text(summary(tables["key_numbers"], rows, config["network_labels"]), summary_path)


def _order(config: dict[str, Any]) -> list[Part]:
    """The sections; a study of users' files alone begins with what to do with them."""
    parts = parts_of(config["parts"])
    if not config["only_files"]:
        return parts
    first, last = ["recommendation"], ["findings"]
    return sorted(parts, key=lambda part: (part.key in last) - (part.key in first))


def _shown(inputs: dict[str, Any], folder: Path, config: dict[str, Any]) -> dict[str, Any]:
    """Figures, captions and notebooks."""
    captions = {
        Path(path).stem: render_caption(path, config["confidence"]) for path in inputs["captions"]
    }
    styles = Styles()
    figures = _figures(inputs["figures"], folder, captions, styles)
    said = claims_by_figure(
        read_rows(inputs["findings"]), config["network_labels"] | config["base_labels"]
    )
    return {
        "figures": figures,
        "figure_styles": figure_css(figures.values(), styles),
        "figure": lambda name, folded=False: _figure(
            name, figures[name], captions[_kind(name)], said.get(name, []), folded
        ),
        "left_out": lambda part: left_out(part, figures, config["network_labels"]),
        "published_caption": captions.get("published_comparison"),
        "notebooks": {
            name: with_small_pictures(page) for name, page in _texts(inputs["notebooks"]).items()
        },
    }


def _studied(inputs: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    """What was studied, by whom, and what is doubtful about it."""
    return {
        "version": VERSION,
        "datasets": _datasets(inputs["datasets"]),
        "doubts": [
            *_doubts(inputs["imports"]),
            # Of all seeds, as it is of the layers.
            *(doubt | {"seed": None} for doubt in _doubts(inputs["conversions"])),
        ],
        "adapted": adapted_networks(inputs["imports"], inputs["replaced"]),
        "snippets": _texts(inputs["snippets"]),
        "python_lines": _texts(inputs["python_lines"]),
        "resolved_config": Path(inputs["config"]).read_text(encoding="utf-8"),
    }


def _exported(inputs: dict[str, Any]) -> dict[str, Any]:
    """What was written for other tools."""
    return {
        "exports": [_json(path) for path in inputs["exports"]],
        "pruned_exports": [
            name for path in inputs["pruned_exports"] for name in _json(path)["networks"]
        ],
        "export_changes": read_rows(inputs["export_changes"]),
        "export_fits": read_rows(inputs["export_fits"]),
        "replays": read_rows(inputs["replays"]),
    }


def _tables(inputs: dict[str, Any]) -> dict[str, Any]:
    """The tables, in the form in which the sections go through them."""
    rows = {table.name: read_rows(inputs[table.name]) for table in all_tables() if table.by_rows}
    rows["recommendations"] = recommended_rows(rows["recommendations"], rows["main_numbers"])
    neuron_costs = grouped(rows["neuron_costs"], "network")
    return {
        **rows,
        "published": read_rows(inputs["published"]),
        "commits": [row for row in rows["versions"] if row["component"] == "git commit"],
        "key_numbers": key_numbers(rows["main_numbers"], rows["recommendations"], rows["sweeps"]),
        "margins": _margins(rows),
        "shortfalls": shortfalls(
            rows["main_numbers"],
            read_tables(inputs["over_time"]),
            *_tried(inputs),
            {
                row["network"]: largest_scale(row["scale_firing_rates"])
                for row in rows["recommendations"]
            },
        ),
        # Longest synapse of the study of settling, by network.
        "longest_tried": _longest_synapses(inputs["settling"]),
        "mean_sweeps": averaged(
            rows["sweeps"], [*_SETTING], ["accuracy", "synops_per_image", "spikes_per_image"]
        ),
        "mean_rates": averaged(
            _of_one_scale(rows["rates"]), [*_SETTING, "layer"], ["mean_rate_hz", "silent_share"]
        ),
        "claim_numbers": claim_numbers(row["claim"] for row in rows["findings"]),
        "findings": grouped(rows["findings"], "claim"),
        "main_numbers": {row["network"]: row for row in rows["main_numbers"]},
        "accuracies": _accuracies(read_tables(inputs["accuracies"])),
        "agreement": _agreement(read_tables(inputs["agreement"])),
        "knee": _curves(rows["knee"]),
        "ranking": grouped(rows["ranking"], "network"),
        "baselines": grouped(rows["baselines"], "network"),
        "standard": grouped(rows["standard"], "network"),
        "neuron_costs": neuron_costs,
        "fewest": {network: fewest_found(found) for network, found in neuron_costs.items()},
        "fewest_briefly": {name: fewest_briefly(found) for name, found in neuron_costs.items()},
        "fewest_against": fewest_against(neuron_costs),
        "how_sure": how_sure(rows["uncertainty"]),
        "energy_conventions": CONVENTIONS,
        "published_sparsity": PUBLISHED_SPARSITY,
    }


def _of_one_scale(rates: Iterable[Row]) -> Iterator[Row]:
    """The rows at settings that have one scale for all layers, as a number."""
    for row in rates:
        try:
            yield row | {"scale_firing_rates": float(row["scale_firing_rates"])}
        except ValueError:
            # Scales by layer are a text, and one of them makes all scales of a table texts.
            continue


def _margins(rows: dict[str, list[Row]]) -> dict[str, float | None]:
    """The loss that is allowed, by network: that of the recommendation if there is one."""
    allowed = {row["network"]: row["accuracy_margin"] for row in rows["main_numbers"]}
    return allowed | {row["network"]: row["accepted_loss"] for row in rows["recommendations"]}


def _tried(inputs: dict[str, Any]) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """The tables of settling and of neurons; None for a study that did not run."""
    settling, neurons = (read_tables(inputs[key]) if inputs[key] else None for key in _TRIED)
    return settling, neurons


def _longest_synapses(paths: Iterable[str | Path]) -> dict[str, float]:
    """In seconds, by network."""
    longest: dict[str, float] = {}
    for row in read_rows(paths):
        longest[row["network"]] = max(longest.get(row["network"], 0), row["synapse_s"] or 0)
    return longest


def render_caption(path: str | Path, confidence: float) -> Markup:
    """Turn a caption, a Jinja template of reST, into HTML.

    Snakemake renders the same captions for its own report and offers them its job as `snakemake`.
    Of that they may use only what both reports know: the config's `statistics.confidence`.

    Raises UserError if the caption uses anything else or is not valid reST.
    """
    # As in Snakemake's report, lines that hold only a statement leave no empty line behind.
    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    snakemake = {"config": {"statistics": {"confidence": confidence}}}
    settings = {"halt_level": 2, "report_level": 5, "raw_enabled": False}
    try:
        template = environment.from_string(Path(path).read_text(encoding="utf-8"))
        text = template.render(snakemake=snakemake)
        return Markup(publish_parts(text, writer="html5", settings_overrides=settings)["body"])
    except Exception as error:
        raise UserError(
            f"{path}: this caption is not a valid Jinja template of valid reST: {error}"
        ) from error


def _kind(name: str) -> str:
    return name.split("/")[0]


def _figures(
    paths: Iterable[str | Path], folder: Path, captions: dict[str, Markup], styles: Styles
) -> dict[str, Markup]:
    """Each figure as an element of the page, by its name."""
    figures = {}
    for number, path in enumerate(map(Path, paths)):
        name = path.relative_to(folder).with_suffix("").as_posix()
        figures[name] = inline_svg(
            path.read_bytes(),
            prefix=f"f{number}",
            description=_description(captions[_kind(name)]),
            styles=styles,
        )
    return figures


def _description(caption: Markup) -> str:
    """What a figure shows, for readers who do not see it: its caption's first sentence."""
    return " ".join(caption.striptags().split(". ")[0].split())


def _figure(
    name: str, picture: Markup, caption: Markup, said: list[Markup], folded: bool
) -> Markup:
    """One figure with its caption, under an id that links can name.

    said: the verdicts that it shows, written above the caption.
    folded: hide all but the first paragraph of a caption that the reader has seen before.
    """
    shown = caption
    if folded:
        first, end, rest = caption.partition("</p>")
        details = Markup("<details><summary>How to read this figure</summary>{}</details>")
        shown = first + Markup(end) + details.format(Markup(rest))
    look = "" if figure_named(_kind(name)).printed else " class=on-screen"
    verdicts = Markup("").join(Markup("<p>{}</p>").format(text) for text in said)
    return Markup(
        '<figure id="{}"{}><div class="scroll">{}</div><figcaption>{}{}</figcaption></figure>'
    ).format(name.replace("/", "-"), look, picture, verdicts, shown)


def _texts(paths: Iterable[str | Path]) -> dict[str, str]:
    """The contents of text files, by file name."""
    return {Path(path).stem: Path(path).read_text(encoding="utf-8") for path in paths}


def _curves(
    rows: Iterable[dict[str, Any]],
) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """The knees of each network, method and split, by margin."""
    curves: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        curves.setdefault((row["network"], row["method"], row["split"]), []).append(row)
    return curves


def _accuracies(table: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Accuracy by network and split: mean, lowest and highest over seeds, number of images."""
    groups = table.groupby(["network", "split"])
    facts = groups["accuracy"].agg(["mean", "min", "max"]).join(groups["images"].first())
    accuracies: dict[str, dict[str, dict[str, float]]] = {}
    for (network, split), row in facts.iterrows():
        accuracies.setdefault(network, {})[split] = row.to_dict()
    return accuracies


def _agreement(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The worst agreement of each network, over seeds and settings."""
    worst = table.groupby("network").agg(
        comparisons=("seed", "size"),
        images=("images", "first"),
        class_agreement=("class_agreement", "min"),
        spike_count_differences=("spike_count_differences", "max"),
        first_differences=("first_differences", "max"),
        max_mean_rate_difference=("max_mean_rate_difference", "max"),
        within_budget=("within_budget", "all"),
    )
    return worst.to_dict("index")


def _doubts(metadata_paths: Iterable[str | Path]) -> list[dict[str, Any]]:
    """Network, seed and doubt for each reason to doubt the numbers of a network."""
    imported = [_json(path) for path in metadata_paths]
    return [
        {"network": facts["network"], "seed": facts["seed"], "doubt": doubt}
        for facts in imported
        for doubt in facts["doubts"]
    ]


def _datasets(metadata_paths: Iterable[str | Path]) -> dict[str, dict[str, Any]]:
    datasets = {}
    for path in metadata_paths:
        name = Path(path).name.removesuffix(".metadata.json")
        datasets[name] = _json(path)
    return datasets


def _json(path: str | Path) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))
