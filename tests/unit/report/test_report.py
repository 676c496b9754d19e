"""The report's numbers, its provenance, and the page itself."""

import html.parser
import json
import math
import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import synthetic_tables
from finished_runs import finished_run
from markupsafe import Markup

from spikesweep.errors import UserError
from spikesweep.parts import optional_parts, parts_of
from spikesweep.report.page import render_caption, write_report
from spikesweep.report.provenance import commit_date, record_provenance, versions_used
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.pruning.scale import RATIOS
from spikesweep.study.synapse_and_scaling.main_numbers import main_numbers
from spikesweep.tables import write_csv
from spikesweep.words import MINUS, si

ROOT = Path(__file__).resolve().parents[3]
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="100pt" viewBox="0 0 300 100">'
    b'<path d="M 1.0001 2 L 3 4"/></svg>'
)
NETWORKS = {"net": "A network", "other": "Another <network>"}
PARTS = tuple(optional_parts())
CAPTIONS = sorted((ROOT / "reports" / "captions").glob("*.rst"))
# Captions that name the confidence of intervals: the one in the config, and that of accuracies.
AT_CONFIDENCE_OF_STUDY = (
    *("benefit", "best_synapse", "claims_by_way", "neuron_cost"),
    *("early_late", "gain_and_rate", "preprocessing_gap", "preprocessing_ranking"),
    *("preprocessing_spiking", "pruning_accuracy", "pruning_spikes"),
    *("rate_outcomes", "rate_transfer"),
    "uncertainty",
    *("baselines", "recommendation", "recommendations", "standard_table"),
    *("subset_matrix", "sweep_heatmap"),
)
AT_CONFIDENCE_OF_ACCURACIES = (
    "settling",
    *("accuracy_and_cost", "accuracy_over_time", "layer_budget", "published_comparison"),
)
SWEEP_LAYER = {"network": "net", "seed": 0, "synapse_s": 0.01, "scale_firing_rates": 5}
SWEEP_LAYER |= {"layer": "conv1", "spikes_per_image": 9, "synops_per_image": 90, "mean_rate_hz": 3}
DEFAULT_STUDY = {"name": "default study", "about": "", "changed": [], "default": True}
FACTORS = ("fewer", "cheaper", "faster")
OF = {"study": None, "network": NETWORKS, "dataset": ["digits"]}


def figures_of(chosen):
    """The figures of a study with these parts, as files without their endings."""
    return tuple(
        f"{figure.name}/{one}" if OF[figure.of] else figure.name
        for part in parts_of(chosen)
        for figure in part.figures
        for one in OF[figure.of] or [None]
    )


FIGURES = figures_of(PARTS)


def test_versions_count_results_and_show_two_versions_side_by_side():
    facts = {"git_commit": "abc", "python": "3.11.2", "versions": {"nengo": "4.1.0"}}
    newer = {**facts, "versions": {"nengo": "4.2.0"}}
    table = versions_used([facts, facts, newer])
    assert table.to_numpy().tolist() == [
        ["git commit", "abc", 3, ""],
        ["nengo", "4.1.0", 2, ""],
        ["nengo", "4.2.0", 1, ""],
        ["Python", "3.11.2", 3, ""],
    ]


def test_a_commit_of_this_checkout_has_a_day_and_another_one_has_none():
    known = subprocess.run(["git", "log", "-1", "--format=%H %cs"], capture_output=True, text=True)
    if known.returncode:
        pytest.skip("this folder is no clone: git knows no commits")
    commit, day = known.stdout.split()
    assert commit_date(commit) == commit_date(f"{commit}-dirty") == day
    assert commit_date("0" * 40) == ""


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda path: path.stem)
def test_captions_are_sound(caption):
    text = render_caption(caption, 0.9).striptags()
    assert len(text) > 50
    assert not re.search("[{}]", text)


def test_captions_state_the_confidence_of_their_intervals():
    stated = {
        path.stem: tuple(
            sorted(set(re.findall(r"([\d.]+) % (?:bootstrap |t )?(?:intervals?|confidence)", text)))
        )
        for path in CAPTIONS
        if (text := " ".join(render_caption(path, 0.995).striptags().split()))
    }
    configured, of_accuracies = "99.5", f"{100 * CONFIDENCE_OF_ACCURACIES:g}"
    assert {name: found for name, found in stated.items() if found} == {
        **dict.fromkeys(AT_CONFIDENCE_OF_STUDY, (configured,)),
        **dict.fromkeys(AT_CONFIDENCE_OF_ACCURACIES, (of_accuracies,)),
    }


@pytest.mark.parametrize(("confidence", "percent"), [(0.9, "90"), (0.995, "99.5")])
def test_page_states_the_confidence_of_its_intervals(tmp_path, confidence, percent):
    page = " ".join(write_page(tmp_path, confidence=confidence).split())
    for part in (
        f"Effect<small>{percent}&#8239;% interval",
        f"with {percent}&#8239;% intervals for paired images",
        f"{percent} % interval of the loss",
        "Ranges below accuracies are 95&#8239;% intervals (Wilson",
        f"image by image, their {percent} % intervals",
    ):
        assert part in page, part


def test_every_figure_has_a_caption_that_names_its_table():
    for name in {name.split("/")[0] for name in FIGURES}:
        caption = render_caption(ROOT / "reports" / "captions" / f"{name}.rst", 0.95).striptags()
        assert re.search(r"Drawn from \S+\.(csv|npz)", caption), name


def test_a_broken_caption_is_named(tmp_path):
    (tmp_path / "bad.rst").write_text("An *unfinished emphasis.\n")
    with pytest.raises(UserError, match=r"bad\.rst"):
        render_caption(tmp_path / "bad.rst", 0.95)


