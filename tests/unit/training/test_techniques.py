import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.errors import UserError
from spikesweep.training.techniques import resolve

SCRIPTS = str(Path(__file__).parents[3] / "scripts")
BASE = {
    "dataset": "mnist",
    "architecture": "cnn",
    "options": {"filters": [4, 4], "strides": [2, 2]},
    "seeds": [0, 1],
    "training": {"epochs": 2, "shift": 0},
}
TECHNIQUES = {
    "none": {"input": "raw"},
    "rescaling": {},
    "whitening": {"input": "whitened"},
    "shift": {"shift": 2},
    "far": {"shift": 4},
    "dropout": {"dropout": 0.3},
    "batch_norm": {"batch_norm": True},
    "l2": {"l2": 0.001},
}


def test_a_technique_that_changes_nothing_leaves_the_network_as_it_is():
    assert resolve(BASE, TECHNIQUES, "rescaling") == BASE


def test_techniques_combine_and_each_key_lands_where_training_looks_for_it():
    found = resolve(BASE, TECHNIQUES, "whitening+shift+dropout+l2")
    assert found == {
        **BASE,
        "input": "whitened",
        "options": {**BASE["options"], "dropout": 0.3},
        "training": {**BASE["training"], "shift": 2, "l2": 0.001},
    }


@given(st.permutations(["none", "shift", "dropout", "batch_norm", "l2"]))
def test_the_order_of_a_combination_and_the_given_maps_stay_of_no_account(names):
    given_before = deepcopy((BASE, TECHNIQUES))
    assert resolve(BASE, TECHNIQUES, "+".join(names)) == resolve(
        BASE, TECHNIQUES, "none+shift+dropout+batch_norm+l2"
    )
    assert given_before == (BASE, TECHNIQUES)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("shfit", "no technique 'shfit'; allowed: batch_norm, dropout, far, l2, none"),
        ("shift+", "no technique ''"),
        ("shift+far", "'shift' and 'far' both set shift"),
        ("none+whitening", "'none' and 'whitening' both set input"),
    ],
)
def test_what_makes_no_sense_is_refused(name, told):
    with pytest.raises(UserError) as refusal:
        resolve(BASE, TECHNIQUES, name)
    assert told in str(refusal.value)


def test_resolving_costs_no_heavy_import():
    code = (
        f"import sys; sys.path.insert(0, {SCRIPTS!r})\n"
        "from spikesweep.training.techniques import resolve\n"
        "heavy = {'tensorflow', 'keras', 'tf_keras', 'numpy', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
