"""The report: one HTML page with everything in it, made from a template and the tables."""

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from docutils.core import publish_parts
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from spikesweep.errors import UserError
from spikesweep.files import write_text
from spikesweep.parts import parts_of
from spikesweep.report.adapted import adapted_networks
from spikesweep.report.figure_font import figure_css
from spikesweep.report.filters import FILTERS
from spikesweep.report.inline_svg import Styles, inline_svg
from spikesweep.report.rows import grouped, read_rows
from spikesweep.report.small_pictures import with_small_pictures
from spikesweep.snn.energy import CONVENTIONS
from spikesweep.study.findings.finding import NOT_RUN
from spikesweep.study.findings.sentence import sentence
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY
from spikesweep.tables import read_tables
from spikesweep.words import yaml_line


def write_report(
    *, inputs: dict[str, Any], figure_folder: str | Path, report_path: str | Path, config: Any
) -> None:
    """Render the page. It depends only on its inputs: no dates, no other files.

    inputs: paths by kind, lists where there may be several or none:
        template: the page, next to the folder `sections` that it includes
        captions: reST templates, each named after the figure or table that it belongs to
        figures: SVG files; a figure's name is its path under `figure_folder`
        main_numbers, findings, config, versions: one file each
        accuracies, imports, replaced, agreement, published, datasets, recommendations, snippets,
        python_lines, lost, knee, pruned_scale, ranking, neuron_costs, notebooks, exports,
        pruned_exports, export_changes, export_fits: lists; empty for studies that did not run
    config: `title`, `parts`, `network_labels` and `dataset_labels` (in the order of the study),
        `base_labels` of networks that only have variants, `pruned`, `published_source`,
        `bending` (see `snn.neurons`), `confidence` of all intervals except those of single
        accuracies
    """
    captions = {
        Path(path).stem: render_caption(path, config["confidence"]) for path in inputs["captions"]
    }
    styles = Styles()
    figures = _figures(inputs["figures"], Path(figure_folder), captions, styles)
    findings = read_rows([inputs["findings"]])
    said = _verdicts_by_figure(findings, config["network_labels"] | config["base_labels"])
    template = Path(inputs["template"])
    page = (
        _environment(template.parent)
        .get_template(template.name)
        .render(
            **config,
            shown_parts=parts_of(config["parts"]),
            figures=figures,
            figure_styles=figure_css(figures.values(), styles),
            figure=lambda name, folded=False: _figure(
                name, figures[name], captions[_kind(name)], said.get(name, []), folded
            ),
            main_numbers=_by_network(pd.read_csv(inputs["main_numbers"])),
            energy_conventions=CONVENTIONS,
            accuracies=_accuracies(read_tables(inputs["accuracies"])),
            doubts=_doubts(inputs["imports"]),
            adapted=adapted_networks(inputs["imports"], inputs["replaced"]),
            agreement=_agreement(read_tables(inputs["agreement"])),
            published=read_rows(inputs["published"]),
            published_caption=captions.get("published_comparison"),
            findings=grouped(findings, "claim"),
            recommendations=read_rows(inputs["recommendations"]),
            snippets=_texts(inputs["snippets"]),
            python_lines=_texts(inputs["python_lines"]),
            lost=read_rows(inputs["lost"]),
            knee=_curves(read_rows(inputs["knee"])),
            published_sparsity=PUBLISHED_SPARSITY,
            pruned_scale=read_rows(inputs["pruned_scale"]),
            ranking=grouped(read_rows(inputs["ranking"]), "network"),
            neuron_costs=grouped(read_rows(inputs["neuron_costs"]), "network"),
            exports=[_json(path) for path in inputs["exports"]],
            pruned_exports=[
                name for path in inputs["pruned_exports"] for name in _json(path)["networks"]
            ],
            export_changes=read_rows(inputs["export_changes"]),
            export_fits=read_rows(inputs["export_fits"]),
            notebooks={
                name: with_small_pictures(page)
                for name, page in _texts(inputs["notebooks"]).items()
            },
            datasets=_datasets(inputs["datasets"]),
            resolved_config=Path(inputs["config"]).read_text(encoding="utf-8"),
            versions=pd.read_csv(inputs["versions"]).to_dict("records"),
        )
    )
    write_text(page, report_path)


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


def _verdicts_by_figure(
    findings: Iterable[dict[str, Any]], labels: dict[str, str]
) -> dict[str, list[str]]:
    """A sentence for each verdict that a figure shows, by the figure's name."""
    said: dict[str, list[str]] = {}
    for row in findings:
        if row["verdict"] != NOT_RUN and row["figure"]:
            label = labels.get(row["network"], "") if row["network"] else ""
            said.setdefault(row["figure"], []).append(sentence(row, label))
    return said


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


def _figure(name: str, picture: Markup, caption: Markup, said: list[str], folded: bool) -> Markup:
    """One figure with its caption, under an id that links can name.

    said: the verdicts that it shows, written below the caption.
    folded: hide all but the first paragraph of a caption that the reader has seen before.
    """
    shown = caption
    if folded:
        first, end, rest = caption.partition("</p>")
        details = Markup("<details><summary>How to read this figure</summary>{}</details>")
        shown = first + Markup(end) + details.format(Markup(rest))
    verdicts = Markup("").join(Markup("<p><strong>{}</strong></p>").format(text) for text in said)
    return Markup('<figure id="{}">{}<figcaption>{}{}</figcaption></figure>').format(
        name.replace("/", "-"), picture, shown, verdicts
    )


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


def _by_network(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["network"]: row for row in table.to_dict("records")}


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
        max_mean_rate_difference=("max_mean_rate_difference", "max"),
        within_budget=("within_budget", "all"),
    )
    return worst.to_dict("index")


def _doubts(metadata_paths: Iterable[str | Path]) -> list[dict[str, Any]]:
    """Network, seed and doubt for each reason to doubt the numbers of an imported network."""
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


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= FILTERS | {"page_title": _page_title, "yaml_line": yaml_line}
    return environment


def _page_title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    # nbconvert gives each page one.
    assert found is not None
    return html.unescape(found[1])