def test_a_caption_that_asks_for_what_only_one_report_knows_is_named(tmp_path):
    (tmp_path / "bad.rst").write_text("{{ snakemake.wildcards.network }}\n")
    with pytest.raises(UserError, match=r"bad\.rst.*wildcards"):
        render_caption(tmp_path / "bad.rst", 0.95)


def test_page_shows_every_figure_and_needs_no_other_file(tmp_path):
    page = write_page(tmp_path)
    parsed = Page(page)
    assert {name.replace("/", "-") for name in FIGURES} <= parsed.ids
    assert page.count('<path d="M1 2L3 4"/></svg>') == len(FIGURES)
    assert parsed.sources == []
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= parsed.ids
    assert not any(re.match("[a-z]+:|/", link) for link in parsed.links)
    assert parsed.frames == ["<title>One neuron &amp; more</title>"]
    assert "http" not in re.sub(r"data:\S+", "", page)


def test_a_network_that_reaches_no_operating_point_is_named_with_the_reason(tmp_path):
    reason = "Another &lt;network&gt;: nothing to compare. At no scale of all layers does it reach"
    assert "nothing to compare" not in write_page(tmp_path)
    assert reason in write_page(tmp_path, reaching=("net",))


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
    whole = render_caption(ROOT / "reports" / "captions" / "sweep_heatmap.rst", 0.95)
    assert Markup(seen).striptags() == Markup(whole.split("</p>")[0]).striptags()
    assert "Drawn from" in Markup(folded).striptags()


def test_page_says_which_network_was_not_compared(tmp_path):
    assert "nothing to compare" not in write_page(tmp_path)
    assert "nothing to compare" in write_page(tmp_path, compared=("net",))
    assert write_page(tmp_path, compared=()).count("nothing to compare") == 2


def test_graph_shows_every_stage_of_the_workflow(tmp_path):
    stages = re.findall(r'data-stage="([^"]*)"', write_page(tmp_path))
    shown = {stage for names in stages for stage in names.split()}
    rules = {path.stem for path in (ROOT / "rules").glob("*.smk")}
    assert shown == rules - {"place", "common", "bases"}


def test_page_shows_each_neuron_with_its_own_synapse(tmp_path):
    page = write_page(tmp_path).split('<h2 id="neuron-cost">')[1].split("<h2")[0]
    for part in (
        *(
            "compared with",
            "mean over the later half",
            "2.3 times",
            "1.2 to 4.5",
            "1 of 2 seeds reach it",
        ),
        *("300 test images", "intervals of their logarithms over seeds, 95&#8239;%"),
    ):
        assert part in page, part
    assert "1.8 times" not in page


def test_page_has_the_table_that_publications_give(tmp_path):
    claim = {"claim": "few steps", "statement": "Few steps do", "verdict": "reproduced"}
    page = write_page(tmp_path, claims=[claim])
    assert '<p>Few steps do: reproduced; <a href="#claim-3">claim 3</a> says so' in page
    text = " ".join(Markup(page).striptags().split()).replace("\u2009", " ")
    for part in (
        "ANN 79.0 % ± 0.4, 3 seeds, 400 test images",
        "T = 4T = 16",
        "77.5 ± 1.1loss 1.5, 1.0 to 2.0",
        "as converted 51.2loss 27.8",
    ):
        assert part in text, part


def answer_of_section(page, name):
    """What a section answers, as words with plain blanks."""
    answer = page.split(f'<h2 id="{name}">')[1].split('<div class="answer">')[1].split("</div>")[0]
    words = " ".join(Markup(answer).striptags().split())
    return words.replace("\u2009", " ").replace("\u202f", " ")


def test_settling_tells_which_synapse_is_best_when_and_what_keeping_one_loses(tmp_path):
    said = answer_of_section(write_page(tmp_path), "settling")
    assert said == (
        "A network: no synapse is best after 15 ms, a 20 ms synapse after 60 ms: which one is best "
        "depends on the time. At that time, keeping the one that was best after 15 steps loses "
        "30.0 (10.0 to 50.0) points."
    )


def test_rates_tell_for_how_long_the_neurons_were_watched(tmp_path):
    said = answer_of_section(write_page(tmp_path), "firing-rates")
    assert (
        "A network: at scale 1, layers fire at 6.67 to 20.0 Hz on average, and 60 % to 60 % of "
        "their neurons are silent for an image (120 images, each shown for 1 000 steps of 1 ms). "
        "At scale 10, these are 66.7 to 200 Hz and 19 % to 19 %."
    ) in said
    steps = int(pd.read_csv(tmp_path / "numbers.csv")["steps"].max())
    assert f"In the {steps} steps for which the sweep shows its images, more are." in said


@pytest.mark.parametrize(
    ("low", "told"), [(-0.02, " (at 50 %, no difference is shown)"), (0.01, "")]
)
def test_another_operating_point_is_named_where_it_shows_something_else(tmp_path, low, told):
    page = write_page(tmp_path, other_point={"operating_point": 0.5, "low": low})
    said = answer_of_section(page, "layer-scaling")
    assert (
        "A network, at 80 % of the ANN's accuracy: at the same factor, late layers gain more: "
        f"7.0 (2.0 to 12.0) points{told}. "
    ) in said


def test_page_says_whether_ours_is_as_cheap_as_published_scales(tmp_path):
    text = " ".join(Markup(write_page(tmp_path)).striptags().split())
    for part in (
        "at a loss of 1.0 points against the ANN, on 600 validation images, on which nothing",
        "As converted: ours 20.0 k synops, the cheapest published way, local balancing, 25.0 k: "
        "ours is cheaper, 20.0 % of the synops saved (10.0 % or more).",
        "one spike a step: ours 20.0 k synops, the cheapest published way, local balancing, "
        "25.0 k: ours costs more",
        "As converted: no published method was shown to come within the accepted loss.",
        "ours does not come within the accepted loss; local balancing does with 25.0 k synops.",
    ):
        assert part in text.replace("\u2009", " ").replace("\u202f", " "), part


