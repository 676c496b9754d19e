"""The rows of the first screen."""

import pytest

from spikesweep.report.key_numbers import key_numbers, recommended_rows

ACCURACIES = {"cheapest": 0.793666667, "best": 0.793666667}


def numbers(best_scale):
    """Main numbers whose cheapest setting lies, but for rounding, at the margin."""
    row = {"network": "net", "cheapest_found": True, "accuracy_margin": 0.01, "steps": 60}
    row |= {"ann_accuracy": 0.803666667, "images": 1000, "seeds": 3}
    for which, scale in (("cheapest", 200), ("best", best_scale)):
        row |= {f"{which}_synapse_s": 0.01, f"{which}_scale_firing_rates": scale}
        row |= {f"{which}_accuracy": ACCURACIES[which], f"{which}_energy_over_ann_45nm": 0.7}
        row[f"{which}_energy_over_ann_45nm_updates"] = 0.9
        for name in ("accuracy_low", "accuracy_high", "synops_per_image"):
            row[f"{which}_{name}"] = 0.5
        row |= {f"{which}_operations_per_image": 1e6, f"{which}_operations_over_ann": 3.2}
    return row


def rows(best_scale):
    sweeps = [
        {"network": "net", "synapse_s": 0.01, "scale_firing_rates": scale, "spikes_per_image": 9}
        for scale in (200, 400)
    ]
    return key_numbers([numbers(best_scale)], [], sweeps)["net"]


@pytest.mark.parametrize("best_scale", [200, 400])
def test_a_setting_at_the_margin_is_within_it_in_all_tables(best_scale):
    assert all(row["enough"] for row in rows(best_scale))


def test_energy_stands_with_and_without_neuron_updates():
    assert (rows(200)[0]["energy_over_ann"], rows(200)[0]["energy_with_updates_over_ann"]) == (
        0.7,
        0.9,
    )


def test_a_setting_that_is_both_has_one_row():
    assert [row["setting"] for row in rows(400)] == [
        "cheapest of the sweep",
        "most accurate of the sweep",
    ]
    assert [row["setting"] for row in rows(200)] == ["cheapest and most accurate of the sweep"]


def test_a_recommended_setting_is_priced_by_every_convention():
    row = {"network": "net", "scale_firing_rates": 20, "steps": 10, "synops_per_image": 1e6}
    row |= {"input_macs_per_image": 2e5, "ann_macs_per_image": 1e6}
    [priced] = recommended_rows([row], [{"network": "net", "neurons": 1000}])
    assert priced["energy_j_45nm"] == pytest.approx(0.9e-6 + 0.92e-6)
    assert priced["energy_over_ann_45nm"] == pytest.approx(1.82 / 4.6)
    assert priced["energy_over_ann_45nm_updates"] == pytest.approx(1.866 / 4.6046)
    assert priced["energy_j_loihi"] == pytest.approx(1.2e6 * 27.1e-12 + 1e4 * 81e-12)
    assert "energy_over_ann_loihi" not in priced
