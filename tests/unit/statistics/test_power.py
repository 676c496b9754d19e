"""Components of variance, and the effects that a design can show, against known truth."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from spikesweep.statistics.components import Components, variance_components
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.power import Design, deciding_design, deciding_draws, smallest_effect

SEED, VOLTAGE, IMAGE, RESIDUAL = 0.02, 0.03, 0.3, 0.2
DRAWS = 5
TRUE = Components(SEED**2, VOLTAGE**2, IMAGE**2, RESIDUAL**2, seeds=3, draws=DRAWS, images=500)
AFFORDABLE = {"most_seeds": 30, "most_images": 10_000}


def outcomes(rng, seeds, images, mean=0.0, seed_sd=SEED, voltage_sd=VOLTAGE):
    """Outcomes of shape (seeds, images) with the components above, and each image's draw."""
    draws = np.arange(images) % DRAWS
    of_seed = seed_sd * rng.normal(size=(seeds, 1))
    of_draw = voltage_sd * rng.normal(size=(seeds, DRAWS))[:, draws]
    of_image = IMAGE * rng.normal(size=images)
    return mean + of_seed + of_draw + of_image + RESIDUAL * rng.normal(size=(seeds, images)), draws


def mean_components(seeds, runs=300):
    rng = np.random.default_rng(0)
    found = [variance_components(*outcomes(rng, seeds, 500)) for _ in range(runs)]
    return [
        math.sqrt(np.mean([getattr(components, name) for components in found]))
        for name in ("seed", "voltage", "image", "residual")
    ]


def test_components_are_those_that_made_the_outcomes():
    seed, voltage, image, residual = mean_components(seeds=5)
    assert seed == pytest.approx(SEED, rel=0.15)
    assert voltage == pytest.approx(VOLTAGE, rel=0.1)
    assert image == pytest.approx(IMAGE, rel=0.02)
    assert residual == pytest.approx(RESIDUAL, rel=0.02)


def test_draws_may_have_few_and_uneven_numbers_of_images():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        draws = rng.integers(0, 100, size=300)
        of_draw = 0.2 * rng.normal(size=(4, 100))[:, draws]
        noise = IMAGE * rng.normal(size=300) + RESIDUAL * rng.normal(size=(4, 300))
        found.append(variance_components(of_draw + noise, draws))
    assert math.sqrt(np.mean([one.voltage for one in found])) == pytest.approx(0.2, rel=0.1)
    assert math.sqrt(np.mean([one.residual for one in found])) == pytest.approx(RESIDUAL, rel=0.05)
    assert found[0].draws > 90


def test_one_seed_cannot_tell_itself_from_the_mean():
    seed, voltage, image, residual = mean_components(seeds=1)
    assert math.isnan(seed)
    assert voltage == pytest.approx(VOLTAGE, rel=0.2)
    assert image == pytest.approx(math.hypot(IMAGE, RESIDUAL), rel=0.02)
    assert residual == 0


def test_without_draws_voltages_are_not_told_from_seeds():
    rng = np.random.default_rng(0)
    found = [variance_components(outcomes(rng, 5, 500)[0]) for _ in range(300)]
    assert [components.voltage for components in found] == [0.0] * 300
    both = math.hypot(SEED, VOLTAGE / math.sqrt(DRAWS))
    assert math.sqrt(np.mean([c.seed for c in found])) == pytest.approx(both, rel=0.1)


@pytest.mark.parametrize(("seeds", "images"), [(1, 500), (2, 500), (3, 500), (5, 2000)])
def test_the_smallest_effect_is_shown_as_often_as_its_power_says(seeds, images):
    distance = smallest_effect(TRUE, Design(seeds, images, confidence=0.95))
    rng, runs = np.random.default_rng(1), 800
    varying = {} if seeds > 1 else {"seed_sd": 0.0, "voltage_sd": 0.0}
    shown = [
        crossed_effect(outcomes(rng, seeds, images, distance, **varying)[0], confidence=0.95).low
        for _ in range(runs)
    ]
    assert np.mean(np.array(shown) > 0) == pytest.approx(0.8, abs=0.04)


def test_more_choices_and_less_data_show_larger_effects_only():
    base = smallest_effect(TRUE, Design(3, 500, 0.95))
    assert smallest_effect(TRUE, Design(3, 500, 0.95, choices=7)) > base
    assert smallest_effect(TRUE, Design(2, 500, 0.95)) > base
    assert smallest_effect(TRUE, Design(3, 100, 0.95)) > base


@pytest.mark.parametrize("distance", [0.04, 0.07, 0.08])
def test_a_deciding_design_just_decides(distance):
    design = Design(3, 500, 0.95)
    assert smallest_effect(TRUE, design) > distance
    found = deciding_design(TRUE, design, distance, **AFFORDABLE)
    assert smallest_effect(TRUE, found) <= distance
    grown = "seeds" if found.seeds > 3 else "images"
    fewer = {"seeds": found.seeds, "images": found.images}
    fewer[grown] -= 1
    assert smallest_effect(TRUE, Design(**fewer, confidence=0.95)) > distance


def test_images_suffice_if_seeds_do_not_vary():
    still = Components(0.0, 0.0, IMAGE**2, 0.0, seeds=3, draws=1, images=500)
    found = deciding_design(still, Design(3, 500, 0.95), 0.02, **AFFORDABLE)
    assert found.seeds == 3
    assert found.images == pytest.approx(((1.96 + 0.84) * IMAGE / 0.02) ** 2, rel=0.02)


def test_draws_decide_where_voltages_vary_most():
    varied = Components(0.0, 0.1**2, 0.01**2, 0.0, seeds=3, draws=4, images=500)
    design = Design(3, 500, 0.95)
    assert smallest_effect(varied, design) > 0.05
    draws = deciding_draws(varied, design, 0.05)
    assert smallest_effect(replace(varied, draws=draws), design) <= 0.05
    assert smallest_effect(replace(varied, draws=draws - 1), design) > 0.05
    assert deciding_draws(TRUE, design, 0.01) is None


def test_no_affordable_design_decides_what_is_next_to_the_threshold():
    assert deciding_design(TRUE, Design(3, 500, 0.95), 0.001, **AFFORDABLE) is None


def test_outcomes_that_never_vary_show_what_two_more_images_leave():
    nothing = Components(0.0, 0.0, 0.0, 0.0, seeds=3, draws=1, images=500)
    interval = crossed_effect(np.zeros((3, 500)), confidence=0.95)
    assert smallest_effect(nothing, Design(3, 500, 0.95)) == pytest.approx(interval.high)


def test_effects_without_images_are_shown_as_students_t_says():
    of_seeds = Components(0.1**2, 0.0, 0.0, 0.0, seeds=4, draws=1, images=0)
    distance = smallest_effect(of_seeds, Design(4, 0, 0.95))
    values = distance + 0.1 * np.random.default_rng(0).normal(size=(4000, 4))
    low = ttest_1samp(values, 0, axis=1).confidence_interval().low
    assert np.mean(low > 0) == pytest.approx(0.8, abs=0.02)