def test_page_shows_verdicts_recommendations_and_ranks(tmp_path):
    page = write_page(tmp_path)
    for part in (
        *("Pruning costs nothing", "inconclusive", "not run", "pruning is not in study.parts"),
        *(
            "{conv1: 20}",
            "- {synapse_s: 0.02",
            "single weights",
            "67\u2009%",
            "shift+dropout",
            "helps",
        ),
        *(
            "3\u202f000 training images",
            "<td>2.3</td>",
            "&gt; 95\u2009%",
            "60\u2009% to 100\u2009%",
        ),
        *("above the sweep", "below the sweep"),
        *("60 steps, mean score over the last third", "1.2 times those of the ANN"),
        "90 spikes</strong> and 9.00\u2009k synops per image are enough",
        *("20.0\u2009% of the synops saved (30.0\u2009% or less)", "at most 1.0 lost: kept"),
        *("0.77 to 0.89", "21.0\u2009%", "0.38 times, 0.27 to 0.53"),
        'href="#claim-1">Claim 1</a>, A network: <strong>inconclusive</strong>, \u22120.7 points',
    ):
        assert part in page, part


def answer_of(page):
    """The first screen's answers, one per network."""
    sentences = page.split('id="answer">')[1].split("</div>")[0].split("</p>")
    return [" ".join(Markup(text).striptags().split()) for text in sentences if text.strip()]


def test_page_puts_the_networks_side_by_side(tmp_path):
    page = write_page(tmp_path).split('id="side-by-side">')[1].split("</table>")[0]
    assert "17.0 points<small>7.0 to 27.0</small><small>10 ms synapse, read after 60 ms" in page
    assert (
        "\u22121.0 points<small>\u22125.0 to 4.0</small><small>10 ms synapse, read after 120 ms"
        in page
    )
    assert "no skip paths" in page
    rows = [Markup(row.replace("<", " <")).striptags() for row in page.split("<tr>")]
    # A network that no claim was judged on has a dash.
    [claim] = [row for row in rows if "1. Pruning costs nothing" in row]
    assert re.search(r"inconclusive \u22120\.7 points no interval +\u2013$", claim)
    numbers = pd.read_csv(tmp_path / "numbers.csv").set_index("network")
    for name, key in (("Operations", "operations_over_ann"), ("Mean rate", "mean_rate_hz")):
        [row] = [row for row in rows if row.startswith(name)]
        for network in NETWORKS:
            of_network = numbers.loc[network]
            which = "cheapest" if of_network["cheapest_found"] else "best"
            assert f"{of_network[f'{which}_{key}']:.3g} " in row.replace("\u202f", "")
    [fewest] = [row for row in rows if row.startswith("Fewest steps")]
    assert fewest.endswith("none is good enough")


@pytest.mark.parametrize(("margin", "which"), [(0.3, "cheapest"), (1e-6, "best")])
def test_first_screen_answers_in_one_sentence_per_network(tmp_path, margin, which):
    # The first network has a recommendation, the second one has the sweep alone.
    recommended, of_sweep = answer_of(write_page(tmp_path, margin=margin))
    assert recommended.startswith(
        "A network: 90 spikes and 9.00 k synops per image are enough: 1.0"
    )
    assert (
        "(0.0 to 2.0 lost), after 60 ms, for 1.25 times the ANN's operations and 0.50 times its "
        "estimated energy ("
    ) in recommended
    assert " with neuron updates; in the sweep, without zeros too, " in recommended
    assert "read-outs, at 1.0 points lost, on 300 images: 45 spikes, next to 90" in recommended
    assert recommended.endswith("neurons (2.10 times fewer, 0.99 to 4.40: not shown to be fewer).")
    row = pd.read_csv(tmp_path / "numbers.csv").set_index("network").loc["other"]
    assert ("no setting was shown to lose at most" in of_sweep) == (which == "best")
    for part in (
        f"{' '.join(si(row[f'{which}_synops_per_image']).split())} synops",
        f"for {row[f'{which}_operations_over_ann']:.2f} times the ANN's operations",
    ):
        assert part in of_sweep


def test_first_screen_defines_its_words_before_it_uses_them(tmp_path):
    page = write_page(tmp_path)
    before, _ = page.split('id="answer">')
    for word in ("synop", "Operations", "Energy", "ANN", "point"):
        assert f"<dfn>{word}</dfn>" in before
    for word in ("step", "synapse", "Scale"):
        assert f"<dfn>{word}</dfn>" in page
    assert "is estimated, not measured: 45 nm, weights only, 0.9 pJ per synop" in before
    assert "500 others for the recommended settings" in before


def test_the_study_of_neurons_begins_with_the_fewest_found_and_next_to_what(tmp_path):
    section = write_page(tmp_path).split('<h2 id="neuron-cost">')[1].split("</details>")[0]
    found = " ".join(Markup(section.replace("<", " <")).striptags().split())
    assert (
        "A network. Fewest found, at 1.0 points lost, on 300 test images (2 seeds): 45 spikes "
        "(2.10 times fewer, 0.99 to 4.40: not shown to be fewer) and 9.00 k synops (2.3 times "
        "fewer, 1.2 to 4.5) with signed integrate-and-fire neurons that start at random"
    ) in found
    assert "(4 ways)" in found
    assert "next to the cheapest of spiking ReLU neurons that start at random" in found


