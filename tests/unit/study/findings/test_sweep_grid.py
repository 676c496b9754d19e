"""Which synapse is best, and over which scales."""

import finding_tables as made
import numpy as np
import pytest

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.operating_range import operating_range, weights_over
from spikesweep.study.findings.sweep_grid import best_elsewhere, sweep_grids

SHARES = (0.5, 0.95)
SCALES = np.array([1.0, 10.0, 100.0, 1000.0])


def grid_of(study):
    seeds = list(study)
    return sweep_grids(
        [
            Answered(
                network=seeds[0][0],
                tables=tuple(rows.reset_index(drop=True) for _, _, rows, _ in seeds),
                correct=tuple(answers.final for *_, answers in seeds),
                ann_correct=np.array([answers.ann_correct for *_, answers in seeds]),
                draws=seeds[0][3].draws,
                images=seeds[0][3].images,
            )
        ],
        SHARES,
    )[0]


def test_a_seed_does_not_choose_its_own_synapse():
    curves = np.array([[0.5, 0.6], [0.52, 0.5], [0.52, 0.5]])
    # The first seed alone is lucky with the second synapse.
    assert best_elsewhere(curves) == [0, 1, 1]
    assert best_elsewhere(curves, among=[1]) == [1, 1, 1]
    assert best_elsewhere(curves[:1]) == [1]


def test_no_synapse_is_the_shortest_and_rows_may_come_in_any_order():
    study = made.sweeps(
        lambda network, synapse, scale: 0.3 + 0.1 * (synapse == 0.01) + scale / 1000,
        networks=("flat",),
    )
    grid = grid_of(study)
    assert grid.synapses.tolist() == [-1, 0.001, 0.01, 0.1]
    order = np.random.default_rng(0).permutation(len(study.table))
    shuffled = made.Study(
        study.table.iloc[order].reset_index(drop=True), study.correct[order], study.ann_correct
    )
    np.testing.assert_array_equal(grid_of(shuffled).correct, grid.correct)
    np.testing.assert_array_equal(grid_of(shuffled).synops, grid.synops)


def test_the_operating_range_lies_between_chance_and_ceiling():
    # Half of 0.9 is reached halfway between 1 and 10, 95 % of it at 100.
    accuracy = np.array([0.1, 0.8, 0.855, 0.9])
    low, high = operating_range(SCALES, accuracy, 0.9, SHARES)
    assert (low, high) == (pytest.approx(np.sqrt(10)), pytest.approx(100))
    assert operating_range(SCALES, accuracy / 3, 0.9, SHARES) is None
    assert operating_range(SCALES, np.full(4, 0.9), 0.9, SHARES) is None
    # What lies within the range from the first scale to the last is used whole.
    assert operating_range(SCALES, np.full(4, 0.6), 0.9, SHARES) == (1, 1000)


def test_more_scales_in_the_list_change_no_average():
    def line(scales):
        return 0.1 + 0.2 * np.log10(scales)

    fine = np.array([0.01, 0.5, 1, 3, 10, 30, 100, 200, 1000, 10_000])
    averages = [weights_over(scales, (4.0, 300.0)) @ line(scales) for scales in (SCALES, fine)]
    assert averages[0] == pytest.approx(line(np.sqrt(4.0 * 300.0)))
    assert averages[1] == pytest.approx(averages[0])
    assert weights_over(fine, (4.0, 300.0))[:2].tolist() == [0, 0]


@pytest.mark.parametrize("extra", [(), (0.01, 0.1), (1000, 10_000)])
def test_a_verdict_does_not_depend_on_scales_at_chance_or_at_the_ceiling(extra):
    def accuracy(network, synapse, scale):
        level = np.clip(0.1 + 0.43 * np.log10(max(scale, 1)), 0.1, 0.96)
        return level - (0.05 if synapse == 0.01 and 0.3 < level < 0.93 else 0)

    scales = tuple(sorted({1, 10, 30, 100, *extra}))
    grid = grid_of(made.sweeps(accuracy, networks=("flat",), scales=scales, spread=0))
    reference = grid_of(
        made.sweeps(accuracy, networks=("flat",), scales=(1, 10, 30, 100), spread=0)
    )
    np.testing.assert_allclose(grid.curves, reference.curves, atol=1e-12)
