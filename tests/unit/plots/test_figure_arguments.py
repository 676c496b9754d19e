"""`scripts/plot_figure.py` calls each figure with what its rule and the config name."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from spikesweep.parts import all_figures, module_of

RULES = "\n".join(path.read_text() for path in sorted(Path("rules").glob("*.smk")))
LABELS = {"study": "network_labels", "network": "network_label", "dataset": "dataset_label"}


@pytest.mark.parametrize("figure", all_figures(), ids=lambda figure: figure.name)
def test_figure_takes_the_inputs_of_its_rule_and_the_look_by_name(figure):
    draw = getattr(import_module(module_of(figure.name)), f"plot_{figure.name}")
    parameters = inspect.signature(draw).parameters.values()
    inputs = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    look = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    assert inputs == rule_inputs(figure.name)
    assert "title" in look
    assert ("palette" in look) == bool(figure.colours)
    assert look & set(LABELS.values()) == {LABELS[figure.of]}


def rule_inputs(name):
    """Names of the inputs of the rule that draws a figure."""
    pattern = rf"^use rule plot_figure as plot_{name} with:\n    input:\n(.*?)^    \w+:\n"
    (inputs,) = re.findall(pattern, RULES, re.MULTILINE | re.DOTALL)
    return re.findall(r"^ {8}(\w+)=", inputs, re.MULTILINE)