def test_claims_say_whose_they_are_by_which_threshold_and_on_how_many_images(tmp_path):
    table = write_page(tmp_path).split('<tr id="claim-1">')[1].split("</tr>")[0]
    cells = [" ".join(Markup(cell).striptags().split()) for cell in table.split("<td")]
    for cell in (
        'class="whose">original',
        f'class="threshold" data-name="Threshold">{MINUS}0.5 points',
        'class="number" data-name="Images">3 000',
    ):
        assert cell in [part.removeprefix(" ") for part in cells]


@pytest.mark.parametrize(("low", "told"), [(0.00158, True), (-0.001, False)])
def test_an_effect_below_its_threshold_is_not_told_as_none(tmp_path, low, told):
    small = {"claim": "small", "verdict": "not reproduced", "threshold": 0.005, "to_decide": None}
    small |= {"effect": 0.00328, "effect_low": low, "effect_high": 0.00496}
    page = write_page(tmp_path, claims=[small])
    assert ("there, but smaller than the threshold" in page) == told


def test_the_claims_that_were_reproduced_are_named(tmp_path):
    found = {"claim": "found claim", "verdict": "reproduced", "to_decide": None}
    answer = write_page(tmp_path, claims=[found]).split('<h2 id="claims">')[1].split("</div>")[0]
    assert re.search(r"<p>Reproduced: <a [^>]*>\d</a> \(found claim\)\.</p>", answer)
    assert "<p>Reproduced" not in write_page(tmp_path)


def test_how_sure_begins_with_its_answer(tmp_path):
    answer = write_page(tmp_path).split('id="how-sure">')[1].split('class="answer">')[1]
    assert answer.startswith("<p>Of 1 effect on single networks, 1 lie")


@pytest.mark.parametrize(
    ("promise", "told"), [("uncertain", "perhaps more than"), ("broken", "more than")]
)
def test_first_screen_tells_a_promise_that_was_not_kept(tmp_path, promise, told):
    answer, _ = answer_of(write_page(tmp_path, promise=promise))
    assert "are enough" not in answer
    assert f"(0.0 to 2.0 lost: {told} the accepted 1.0)" in answer


def test_a_recommendation_that_was_not_shown_to_be_good_says_so_wherever_it_stands(tmp_path):
    page = write_page(tmp_path, within_margin=False)
    assert (
        "no setting was shown to lose at most 1.0 points; the most accurate" in answer_of(page)[0]
    )
    assert "are enough" not in answer_of(page)[0]
    assert "recommended, not within the margin" in page
    section = page.split('<h2 id="recommendation">')[1].split("<h2")[0]
    assert "No setting was shown to be within the margin" in section
    assert "it was shown to lose at most" not in section


def test_every_section_begins_with_its_question_and_an_answer_with_a_number(tmp_path):
    page = write_page(tmp_path)
    for part in parts_of(PARTS):
        section = page.split(f'<h2 id="{part.link}">')[1].split("<h2")[0]
        assert Markup(part.question) in section
        answer = section.split('<div class="answer">')[1].split("</div>")[0]
        assert re.search(r"\d", Markup(answer).striptags()), part.key
        assert section.index('class="answer"') < section.index('class="sources"')


def test_charts_are_shown_if_there_is_a_program_to_draw_them(tmp_path):
    assert "chart-program" not in write_page(tmp_path)
    (tmp_path / "charts.js").write_text("program()")
    page = write_page(tmp_path, charts=[tmp_path / "charts.js"])
    parsed = Page(page)
    assert {"explore", "chart-program", "chart-data"} <= parsed.ids
    # Without JavaScript, nothing of them is in the way.
    assert re.search('<section id="explore"[^>]* hidden>', page)


def test_claims_have_the_same_number_wherever_they_stand(tmp_path):
    page = write_page(tmp_path)
    rows = re.findall(r'<tr id="claim-(\d+)">\s*<td>(\d+)</td>', page)
    assert rows == [("1", "1"), ("2", "2")]
    assert '<a href="#claim-1">Claim 1</a>' in page


def test_a_study_of_files_alone_begins_with_the_recommendation(tmp_path):
    page = write_page(tmp_path, only_files=True)
    places = [page.index(f'<h2 id="{link}">') for link in ("recommendation", "datasets", "claims")]
    assert places == sorted(places)
    # A claim that is about none of the networks is left out; one that is stays.
    assert "Early layers matter" not in page
    assert "Pruning costs nothing" in page
    assert "Early layers matter" in write_page(tmp_path)


def test_page_shows_what_was_exported_and_what_changes_elsewhere(tmp_path):
    page = write_page(tmp_path)
    for part in (
        "export/net/seed0/",
        "{conv1: 20}",
        "97.12",
        "no NIR file: NIR has no &lt;Concatenate&gt;",
        "2 pruned networks are written",
        "no spike differs",
        "reset to 0",
        "62.5",
        "83.4",
        "98.6",
        "<td>conv1</td><td>classes</td><td>15</td><td>14</td>",
    ):
        assert part in page


def test_page_shows_replays_or_how_to_get_them(tmp_path):
    how = "Not replayed: sinabs is not installed; <code>make foreign</code> does it."
    assert how in write_page(tmp_path)
    row = {"network": "net", "simulator": "sinabs", "version": "3.1.3", "images": 1000}
    row |= {"accuracy": 0.971, "accuracy_low": 0.96, "accuracy_high": 0.98, "own_accuracy": 0.982}
    row |= {"same_class": 0.979, "spikes_per_image": 4000, "own_spikes_per_image": 6100}
    row |= {"played_images": 40, "as_played": 1.0, "spikes_of_played": 3900, "refused": None}
    row |= {"played_spikes_per_image": 3900}
    refused = dict.fromkeys(row) | {"network": "other", "simulator": "SpikingJelly"}
    refused |= {"refused": "no LI"}
    write_csv(pd.DataFrame([row, refused]), tmp_path / "replays.csv")
    page = write_page(tmp_path, replays=[tmp_path / "replays.csv"])
    for part in ("version 3.1.3", "97.1", "98.2", "97.9", "refused: no LI"):
        assert part in page
    assert how not in page


