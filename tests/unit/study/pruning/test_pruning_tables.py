"""Where accuracy begins to fall, on curves whose knee is known; and the study's tables."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from spikesweep.errors import UserError
from spikesweep.study.pruning.knee import knees, with_unpruned
from spikesweep.study.pruning.scale import pruned_scale
from spikesweep.study.pruning.tables import pruned_spiking, pruning_accuracy

SPARSITIES = (0, 0.5, 0.8, 0.9, 0.95)


def table(curves, sparsities=SPARSITIES, method="magnitude"):
    """One curve of accuracies a seed; test accuracy is always half of training accuracy."""
    return pd.DataFrame(
        {
            "method": method,
            "target_sparsity": sparsity,
            "seed": seed,
            "sparsity": sparsity,
            "train_accuracy": accuracy,
            "test_accuracy": accuracy / 2,
            "train_images": 3000,
            "test_images": 10_000,
        }
        for seed, curve in enumerate(curves)
        for sparsity, accuracy in zip(sparsities, curve, strict=True)
    )


def train_knee(curves, margin=0.01, **changes):
    found = knees(table(curves, **changes), margin=margin, confidence=0.95)
    return found[found["split"] == "train"].iloc[0]


def test_a_sharp_knee_lies_where_the_fall_crosses_the_margin():
    row = train_knee([[0.99, 0.99, 0.99, 0.89, 0.5]])
    # A tenth of the way from 20 to 10 % of the weights, in their logarithm.
    assert row["knee_sparsity"] == pytest.approx(1 - 0.2 / 2**0.1)
    assert row["first_tested_below"] == 0.9
    assert row["lost_at_published"] == pytest.approx(0)
    assert math.isnan(row["knee_low"])
    assert row["method_of_interval"] == "none (one seed)"


def test_a_loss_of_exactly_the_margin_is_no_fall():
    assert train_knee([[0.99, 0.98, 0.98, 0.98, 0.97]])["knee_sparsity"] == pytest.approx(0.9)


def test_what_never_falls_has_the_largest_sparsity_and_is_flagged():
    row = train_knee([[0.9, 0.91, 0.9, 0.9, 0.895], [0.9, 0.9, 0.9, 0.9, 0.8]])
    assert (row["seeds"], row["seeds_never_fallen"]) == (2, 1)
    # One seed never falls, the other a tenth of the way from 10 to 5 %: the mean of logarithms.
    assert row["knee_sparsity"] == pytest.approx(1 - (0.05 * 0.1 / 2**0.1) ** 0.5)
    assert train_knee([[0.9] * 5])["knee_sparsity"] == pytest.approx(0.95)
    assert math.isnan(train_knee([[0.9] * 5])["first_tested_below"])


def test_what_falls_at_once_has_its_knee_before_the_first_sparsity():
    row = train_knee([[1.0, 0.5, 0.4, 0.3, 0.2]])
    assert row["knee_sparsity"] == pytest.approx(1 - 0.5**0.02)
    assert row["first_tested_below"] == 0.5


def test_a_later_recovery_does_not_undo_a_fall():
    assert train_knee([[1.0, 0.5, 1.0, 1.0, 1.0]])["knee_sparsity"] < 0.02


def test_the_interval_is_that_of_a_t_distribution_over_seeds():
    curves = [[1, 1, 1, 1 - 0.1 / n, 0.5] for n in (1, 2, 4)]
    row = train_knee(curves)
    depths = [-math.log(0.2) + math.log(2) * share for share in (0.1, 0.2, 0.4)]
    interval = stats.t.interval(0.95, 2, np.mean(depths), stats.sem(depths))
    for column, depth in zip(("knee_low", "knee_high"), interval, strict=True):
        assert row[column] == pytest.approx(1 - math.exp(-depth))
    assert row["knee_sparsity"] == pytest.approx(1 - math.exp(-np.mean(depths)))


def test_the_loss_at_the_published_sparsity_is_interpolated_and_has_an_interval():
    row = train_knee([[1, 0.9, 0.8], [1, 0.9, 0.7]], sparsities=(0, 0.7, 0.9))
    share = math.log(0.3 / 0.2) / math.log(0.3 / 0.1)
    assert row["lost_at_published"] == pytest.approx(0.1 + 0.15 * share)
    assert row["lost_at_published_low"] < 0.13 < 0.17 < row["lost_at_published_high"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=1, max_size=4),
    st.floats(0.001, 0.2),
)
def test_knees_lie_among_the_tested_sparsities_and_grow_with_the_margin(curves, margin):
    row, tolerant = train_knee(curves, margin), train_knee(curves, 2 * margin)
    assert 0 <= row["knee_sparsity"] <= 0.95 + 1e-9
    assert row["knee_sparsity"] <= tolerant["knee_sparsity"] + 1e-12
    if not math.isnan(row["knee_low"]):
        assert 0 <= row["knee_low"] <= row["knee_sparsity"] <= row["knee_high"] <= 1


def test_every_method_is_compared_with_the_unpruned_network():
    accuracy = pd.concat(
        [
            table([[0.9, 0.9, 0.9, 0.8, 0.7]]),
            table([[0.6, 0.5]], sparsities=(0.5, 0.9), method="structured"),
        ]
    )
    both = with_unpruned(accuracy)
    structured = both[both["method"] == "structured"]
    assert structured["sparsity"].tolist() == [0, 0.5, 0.9]
    assert structured["train_accuracy"].tolist() == [0.9, 0.6, 0.5]
    assert len(both) == 8
    found = knees(accuracy, margin=0.1, confidence=0.95)
    assert found[["method", "split"]].to_numpy().tolist() == [
        [method, split] for method in ("magnitude", "structured") for split in ("train", "test")
    ]


def test_an_unpruned_network_that_two_methods_have_counts_once():
    accuracy = pd.concat([table([[0.9] * 5]), table([[0.9] * 5], method="structured")])
    assert len(with_unpruned(accuracy)) == 10


def test_without_an_unpruned_network_there_is_no_knee():
    with pytest.raises(UserError, match="add 0 to one of them"):
        knees(table([[0.9, 0.8]], sparsities=(0.5, 0.8)), margin=0.01, confidence=0.95)


def variant_tables():
    variant = {"network": "pruning/magnitude_50", "seed": 1}
    layers = pd.DataFrame(
        {
            **variant,
            "method": "magnitude",
            "target_sparsity": 0.5,
            "layer": ["conv1", "output"],
            "weights": [10, 90],
            "nonzero": [6, 45],
        }
    )
    accuracy = pd.DataFrame(
        {
            **variant,
            "split": ["train", "validation", "test"],
            "images": 10,
            "accuracy": [0.9, 0.8, 0.7],
            "accuracy_low": [0.8, 0.7, 0.6],
            "accuracy_high": [1.0, 0.9, 0.8],
        }
    )
    return accuracy, layers, variant


def test_accuracies_stand_beside_the_sparsity_that_was_reached():
    accuracy, layers, _ = variant_tables()
    (row,) = pruning_accuracy(accuracy, layers).to_dict("records")
    assert (row["weights"], row["nonzero_weights"]) == (100, 51)
    assert row["sparsity"] == pytest.approx(0.49)
    assert [row[f"train_accuracy{end}"] for end in ("", "_low", "_high")] == [0.9, 0.8, 1.0]
    assert row["test_accuracy"] == 0.7
    assert (row["train_images"], row["test_images"]) == (10, 10)


def test_sweeps_get_the_sparsity_of_their_network():
    accuracy, layers, variant = variant_tables()
    sweeps = pd.DataFrame({**variant, "scale_firing_rates": [1.0, 10.0], "accuracy": [0.1, 0.6]})
    spiking = pruned_spiking(sweeps, pruning_accuracy(accuracy, layers))
    assert spiking["sparsity"].tolist() == pytest.approx([0.49, 0.49])
    assert spiking["method"].tolist() == ["magnitude"] * 2
    assert spiking["accuracy"].tolist() == [0.1, 0.6]


def spiking(scales=(1, 10, 100), seeds=(0, 1, 2)):
    """Spikes lose 0.4 / scale; with a fifth of the weights, half as many lose twice that."""
    rows = []
    for seed in seeds:
        for sparsity, loss, spikes in ((0, 0.4, 100.0), (0.8, 0.8, 50.0)):
            for scale in scales:
                rows.append(
                    {
                        "method": "magnitude",
                        "target_sparsity": sparsity,
                        "sparsity": sparsity,
                        "seed": seed,
                        "synapse_s": 0.01,
                        "scale_firing_rates": scale,
                        "accuracy": 0.95 - loss / scale,
                        "ann_accuracy": 0.95,
                        "spikes_per_image": (1 + 0.1 * seed) * spikes * scale,
                        "synops_per_image": (1 + 0.1 * seed) * spikes * scale * (1 - sparsity),
                    }
                )
    return pd.DataFrame(rows)


def test_the_scale_that_a_pruned_network_needs_is_compared_with_the_unpruned_one():
    table = pruned_scale(spiking(), 0.95).set_index("target_sparsity")
    # The loss falls from 0.4 to 0.04, or from 0.08 to 0.008, while the scale grows ten times.
    expected = {0: 10 ** (0.35 / 0.36), 0.8: 10 ** (1 + 0.03 / 0.072)}
    assert table["scale_at_loss"].to_dict() == pytest.approx(expected)
    row = table.loc[0.8]
    assert row["scale_ratio"] == pytest.approx(expected[0.8] / expected[0])
    assert row["synops_ratio_at_loss"] == pytest.approx(0.1 * row["scale_ratio"])
    assert row["weights_left"] == pytest.approx(0.2)
    assert row["spikes_ratio"] == pytest.approx(0.5)
    # Half the spikes over a fifth of the weights: sparsity and low rates multiply.
    assert row["synops_ratio"] == pytest.approx(0.1)
    # Each seed is compared with itself, so what seeds have in common is no uncertainty.
    assert row["spikes_ratio_low"] == pytest.approx(row["spikes_ratio_high"])
    assert (table.loc[0, ["scale_ratio", "spikes_ratio", "synops_ratio"]] == 1).all()


def test_a_network_that_loses_more_at_every_scale_has_none_and_one_seed_no_interval():
    short = pruned_scale(spiking(scales=(1, 10)), 0.95).set_index("target_sparsity")
    assert short.loc[0, "scale_at_loss"] > 1
    assert short.loc[0.8, ["scale_at_loss", "scale_ratio", "synops_ratio_at_loss"]].isna().all()
    assert short.loc[0.8, "spikes_ratio"] == pytest.approx(0.5)
    one = pruned_scale(spiking(seeds=(4,)), 0.95)
    assert one["spikes_ratio_low"].isna().all()
    assert (one["seeds"] == 1).all()


def test_each_synapse_has_rows_of_its_own_none_included():
    table = pd.concat([spiking(), spiking().assign(synapse_s=np.nan)])
    found = pruned_scale(table, 0.95)
    assert found["synapse_s"].isna().tolist() == [False, False, True, True]
