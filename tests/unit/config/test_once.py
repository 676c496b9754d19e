"""Keys that a config file gives twice."""

import re
from pathlib import Path

import pytest

from spikesweep.config.once import check_keys_once
from spikesweep.errors import UserError

CONFIGS = sorted((Path(__file__).parents[3] / "config").glob("*.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "a is given in line 1 and again in line 3"),
        (
            "study:\n  parts: []\n  networks: [n]\n  parts: [export]\n",
            "study.parts is given in line 2",
        ),
        ("ways:\n  - {neuron: lif, neuron: lif}\n", "ways.neuron is given in line 2"),
        ("n: &n {a: 1}\nm: *n\nstudy: {a: 1, a: 2}\n", "study.a is given in line 3"),
    ],
)
def test_a_key_given_twice_is_named_with_its_lines(tmp_path, text, said):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match=rf"mine\.yaml: {re.escape(said)}"):
        check_keys_once([file])


def test_the_same_key_in_two_maps_is_fine(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("a: {seed: 0}\nb: {seed: 0}\n# a: 3\n")
    empty = tmp_path / "empty.yaml"
    empty.write_text("# nothing\n")
    check_keys_once([file, empty])


def test_no_config_of_this_checkout_gives_a_key_twice():
    check_keys_once(CONFIGS)
    assert len(CONFIGS) > 3