def test_page_of_a_study_without_parts_has_no_empty_sections(tmp_path):
    parsed = Page(write_page(tmp_path, figures_of([]), parts=()))
    assert (
        not {"layer-scaling", "rate-transfer", "recommendation", "export", "pruning"} & parsed.ids
    )
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= parsed.ids


def study_tables(folder, parts, within_margin, promise, reaching, claims=(), other_point=None):
    """One table of each study, with empty cells where there may be some."""
    verdict = {"claim": "pruning", "statement": "Pruning costs nothing", "network": "net"}
    verdict |= {"origin": "original", "threshold": -0.005, "images": 3000}
    verdict |= {"verdict": "inconclusive", "effect": -0.0067, "effect_low": None, "rule": "A rule."}
    verdict |= {"effect_high": None, "effect_unit": ACCURACY, "seeds": 2, "method": "t"}
    verdict |= {"figure": "pruning_accuracy", "csv": "pruning/accuracy.csv"}
    verdict |= {"condition": None, "note": None, "scope": "networks", "to_decide": "about 9 seeds"}
    left_out = dict.fromkeys(verdict) | {
        "claim": "early layers",
        "origin": "ours",
        "statement": "Early layers matter",
        "verdict": "not run",
        "rule": "pruning is not in study.parts",
    }
    recommended = {
        **{"network": "net", "synapse_s": 0.02, "scale_firing_rates": "{conv1: 20}", "seeds": 2},
        **{
            "within_margin": within_margin,
            "images": 500,
            "steps": 60,
            "accuracy": 0.97,
            "loss": 0.01,
        },
        **{"ann_accuracy": 0.98, "loss_low": 0.0, "loss_high": 0.02, "promised_at_most": 0.01},
        **{"verdict": promise, "synops_per_image": 9000, "spikes_per_image": 90},
        **{"readout": "last_third", "operations_per_image": 12000, "operations_over_ann": 1.25},
        **{"accuracy_low": 0.96, "accuracy_high": 0.98, "accepted_loss": 0.01},
        **{"input_macs_per_image": 3000, "ann_macs_per_image": 9600},
        "kind": "uniform",
        **{"by_layer_synops_per_image": 8000, "uniform_synops_per_image": 10000},
        **{"saving": 0.2, "saving_low": None, "saving_high": 0.3, "saving_verdict": "saves"},
    }
    curve = {"network": "few", "method": "magnitude", "split": "train", "images": 3000, "seeds": 1}
    lost = curve | {"target_sparsity": 0.8, "lost": 0.0234, "lost_low": None, "lost_high": None}
    lost |= {"confidence": 0.95}
    knee = curve | {"margin": 0.005, "falls": True, "knee_sparsity": 0.67}
    knee |= {"knee_low": None, "knee_high": None}
    far = knee | {"margin": 0.03, "falls": False, "knee_sparsity": 0.95, "knee_low": 0.6}
    far |= {"knee_high": 1}
    # Where no pruned network reached the published sparsity.
    other = knee | {"network": "net", "margin": 0.005}
    unpruned = {
        **{"network": "few", "loss_reached": "inside", "accuracy_reached": "inside"},
        **{"synapse_s": 0.01, "method": "magnitude", "target_sparsity": 0, "seeds": 2},
        **{"weights_left": 1.0, "compared_loss": 0.05, "largest_scale": 100, "scale_at_loss": 20},
        **{f"{name}{end}": 1.0 for name in RATIOS for end in ("", "_low", "_high")},
    }
    pruned = unpruned | {"target_sparsity": 0.8, "weights_left": 0.21}
    pruned |= {"spikes_ratio": 0.83, "spikes_ratio_low": 0.77, "spikes_ratio_high": 0.89}
    never = pruned | {"target_sparsity": 0.9, "weights_left": 0.1, "scale_at_loss": None}
    never |= {"loss_reached": "above"}
    never |= {f"scale_ratio{end}": None for end in ("", "_low", "_high")}
    ranked = {
        **{
            "network": "few",
            "rank": 1,
            "technique": "shift+dropout",
            "seeds": 2,
            "effect": "helps",
        },
        **{f"{name}{end}": 0.1 for name in RANKED for end in ("", "_low", "_high")},
        **{"snn_synops_per_image": 1000, "snn_effect": None, "snn_reached": "inside"},
        **{"loss_reached": "inside", "accuracy_reached": "below"},
        **{f"cost_ratio_at_accuracy{end}": None for end in ("", "_low", "_high")},
        "cost_at_accuracy_effect": None,
        **{"compared_loss": 0.05, "synops_per_image_at_loss": 9000, "training_macs": 1e9},
        "snn_seeds": 2,
        **{"cost_ratio": 0.38, "cost_ratio_low": 0.27, "cost_ratio_high": 0.53},
        "cost_effect": "helps",
    }
    compared = {
        **{"network": "net", "neuron": "spiking_relu", "initial_voltages": "uniform", "seeds": 2},
        **{"read_out": "second_half", "synapse_s": 0.01, "images": 300, "loss": 0.01},
        **{"reference": True, "own_synapse": True, "reaching": 2, "steps": 30},
        **{f"{name}{end}": 1.0 for name in FACTORS for end in ("", "_low", "_high")},
        **{"spikes_per_image": 90, "synops_per_image": 9000},
    }
    signed = compared | {"neuron": "integrate_and_fire", "synapse_s": None, "reference": False}
    signed |= {"cheaper": 2.34, "cheaper_low": 1.2, "cheaper_high": 4.5}
    signed |= {"fewer": 2.1, "fewer_low": 0.99, "fewer_high": 4.4, "spikes_per_image": 45}
    worse = signed | {"synapse_s": 0.05, "own_synapse": False, "cheaper": 1.77, "fewer": 1.6}
    failing = signed | {"read_out": "last", "reaching": 1, "synops_per_image": None, "steps": None}
    failing |= {f"{n}{end}": None for n in FACTORS for end in ("", "_low", "_high")}
    more = [verdict | {"network": None} | claim for claim in claims]
    tables = {"findings": [verdict, left_out, *more], "recommendations": [recommended]}
    tables |= {
        "neuron_costs": [compared, signed, worse, failing],
        "baselines": baselines(),
        "standard": standard(),
        "lost": [lost],
        "knee": [knee, far, other],
        "ranking": [ranked],
        "scale": [unpruned, pruned, never],
    }
    for name, rows in tables.items():
        write_csv(pd.DataFrame(rows), folder / f"{name}.csv")
    run = finished_run(folder / "run")
    if other_point:
        path = run / "layer_scaling" / "net" / "early_late.csv"
        rows = pd.read_csv(path)
        write_csv(pd.concat([rows, rows.assign(**other_point)]), path)
    of_parts = {
        "early_arrivals": [run / "skip_paths" / "gained.csv"],
        "best_synapses": [run / "settling" / "best_synapse.csv"],
        "early_late": [run / "layer_scaling" / name / "early_late.csv" for name in reaching],
        "benefit": [run / "rate_transfer" / "benefit.csv"],
        "claims_by_way": [run / "spikes_or_neuron" / "claims.csv"],
    }
    for network in NETWORKS:
        (folder / f"{network}.yaml").write_text("- {synapse_s: 0.02, scale_firing_rates: 20}\n")
        (folder / f"{network}.py").write_text("[found] = simulate(network, ...)\n")
    (folder / "neuron.html").write_text("<title>One neuron &amp; more</title>")
    return {
        "findings": [folder / "findings.csv"],
        "recommendations": [folder / "recommendations.csv"] if parts else [],
        "snippets": [folder / f"{network}.yaml" for network in NETWORKS],
        "python_lines": [folder / f"{network}.py" for network in NETWORKS],
        "baselines": [folder / "baselines.csv"],
        "standard": [folder / "standard.csv"],
        "lost": [folder / "lost.csv"],
        "knee": [folder / "knee.csv"],
        "pruned_scale": [folder / "scale.csv"],
        "ranking": [folder / "ranking.csv"],
        "neuron_costs": [folder / "neuron_costs.csv"],
        **exported_files(folder),
        "notebooks": [folder / "neuron.html"],
        "uncertainty": [run / "uncertainty.csv"],
        **of_parts,
    }


