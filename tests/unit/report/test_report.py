"""The report's numbers, its provenance, and the page itself."""

import base64
import html.parser
import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest
import synthetic_tables
from markupsafe import Markup

from spikesweep.errors import UserError
from spikesweep.files import write_csv
from spikesweep.report.main_numbers import main_numbers
from spikesweep.report.page import _si, render_caption, write_report
from spikesweep.report.provenance import record_provenance, versions_used

ROOT = Path(__file__).resolve().parents[3]
SVG = b'<?xml version="1.0"?>\n<svg height="100pt" version="1.1" width="300pt" xmlns="x"></svg>'
NETWORKS = {"net": "A network", "other": "Another <network>"}
KINDS = ("sweep_heatmap", "accuracy_and_cost", "accuracy_over_time", "firing_rates")
FIGURES = (
    "dataset_examples/digits",
    "learning_curves",
    *(f"{kind}/{network}" for kind in KINDS for network in NETWORKS),
    "engine_agreement",
)


def test_main_numbers_name_the_best_and_the_cheapest_good_setting():
    sweeps = synthetic_tables.sweeps(synapses_s=(math.nan, 0.01), scales=(1, 2), seeds=(0, 1))
    sweeps["ann_accuracy"] = 0.9
    none = sweeps["synapse_s"].isna()
    sweeps["accuracy"] = 0.5
    sweeps.loc[~none & (sweeps["scale_firing_rates"] == 2), "accuracy"] = 0.95
    sweeps.loc[none & (sweeps["scale_firing_rates"] == 1), "accuracy"] = 0.895
    row = main_numbers(sweeps, accuracy_margin=0.01).iloc[0]
    assert (row["seeds"], row["images"]) == (2, synthetic_tables.IMAGES)
    assert (row["best_synapse_s"], row["best_scale_firing_rates"]) == (0.01, 2)
    assert math.isnan(row["cheapest_synapse_s"])
    assert row["cheapest_scale_firing_rates"] == 1
    assert row["cheapest_found"]


def test_main_numbers_say_if_no_setting_is_good_enough(tmp_path):
    numbers = main_numbers(synthetic_tables.sweeps(scales=(1,)), accuracy_margin=0.01)
    write_csv(numbers, tmp_path / "numbers.csv")
    read = pd.read_csv(tmp_path / "numbers.csv").iloc[0]
    assert not read["cheapest_found"]
    assert math.isnan(read["cheapest_accuracy"])


def test_versions_count_results_and_show_two_versions_side_by_side():
    facts = {"git_commit": "abc", "python": "3.11.2", "versions": {"nengo": "4.1.0"}}
    newer = {**facts, "versions": {"nengo": "4.2.0"}}
    table = versions_used([facts, facts, newer])
    assert table.to_numpy().tolist() == [
        ["git commit", "abc", 3],
        ["nengo", "4.1.0", 2],
        ["nengo", "4.2.0", 1],
        ["Python", "3.11.2", 3],
    ]


@pytest.mark.parametrize("caption", sorted((ROOT / "reports" / "captions").glob("*.rst")), ids=str)
def test_captions_are_sound(caption):
    text = render_caption(caption).striptags()
    assert len(text) > 50
    assert "{{" not in text


def test_every_figure_has_a_caption_that_names_its_table():
    for name in {name.split("/")[0] for name in FIGURES}:
        caption = render_caption(ROOT / "reports" / "captions" / f"{name}.rst").striptags()
        assert re.search(r"Drawn from \S+\.(csv|npz)", caption), name


def test_a_broken_caption_is_named(tmp_path):
    (tmp_path / "bad.rst").write_text("An *unfinished emphasis.\n")
    with pytest.raises(UserError, match=r"bad\.rst"):
        render_caption(tmp_path / "bad.rst")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0.00"), (7, "7.00"), (134794, "135 k"), (9.5e6, "9.50 M"), (999.9, "1.00 k")],
)
def test_numbers_have_three_digits_and_a_prefix(number, text):
    assert _si(number).replace("\u2009", " ") == text


def test_page_shows_every_figure_and_needs_no_other_file(tmp_path):
    page = write_page(tmp_path)
    parsed = Page(page)
    assert {name.replace("/", "-") for name in FIGURES} <= parsed.ids
    pictures = [base64.b64decode(address.split(",")[1]) for address in parsed.sources]
    assert set(pictures) == {SVG}
    assert len(pictures) == len(FIGURES) + 1
    assert all(address.startswith("data:image/svg+xml;base64,") for address in parsed.sources)
    assert {link[1:] for link in parsed.links} <= parsed.ids
    assert all(link.startswith("#") for link in parsed.links)
    assert "http" not in re.sub(r"data:\S+", "", page)


def test_page_shows_the_numbers_the_config_and_the_versions(tmp_path):
    page = write_page(tmp_path)
    numbers = pd.read_csv(tmp_path / "numbers.csv").set_index("network")
    for network in NETWORKS:
        assert f"{100 * numbers.loc[network, 'best_accuracy']:.1f}\u2009%" in page
    assert "Another &lt;network&gt;" in page
    assert "steps: 30" in page
    assert "nengo" in page
    assert "60\u202f000" in page


