"""Which settings cannot be told from the best, from answers of known truth."""

import numpy as np
import pandas as pd
import pytest

from spikesweep.experiments.answered import Answered
from spikesweep.study.synapse_and_scaling.alike import COLUMNS, alike_the_best

SYNAPSES = (np.nan, 0.005, 0.01)


def compared(accuracies, seeds=4, images=2000, changed=0.02):
    """Settings of these accuracies; a share of the images is answered by chance."""
    rng = np.random.default_rng(0)
    settings = pd.DataFrame({"synapse_s": SYNAPSES, "scale_firing_rates": 10.0})
    tables, correct = [], []
    for _ in range(seeds):
        hard = rng.random(images)
        luck = np.where(rng.random((3, images)) < changed, rng.random((3, images)), hard)
        order = rng.permutation(3)
        tables.append(settings.iloc[order].reset_index(drop=True))
        correct.append((luck < np.array(accuracies)[:, None])[order])
    ann, numbers = np.ones((seeds, images), bool), np.arange(images)
    study = Answered("net", tuple(tables), tuple(correct), ann, 0 * numbers, numbers)
    table = pd.DataFrame(alike_the_best(study, 0.95), columns=list(COLUMNS))
    return table.sort_values("synapse_s", na_position="first")


def test_a_setting_that_is_worse_is_told_from_the_best():
    table = compared((0.9, 0.9, 0.85))
    assert table["alike"].tolist() == [True, True, False]
    assert table["less_than_best"].iloc[2] == pytest.approx(0.05, abs=0.01)
    assert table["low"].iloc[2] > 0


def test_the_best_is_alike_itself():
    table = compared((0.5, 0.9, 0.7))
    assert table["alike"].tolist() == [False, True, False]
    assert table["less_than_best"].iloc[1] == 0


def test_images_that_are_shared_tell_what_single_accuracies_would_not():
    # Wilson's interval of 90 % on 2,000 images reaches 1.3 points down.
    assert not compared((0.9, 0.888, 0.888), changed=0.0)["alike"].iloc[1:].any()