def baselines(least_loss=0.02):
    """Ours is cheaper and dearer, not accurate enough, and without a rival that is."""
    facts = {"seeds": 1, "images": 600, "accepted_loss": 0.01, "least_loss": least_loss}
    verdicts = {"net": ("saves", "costs more"), "other": (None, None)}
    rows = []
    for network, kinds in verdicts.items():
        for kind, verdict in zip(("converted", "signed"), kinds, strict=True):
            missing = network == "other" and kind == "signed"
            one = facts | {"network": network, "neurons": kind}
            theirs = 25_000 if network == "net" or missing else None
            saving = {"saving": 0.2, "saving_low": 0.1, "saving_high": None}
            saving = dict.fromkeys(saving) if verdict is None else saving
            ours = {"method": "searched", "synops_per_image": None if missing else 20_000}
            rows.append(one | ours | dict.fromkeys(saving) | {"best": False})
            other = {"method": "local_balancing", "synops_per_image": theirs}
            other |= saving | {"saving_verdict": verdict or "not comparable"}
            rows.append(one | other | {"best": theirs is not None})
    return rows


def standard():
    """Two methods after 4 and 16 steps; the second of one seed."""
    facts = {"network": "net", "seeds": 3, "images": 400, "ann_accuracy": 0.79}
    facts |= {"ann_accuracy_sd": 0.004, "synops_per_image": 12_000}
    one = facts | {
        "method": "mmse",
        "label": "mmse",
        "accuracy_sd": 0.011,
        "loss_low": 0.01,
        "loss_high": 0.02,
    }
    alone = facts | {"method": "as converted", "label": "as converted", "accuracy_sd": None}
    alone |= {"loss_low": None, "loss_high": None}
    return [
        row | {"steps": steps, "accuracy": accuracy, "loss": 0.79 - accuracy}
        for row in (one, alone)
        for steps, accuracy in ((4, 0.512), (16, 0.775))
    ]


