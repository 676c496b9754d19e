"""The pages that a finished run writes into the repository."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from finished_runs import COMMIT, finished_run

from spikesweep.errors import UserError
from spikesweep.marked import markers, with_block
from spikesweep.report.conclusions import (
    NO_INTERVAL,
    NOT_SHOWN,
    best_by,
    direction,
    factor,
    listed,
    recommended_scales,
)
from spikesweep.report.results_page import BLOCK, main, rendered_page, write_results
from spikesweep.words import points, saving

FIRST, LAST = markers(BLOCK)
ROOT = Path(__file__).resolve().parents[3]
SECTIONS = {
    "Recommended settings",
    "Settling: the best synapse against presentation time",
    "Skip paths: what early spikes gain",
    "What the neuron, its start and the read-out cost",
    "Which layers to scale: early or late",
    "Does scaling help most in layers that fire slowly?",
    "Pruning",
    "Preprocessing against overfitting",
}


@pytest.fixture
def checkout(tmp_path):
    """README with markers, and the templates."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "reports" / "results", folder / "reports" / "results")
    (folder / "docs").mkdir()
    (folder / "README.md").write_text(f"Before\n\n{FIRST}\nold numbers\n{LAST}\n\nAfter\n")
    return folder


@pytest.fixture
def pages(checkout, tmp_path):
    """What is written of a run: the full page, and README."""

    def written(**run):
        write_results(finished_run(tmp_path / "results", **run), checkout)
        return (checkout / "docs" / "results.md").read_text(), (checkout / "README.md").read_text()

    return written


def line(page, *beginning):
    """The one line of a page, or row of a table, that begins like this."""
    (found,) = [line for line in page.splitlines() if line.startswith(beginning)]
    return found


def test_a_study_with_everything_has_every_section_and_says_where_it_comes_from(pages):
    full, readme = pages()
    assert {heading[3:] for heading in full.splitlines() if heading.startswith("## ")} > SECTIONS
    for page in (full, readme):
        assert (
            "`make && make results`, from a study of A network (2 seeds) and Another \\| network "
            "(2 seeds): 1\u202f000 test images, 8 draws of the initial voltages, "
            f"commit {COMMIT[:10]}."
        ) in page.replace(" from the tables of a study, not by hand. It is a", ", from a")
    assert "None" not in full + readme
    assert "nan" not in full + readme


def test_voltages_that_are_not_drawn_count_as_one_draw(pages):
    for page in pages(start="half"):
        assert "test images, 1 draw of the initial voltages" in page


def test_tables_have_as_many_cells_in_each_row(pages):
    for page in pages():
        for table in page.split("\n\n"):
            rows = [line for line in table.splitlines() if line.startswith("|")]
            cells = {row.replace(r"\|", "").count("|") for row in rows}
            assert len(cells) <= 1, table


def test_readme_keeps_what_lies_outside_its_markers_and_is_short(pages):
    _, readme = pages()
    block = readme.removeprefix(f"Before\n\n{FIRST}\n").removesuffix(f"{LAST}\n\nAfter\n")
    assert "old numbers" not in readme
    assert len(readme) - len(block) == len(f"Before\n\n{FIRST}\n{LAST}\n\nAfter\n")
    assert len(block.splitlines()) <= 30
    assert line(block, "| Scaling raises") == (
        "| Scaling raises accuracy | original | reproduced | +62.0 points of accuracy "
        "(+59.0 to +65.0) | +0.5 points | 2 seeds |"
    )
    assert (
        "Inconclusive, and what would decide: scaling costs computation (about 9 seeds)." in block
    )
    assert "Not run: residual networks." in block


def test_a_study_of_no_further_parts_has_no_sections_of_them(pages):
    full, readme = pages(parts=())
    assert not SECTIONS & {heading[3:] for heading in full.splitlines()}
    assert "recommended" not in readme
    assert "| A network |" in readme


def test_one_network_of_one_seed(pages):
    full, readme = pages(
        networks=("net",),
        seeds=(0,),
        findings={"scope": "this network", "seeds": 1},
        best_synapses={"lost_low": None, "lost_high": None},
    )
    assert "A network (1 seed):" in readme
    assert "Another" not in full + readme
    assert line(readme, "| Scaling raises").endswith("| of these trained networks only |")