def test_same_inputs_give_the_same_page(tmp_path):
    assert write_page(tmp_path) == write_page(tmp_path)


def test_page_has_no_learning_curves_if_nothing_was_trained(tmp_path):
    figures = [name for name in FIGURES if name != "learning_curves"]
    assert "learning_curves" not in Page(write_page(tmp_path, figures)).ids


def test_repeated_captions_keep_their_first_paragraph_in_sight(tmp_path):
    page = write_page(tmp_path)
    _, second = page.split('<figure id="sweep_heatmap-other">')
    caption = second.partition("<figcaption>")[2].partition("</figcaption>")[0]
    seen, folded = caption.split("<details>")
    whole = render_caption(ROOT / "reports" / "captions" / "sweep_heatmap.rst")
    assert Markup(seen).striptags() == Markup(whole.split("</p>")[0]).striptags()
    assert "Drawn from" in Markup(folded).striptags()


def test_page_says_which_network_was_not_compared(tmp_path):
    assert "nothing to compare" not in write_page(tmp_path)
    assert "nothing to compare" in write_page(tmp_path, compared=("net",))
    assert write_page(tmp_path, compared=()).count("nothing to compare") == 2


def test_graph_shows_every_stage_of_the_workflow():
    template = (ROOT / "reports" / "report.html.j2").read_text()
    shown = {
        stage for names in re.findall(r'data-stage="([^"]*)"', template) for stage in names.split()
    }
    assert shown == {path.stem for path in (ROOT / "rules").glob("*.smk")} - {"common"}


def write_page(folder, figures=FIGURES, compared=tuple(NETWORKS), published=()):
    """The page of a study of two networks, from the repository's template and captions."""
    for name in figures:
        path = folder / "figures" / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SVG)
    sweeps = pd.concat(
        [synthetic_tables.sweeps(network="net"), synthetic_tables.sweeps(network="other")]
    )
    write_csv(main_numbers(sweeps, 0.3), folder / "numbers.csv")
    splits = {"train": 55000, "validation": 5000, "test": 10000}
    rows = [
        {"network": network, "seed": seed, "split": split, "images": images, "accuracy": 0.9}
        for network in NETWORKS
        for seed in (0, 1)
        for split, images in splits.items()
    ]
    write_csv(pd.DataFrame(rows), folder / "accuracy.csv")
    agreement = synthetic_tables.agreement(tuple(NETWORKS))
    for network in NETWORKS:
        rows = agreement[(agreement["network"] == network) & agreement["network"].isin(compared)]
        write_csv(rows, folder / f"agreement_{network}.csv")
    facts = {"git_commit": "a" * 40, "python": "3.11.2", "versions": {"nengo": "4.1.0"}}
    facts |= {"images": {"train": 60000, "test": 10000}, "image_shape": [28, 28, 1]}
    facts |= {"classes": 10, "source": "local"}
    (folder / "digits.metadata.json").write_text(json.dumps(facts))
    record_provenance(
        [folder / "digits.metadata.json"],
        config={"steps": 30},
        config_path=folder / "config.yaml",
        versions_path=folder / "versions.csv",
    )
    write_report(
        template_path=ROOT / "reports" / "report.html.j2",
        caption_paths=sorted((ROOT / "reports" / "captions").glob("*.rst")),
        figure_folder=folder / "figures",
        figure_paths=[folder / "figures" / f"{name}.svg" for name in figures],
        main_numbers_path=folder / "numbers.csv",
        accuracy_paths=[folder / "accuracy.csv"],
        agreement_paths=[folder / f"agreement_{network}.csv" for network in NETWORKS],
        published_paths=published,
        dataset_metadata_paths=[folder / "digits.metadata.json"],
        config_path=folder / "config.yaml",
        versions_path=folder / "versions.csv",
        report_path=folder / "report.html",
        config={
            "title": "A question?",
            "network_labels": NETWORKS,
            "dataset_labels": {"digits": "Digits"},
            "published_source": "A paper",
        },
    )
    return (folder / "report.html").read_text()


def test_published_accuracies_are_shown_where_there_are_some(tmp_path):
    row = {"kind": "spikes", "synapse_s": math.nan, "scale_firing_rates": 1, "steps": 30}
    row |= {"published_accuracy": 0.2075, "accuracy": 0.2481, "overlap": True, "seeds": 3}
    row |= {"published_accuracy_low": 0.17, "published_accuracy_high": 0.25, "images": 2000}
    row |= {"accuracy_lowest_seed": 0.23, "accuracy_highest_seed": 0.26}
    assert "Beside published accuracies" not in write_page(tmp_path)
    write_csv(pd.DataFrame([row]), tmp_path / "published_comparison.csv")
    page = write_page(tmp_path, published=[tmp_path / "published_comparison.csv"])
    for part in ("Beside published accuracies", "A paper", "no synapse, scale 1", "20.75", "24.81"):
        assert part in page


class Page(html.parser.HTMLParser):
    """Ids, links and sources of images of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.sources = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            assert found["id"] not in self.ids, f"two elements are called {found['id']}"
            self.ids.add(found["id"])
        if tag == "a":
            self.links.add(found["href"])
        self.sources += [found["src"]] if "src" in found else []