def exported_files(folder):
    """One network that NIR can express and one that it cannot, and two pruned ones."""
    setting = {"synapse_s": 0.02, "scale_firing_rates": {"conv1": 20.0}, "chosen": "recommended"}
    expected = {"accuracy": 0.9712, "accuracy_low": 0.96, "accuracy_high": 0.98, "images": 3000}
    facts = {"seed": 0, "setting": setting, "answer": {"steps": 60}, "why_no_nir": None}
    facts |= {"expected": expected | {"ann_accuracy": 0.98}}
    for name, why in (("net", None), ("other", "NIR has no <Concatenate>")):
        text = json.dumps(facts | {"network": name, "why_no_nir": why})
        (folder / f"export_{name}.json").write_text(text)
    (folder / "pruned.json").write_text(json.dumps({"networks": ["pruning/a", "pruning/b"]}))
    change = {"network": "net", "change": "nothing", "images": 40, "accuracy": 0.95}
    change |= {"how": "file", "accuracy_low": 0.834, "accuracy_high": 0.986}
    change |= {"own_accuracy": 0.95, "same_class": 1.0, "spikes_per_image": 900}
    change |= {"own_spikes_per_image": 900, "spike_differences": 0.0}
    reset = change | {"change": "reset to 0", "same_class": 0.625, "spike_differences": None}
    # A network without NIR has fewer changes.
    rounded = reset | {"network": "other", "change": "8-bit weights"}
    write_csv(pd.DataFrame([change, reset, rounded]), folder / "changes.csv")
    fit = {"network": "net", "layer": None, "limit": "classes", "found": "15", "allowed": "14"}
    write_csv(pd.DataFrame([fit, fit | {"layer": "conv1"}]), folder / "fit.csv")
    return {
        "exports": [folder / f"export_{name}.json" for name in NETWORKS],
        "pruned_exports": [folder / "pruned.json"],
        "export_changes": [folder / "changes.csv"],
        "export_fits": [folder / "fit.csv"],
    }


RANKED = (*("test_accuracy", "difference", "gap", "late_gain", "snn_accuracy", "snn_difference"),)


def write_page(
    folder,
    figures=FIGURES,
    compared=tuple(NETWORKS),
    published=(),
    parts=PARTS,
    confidence=0.95,
    margin=0.3,
    imports=(),
    conversions=(),
    replaced=(),
    bending=None,
    only_files=False,
    within_margin=True,
    promise="kept",
    claims=(),
    other_point=None,
    charts=(),
    replays=(),
    reaching=tuple(NETWORKS),
    study=None,
):
    """The page of a study of two networks, from the repository's template and captions."""
    for name in figures:
        path = folder / "figures" / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SVG)
    sweeps = pd.concat(
        [synthetic_tables.sweeps(network="net"), synthetic_tables.sweeps(network="other")]
    )
    over_time = pd.concat([synthetic_tables.over_time(network=name) for name in NETWORKS])
    costs = synthetic_tables.costs(tuple(NETWORKS))
    write_csv(main_numbers(sweeps, over_time, costs, margin), folder / "numbers.csv")
    for name, table in {
        "sweeps": sweeps,
        "over_time": over_time,
        "sweep_layers": pd.DataFrame([SWEEP_LAYER]),
        "rates": pd.concat([synthetic_tables.rates().assign(network=name) for name in NETWORKS]),
    }.items():
        write_csv(table, folder / f"{name}.csv")
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
        inputs={
            "template": ROOT / "reports" / "report.html.j2",
            "captions": CAPTIONS,
            "figures": [folder / "figures" / f"{name}.svg" for name in figures],
            "main_numbers": [folder / "numbers.csv"],
            "sweeps": [folder / "sweeps.csv"],
            "over_time": [folder / "over_time.csv"],
            "settling": [],
            "neurons": [],
            "sweep_layers": [folder / "sweep_layers.csv"],
            "charts": charts,
            "rates": [folder / "rates.csv"],
            "accuracies": [folder / "accuracy.csv"],
            "replays": replays,
            "imports": imports,
            "conversions": conversions,
            "replaced": replaced,
            "agreement": [folder / f"agreement_{network}.csv" for network in NETWORKS],
            "published": published,
            "datasets": [folder / "digits.metadata.json"],
            "config": folder / "config.yaml",
            "versions": [folder / "versions.csv"],
            **study_tables(folder, parts, within_margin, promise, reaching, claims, other_point),
        },
        figure_folder=folder / "figures",
        report_path=folder / "report.html",
        config={
            "title": "A question?",
            "results": str(folder),
            "draws": 8,
            "study": study or DEFAULT_STUDY,
            "only_files": only_files,
            "parts": list(parts),
            "pruned": ["pruning/magnitude_80"],
            "network_labels": NETWORKS,
            "base_labels": {"few": "Few images"},
            "dataset_labels": {"digits": "Digits"},
            "published_source": "A paper",
            "bending": bending,
            "confidence": confidence,
            "probed": {name: {"images": 120, "steps": 1000} for name in NETWORKS},
        },
    )
    return (folder / "report.html").read_text()


def test_a_published_method_that_always_loses_less_is_no_failure(tmp_path, monkeypatch):
    rows = baselines(least_loss=0.005)
    monkeypatch.setitem(globals(), "baselines", lambda: rows)
    page = write_page(tmp_path)
    assert (
        "As converted: what published methods cost at the accepted loss is not known. All settings "
        "of <em>local balancing</em> that were judged lose less, so a cheaper one might do."
    ) in page
    assert "no published method" not in page


def test_scales_by_layer_are_left_to_the_figure(tmp_path, monkeypatch):
    """One of them makes all scales of a table texts."""
    rates = synthetic_tables.rates()
    by_layer = rates.assign(scale_firing_rates="{conv1: 100, conv2: 35}")
    tables = {"net": pd.concat([rates, by_layer]), "other": by_layer}
    names = iter(tables)
    monkeypatch.setattr(synthetic_tables, "rates", lambda: tables[next(names)].copy())
    page = write_page(tmp_path)
    assert "A network: at scale 1, layers fire at" in page
    assert "Another &lt;network&gt; was shown images with scales by layer only" in page


def test_a_study_says_whether_it_is_the_default_one(tmp_path):
    size = "It is cut to what two cores compute"
    page = write_page(tmp_path)
    assert "The default study: A network" in page
    assert size in page
    changed = ["networks.<mine>", *(f"study.{letter}" for letter in "abcd")]
    page = write_page(tmp_path, study=DEFAULT_STUDY | {"changed": changed, "default": False})
    assert "Your study, which differs from the default study in <code>networks.&lt;mine" in page
    assert "<code>study.c</code> and 1 more key: A network" in page
    assert size not in page