def test_cost_is_said_in_the_words_of_its_ratio(pages, tmp_path):
    full, readme = pages(margin=0.3)
    row = pd.read_csv(tmp_path / "results" / "main_numbers.csv").iloc[0]
    assert row["cheapest_found"]
    assert (
        f"next to the ANN it {saving(row['cheapest_operations_over_ann'])}; with zeros left out in "
        f"both networks, it {saving(row['cheapest_effective_operations_over_ann'])}."
    ) in line(full, "- A network, cheapest setting")
    assert "cheapest setting within 30 points of the ANN" in readme


def test_a_network_without_a_cheap_setting_is_described_at_its_best(pages, tmp_path):
    full, readme = pages(margin=1e-6)
    row = pd.read_csv(tmp_path / "results" / "main_numbers.csv").iloc[0]
    lost = points(row["ann_accuracy"] - row["best_accuracy"])
    assert "none in this sweep" in line(readme, "| A network |")
    assert line(full, "- A network, best setting").startswith(
        "- A network, best setting (none is within 0.0001 points of the ANN; this one loses "
        f"{lost}): next to the ANN it {saving(row['best_operations_over_ann'])};"
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.07, "above zero"),
        (-0.07, -0.01, "below zero"),
        (-0.01, 0.07, "not shown"),
    ],
)
def test_whether_slow_layers_gain_more_follows_from_the_interval(pages, low, high, said):
    full, _ = pages(benefit={"statistic_low": low, "statistic_high": high})
    assert line(full, "| A network | all | gain of a layer made slow").endswith(f"| {said} | 2 |")


@pytest.mark.parametrize(
    ("low", "high", "better"),
    [(0.02, 0.12, "late"), (-0.12, -0.02, "early"), (-0.02, 0.12, "not shown")],
)
def test_which_layers_are_better_follows_from_the_interval(pages, low, high, better):
    full, _ = pages(early_late_net={"low": low, "high": high})
    # The mean over levels alone: a single level has no row.
    assert line(full, "| A network | 80").endswith(f"| {better} | 2 |")


def test_conclusions_on_settling_neurons_pruning_and_techniques(pages):
    full, _ = pages(lost={"lost_low": -0.001})
    assert line(full, "- A network: the best synapse") == (
        "- A network: the best synapse is none after 15 ms and 20 ms after 60 ms; there, keeping "
        "the one that was best after 15 steps is shown to lose accuracy."
    )
    assert line(full, "- Cheapest: ").endswith("2.34 times cheaper (1.20 to 4.50).")
    assert line(full, "- Fastest: ") == "- Fastest: the one that others are compared with."
    assert "| 2.3 (\u22120.1 to 4.1) | not shown | 2 |" in full
    assert line(full, "| Few images | 2 |") == (
        "| Few images | 2 | flip | whitening | none shown | none shown | flip | none shown |"
    )


def test_a_recommendation_that_is_not_within_the_margin_says_so(pages):
    _, readme = pages(recommendations={"within_margin": False, "verdict": "broken"})
    assert (
        "| 15 ms synapse, scales 50, 120, 60 steps | 0.4 (0.1 to 0.7): broken (no setting was "
        "shown to be within the margin) | 1.25; 0.50 |"
    ) in line(readme, "| A network |")


def test_writing_twice_changes_nothing(checkout, tmp_path):
    results = finished_run(tmp_path / "results")
    files = [checkout / "README.md", checkout / "docs" / "results.md"]
    assert write_results(results, checkout) == files[::-1]
    first = [file.read_bytes() for file in files]
    write_results(results, checkout)
    assert [file.read_bytes() for file in files] == first


