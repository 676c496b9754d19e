"""What differs between two runs."""

import pandas as pd
import pytest
import yaml
from finished_runs import finished_run

from spikesweep.errors import UserError
from spikesweep.report.compare import (
    compared_numbers,
    compared_values,
    compared_verdicts,
    write_comparison,
)
from spikesweep.report.finished_run import read_run

TEMPLATE = "reports/compare.html.j2"


@pytest.fixture
def one(tmp_path):
    return finished_run(tmp_path / "one")


def changed(lines):
    return [line.name for line in lines if line.changed]


def test_a_run_does_not_differ_from_its_copy(one, tmp_path):
    copy = finished_run(tmp_path / "copy")
    runs = [read_run(folder) for folder in (one, copy)]
    assert changed(compared_verdicts(*(run["findings"] for run in runs))) == []
    numbers = compared_numbers(*runs)
    assert len(numbers) > 8
    assert changed(numbers) == []


def test_a_verdict_that_changed_is_named_and_an_effect_alone_is_no_change(one, tmp_path):
    other = finished_run(
        tmp_path / "other", findings={"verdict": "not reproduced", "effect": -0.02}
    )
    third = finished_run(tmp_path / "third", findings={"effect": 0.61})
    findings = [read_run(folder)["findings"] for folder in (one, other, third)]
    lines = compared_verdicts(findings[0], findings[1])
    assert changed(lines) == ["Scaling raises accuracy"]
    assert lines[0].one.startswith("reproduced: +62.0 points")
    assert lines[0].other.startswith("not reproduced: \N{MINUS SIGN}2.0 points")
    assert changed(compared_verdicts(findings[0], findings[2])) == []
    # What neither run judges is no difference.
    assert "Residual networks differ" not in [line.name for line in lines]


def test_settings_and_costs_that_changed_are_named(one, tmp_path):
    other = finished_run(
        tmp_path / "other", recommendations={"synapse_s": 0.02, "synops_per_image": 8000}
    )
    lines = compared_numbers(read_run(one), read_run(other))
    assert changed(lines) == [
        "A network: recommended setting",
        "A network: what it costs",
    ]
    recommended = next(line for line in lines if line.name == "A network: recommended setting")
    assert (recommended.one[:13], recommended.other[:13]) == ("15 ms synapse", "20 ms synapse")


def test_a_network_of_one_run_alone_has_nothing_on_the_other_side(one, tmp_path):
    other = finished_run(tmp_path / "other", networks=("net",))
    lines = compared_numbers(read_run(one), read_run(other))
    assert {line.other for line in lines if line.name.startswith("Another")} == {"\N{EN DASH}"}


def test_values_of_the_config_are_compared_by_key():
    one = {"simulation": {"draws": 16, "seed": 0}, "study": {"parts": ["settling"]}}
    other = {"simulation": {"draws": 8, "seed": 0}, "study": {"parts": []}, "new": 1}
    found = [(line.name, line.one, line.other) for line in compared_values(one, other)]
    assert found == [
        ("new", "\N{EN DASH}", "1"),
        ("simulation.draws", "16", "8"),
        ("study.parts", "[settling]", "[]"),
    ]


def test_the_page_says_how_much_differs(one, tmp_path, request):
    other = finished_run(tmp_path / "other", findings={"verdict": "inconclusive"})
    config = other / "provenance" / "config.yaml"
    changed_config = yaml.safe_load(config.read_text()) | {"results": "results/mine"}
    config.write_text(yaml.safe_dump(changed_config))
    page = tmp_path / "comparison.html"
    write_comparison(one, other, page, request.config.rootpath / TEMPLATE)
    text = page.read_text()
    assert "<strong>1 of 2 verdicts</strong>" in text
    assert "1 value of the config differ" in text
    # A commit is shown by ten digits.
    assert "0123456789." in text
    assert pd.read_csv(one / "findings.csv")["statement"][0] in text


def test_two_names_of_one_folder_are_refused(one, tmp_path, request):
    with pytest.raises(UserError, match="the same folder"):
        write_comparison(one, one / ".", tmp_path / "page.html", request.config.rootpath / TEMPLATE)


def test_an_unfinished_run_is_named(one, tmp_path, request):
    with pytest.raises(UserError, match="nowhere holds no finished run"):
        write_comparison(
            one, tmp_path / "nowhere", tmp_path / "p", request.config.rootpath / TEMPLATE
        )