def test_each_way_of_scaling_is_told_apart(tmp_path):
    page = write_page(tmp_path).split('<h2 id="layer-scaling">')[1].split("</ul>")[0]
    assert (
        "Another &lt;network&gt;, at 80\u202f% of the ANN's accuracy. "
        "<em>Layers scaled one by one</em>: at the same factor, no difference is shown: "
        f"late minus early 1.0 ({MINUS}2.0 to 4.0) points. "
        "<em>Halves scaled as a whole</em>: at the same factor, late layers gain more: "
        "7.0 (2.0 to 12.0) points."
    ) in page.replace("\u2009", "\u202f")


def test_on_paper_one_network_stands_for_all(tmp_path):
    page = write_page(tmp_path)
    printed = page[page.index('<h2 id="firing-rates">') : page.index('<h2 id="layer-scaling">')]
    first, others = printed.split("<div class=again>")
    assert 'id="firing_rates-net"' in first
    assert 'id="firing_rates-other"' in others
    assert '<figure id="rate_outcomes-net" class=on-screen>' in first
    assert (
        "Not printed, but on screen and in <code>figures/</code>: rate_outcomes; "
        "of Another &lt;network&gt; also network_graph and firing_rates." in others
    )
    section = page[page.index('<h2 id="claims">') :]
    assert "<code>figures/</code>: uncertainty.</small>" in section[: section.index("</section>")]


def test_published_accuracies_are_shown_where_there_are_some(tmp_path):
    row = {"kind": "spikes", "synapse_s": math.nan, "scale_firing_rates": 1, "steps": 30}
    row |= {"published_accuracy": 0.2075, "accuracy": 0.2481, "overlap": True, "seeds": 3}
    row |= {"published_accuracy_low": 0.17, "published_accuracy_high": 0.25, "images": 2000}
    row |= {"accuracy_lowest_seed": 0.23, "accuracy_highest_seed": 0.26}
    published = "Comparison with published accuracies"
    assert published not in write_page(tmp_path)
    write_csv(pd.DataFrame([row]), tmp_path / "published_comparison.csv")
    page = write_page(tmp_path, published=[tmp_path / "published_comparison.csv"])
    for part in (published, "A paper", "no synapse, scale 1", "20.75", "24.81"):
        assert part in page


def test_a_doubtful_import_is_told_before_anything_else(tmp_path):
    assert "Doubtful numbers" not in write_page(tmp_path)
    facts = {"network": "net", "seed": 0, "doubts": ["no better than <chance>"]}
    (tmp_path / "metadata.json").write_text(json.dumps(facts))
    (tmp_path / "converted.json").write_text(json.dumps(facts | {"doubts": ["counted too low"]}))
    page = write_page(
        tmp_path,
        imports=[tmp_path / "metadata.json"],
        conversions=[tmp_path / "converted.json"],
    )
    assert f"{NETWORKS['net']} (seed 0) is no better than &lt;chance&gt;." in page
    assert f"{NETWORKS['net']} is counted too low." in page
    assert page.index("Doubtful numbers") < page.index('class="answer"')


def test_a_network_that_falls_short_is_told_why_and_what_to_try(tmp_path):
    assert 'class="why"' not in write_page(tmp_path)
    page = write_page(tmp_path, parts=(), margin=0.0001)
    assert page.count('<ul class="why">') == len(NETWORKS)
    assert "add settling to study.parts" in page


def test_what_scaling_bends_is_told_where_scales_are_shown(tmp_path):
    assert "How to read a scale here" not in write_page(tmp_path)
    page = write_page(tmp_path, bending="Rates are <bent>.")
    section = page.index('<h2 id="synapse-and-scaling">')
    assert (
        section
        < page.index("Rates are &lt;bent&gt;.")
        < page.index("accuracy_and_cost-net", section)
    )


def test_an_adapted_network_is_told_layer_by_layer(tmp_path):
    assert "Adapted networks" not in write_page(tmp_path)
    facts = {"network": "net", "seed": 0, "doubts": [], "epochs": 3, "images_trained_on": 2000}
    facts |= {"accuracy_as_saved": 0.913, "accuracy_after_replacement": 0.752, "margin": 0.02}
    facts |= {"accuracy_fine_tuned": 0.909, "judged_on": "280 test images"}
    facts |= {"lost": 0.004, "lost_low": -0.011, "lost_high": 0.019}
    (tmp_path / "metadata.json").write_text(json.dumps(facts))
    was = {"was": "MaxPooling2D", "becomes": "AveragePooling2D"}
    rows = [{"network": "net", "seed": 0, "layer": f"pool<{k}>", **was} for k in (1, 2)]
    write_csv(pd.DataFrame(rows), tmp_path / "replaced_layers.csv")
    page = write_page(
        tmp_path,
        imports=[tmp_path / "metadata.json"],
        replaced=[tmp_path / "replaced_layers.csv"],
    )
    for text in ("91.30", "75.20", "90.90", "280 test images", f"{MINUS}1.1 to 1.9; allowed: 2.0"):
        assert text in page
    assert "MaxPooling2D → AveragePooling2D<small>pool&lt;1&gt;, pool&lt;2&gt;</small>" in page


class Page(html.parser.HTMLParser):
    """Ids, links and sources of images of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.sources, self.frames = set(), set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            assert found["id"] not in self.ids, f"two elements are called {found['id']}"
            self.ids.add(found["id"])
        if tag == "a":
            self.links.add(found["href"])
        self.frames += [found["srcdoc"]] if "srcdoc" in found else []
        self.sources += [found["src"]] if "src" in found else []