def test_another_study_has_a_page_of_its_own_which_names_its_command(
    checkout, tmp_path, monkeypatch, capsys
):
    results = finished_run(tmp_path / "results")
    readme = (checkout / "README.md").read_bytes()
    monkeypatch.chdir(checkout)
    page = "docs/another.md"
    monkeypatch.setattr("sys.argv", ["results_page", str(results), "--page", page])
    main()
    assert capsys.readouterr().out == f"Written: {page}\n"
    written = (checkout / page).read_text()
    # As the run's config names its folder: no path of this machine.
    assert f"Written by `make results RESULTS=results PAGE={page}` from" in written
    assert "## Recommended settings" in written
    assert "(45 nm, weights only); " in written
    assert (checkout / "README.md").read_bytes() == readme
    assert not (checkout / "docs" / "results.md").exists()


@pytest.mark.parametrize(
    ("folder", "title"),
    [
        ("results", "# Results"),
        ("results/residual", "# Results of the study of ResNet-9"),
        ("results/mine", "# Results of `results/mine`"),
    ],
)
def test_a_page_is_titled_by_its_study(checkout, tmp_path, folder, title):
    results = finished_run(tmp_path / "results")
    config = results / "provenance" / "config.yaml"
    facts = yaml.safe_load(config.read_text()) | {"results": folder}
    config.write_text(yaml.safe_dump(facts, sort_keys=False))
    page = rendered_page(results, checkout, Path("docs/page.md"))
    assert page.splitlines()[0] == title


def test_the_picture_is_that_of_the_run(checkout, tmp_path):
    results = finished_run(tmp_path / "results")
    picture = checkout / "docs" / "accuracy_and_cost.png"
    picture.write_bytes(b"old")
    write_results(results, checkout)
    assert picture.read_bytes() == b"old"
    drawn = results / "figures" / "accuracy_and_cost" / "mnist_cnn.png"
    drawn.parent.mkdir(parents=True)
    drawn.write_bytes(b"new")
    assert picture in write_results(results, checkout)
    assert picture.read_bytes() == b"new"


def test_a_readme_without_markers_leaves_all_files_as_they_were(checkout, tmp_path):
    (checkout / "README.md").write_text("no markers")
    with pytest.raises(UserError, match="expected one line"):
        write_results(finished_run(tmp_path / "results"), checkout)
    assert not (checkout / "docs" / "results.md").exists()


def test_the_readme_of_this_checkout_has_its_markers():
    with_block((ROOT / "README.md").read_text(encoding="utf-8"), BLOCK, "new", "README.md")


def test_an_unfinished_run_is_named_with_what_is_missing(checkout, tmp_path):
    with pytest.raises(UserError, match=r"config\.yaml is missing.*make results RESULTS="):
        write_results(tmp_path / "nothing", checkout)
    results = finished_run(tmp_path / "results")
    (results / "pruning" / "lost.csv").unlink()
    with pytest.raises(UserError, match=r"lost\.csv is missing.*not finished"):
        write_results(results, checkout)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 0.2, "up"),
        (-0.2, -0.1, "down"),
        (-0.1, 0.1, NOT_SHOWN),
        (0.0, 0.1, NOT_SHOWN),
        (0.1, None, "up"),
        (None, 0.1, NOT_SHOWN),
        (None, -0.1, "down"),
        (None, None, NO_INTERVAL),
        (0.25, 0.25, NO_INTERVAL),
    ],
)
def test_direction_says_what_an_interval_shows(low, high, said):
    assert direction(low, high, "up", "down") == said
    shifted = (None if bound is None else bound + 1 for bound in (low, high))
    assert factor(*shifted, "up", "down") == said


def test_best_leaves_out_what_was_not_measured():
    rows = [{"cheaper": None}, {"cheaper": 2.0}, {"cheaper": 1.0}]
    assert best_by(rows, "cheaper") == {"cheaper": 2.0}
    assert best_by(rows[:1], "cheaper") is None


@pytest.mark.parametrize(
    ("scales", "said"),
    [
        ("20", "scale 20"),
        ("{a: 50, b: 50}", "scale 50 in all layers"),
        ("{a: 50, b: 62.5}", "scales 50, 62.5"),
    ],
)
def test_scales_in_words(scales, said):
    assert recommended_scales(scales) == said


def test_lists_are_joined_as_in_a_sentence():
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
