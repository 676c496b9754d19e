"""Ways to search for a cheap setting, on networks small enough to know the answer."""

import math
from itertools import pairwise, product
from types import SimpleNamespace

import numpy as np
import pytest

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate, Reading, readings
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.statistics.margins import ROUNDING
from spikesweep.study.recommendation import evaluate as evaluate_module
from spikesweep.study.recommendation.evaluate import Evaluation, Evaluator, best_reading
from spikesweep.study.recommendation.methods import greedy_by_rate, greedy_by_saving, uniform
from spikesweep.study.recommendation.search import search
from spikesweep.study.recommendation.space import Space

SPACE = Space(("first", "second"), (0.002, 0.005), (1.0, 5.0, 20.0, 80.0))
READINGS = readings([15, 30], ["last", "mean", "last_third"])
CONFIG = {"exhaustive_up_to": 32, "trials": 30, "seed": 0, "accuracy_margin": 0.05}


def experiment(seed):
    """Two spiking layers with random weights; labels are what they say as rates."""
    rng = np.random.default_rng(seed)
    sizes = {"image": 4, "first": 8, "second": 6, "output": 3}
    names = list(sizes)
    layers = [Input("image", (), (4,))]
    for before, name in pairwise(names):
        kernel = rng.normal(0, 1, (sizes[before], sizes[name])).astype("f4")
        dense = f"{name}.current" if name != "output" else name
        shape, bias = (sizes[name],), np.zeros(sizes[name], "f4")
        layers.append(Dense(dense, (before,), shape, kernel, bias))
        if name != "output":
            voltages = rng.uniform(0, 1, sizes[name]).astype("f4")
            layers.append(Spiking(name, (dense,), shape, SpikingReLU(), voltages))
    network = SpikingNetwork(
        tuple(layers),
        seed=0,
        dt=0.001,
        input_scale=np.float32(0.2),
        input_offset=np.float32(0),
    )
    images = rng.integers(0, 256, (60, 4)).astype(np.uint8)
    classes = ann_scores(network, images).argmax(axis=1)
    sample = Sample(images, classes, classes, np.arange(len(classes)))
    return Experiment(network, sample, 30, engine_named("fused"), Limits())


def ann_scores(network, images):
    activity = network.prepare(images)
    *hidden, last = [layer.kernel for layer in network.layers if isinstance(layer, Dense)]
    for kernel in hidden:
        activity = np.maximum(activity @ kernel, 0)
    return activity @ last


def evaluator(experiments):
    scores = {seed: ann_scores(one.network, one.sample.images) for seed, one in experiments.items()}
    return Evaluator(experiments, READINGS, "toy", scores)


@pytest.fixture(scope="module")
def experiments():
    return {0: experiment(0), 1: experiment(1)}


@pytest.fixture(scope="module")
def table(experiments):
    return search(evaluator(experiments), SPACE, CONFIG)


def test_exhaustive_search_finds_the_true_optimum(experiments, table):
    """Each reading is simulated here by itself: what is read early costs only what came before."""
    truth = {}
    for reading, one in product(READINGS, experiments.values()):
        images = one.network.prepare(one.sample.images)
        responses = simulate(
            one.network, images, SPACE.all_settings(), reading.steps, engine=one.engine
        )
        averaged = {"last": 1, "mean": reading.steps, "last_third": reading.steps // 3}[
            reading.readout
        ]
        for response in responses:
            classes = response.scores[:, -averaged:].mean(axis=1).argmax(axis=1)
            numbers = truth.setdefault((response.setting, reading), np.zeros(2))
            synops = sum(a.synops.mean() for a in response.layers.values())
            numbers += ((classes == one.sample.labels).mean() / 2, synops / 2)
    within = [synops for accuracy, synops in truth.values() if accuracy >= 0.95 - ROUNDING]
    assert 0 < len(within) < len(truth) == 192
    tried = table[table["method"] == "exhaustive"]
    assert tried["evaluation"].max() == 32
    for _, row in tried.iterrows():
        candidate = Candidate.from_table(row)
        accuracy, synops = truth[candidate.setting, candidate.reading]
        assert row["accuracy"] == pytest.approx(accuracy)
        assert row["synops_per_image"] == pytest.approx(synops)
    assert tried["cheapest_synops_per_image"].iloc[-1] == pytest.approx(min(within))


def test_no_method_beats_exhaustive_search_on_its_grid(table):
    front = table[(table["method"] == "exhaustive") & table["on_front"]]
    on_grid = set(table.loc[table["method"] == "exhaustive", "scale_firing_rates"])
    others = table[(table["method"] != "exhaustive") & table["scale_firing_rates"].isin(on_grid)]
    assert set(others["method"]) == {
        "uniform",
        "greedy_by_rate",
        "greedy_by_saving",
        "additive",
        "optuna",
    }
    for row in others.itertuples():
        as_cheap = front[front["synops_per_image"] <= row.synops_per_image]
        assert as_cheap["accuracy"].max() >= row.accuracy


def test_table_counts_settings_and_keeps_the_cheapest_so_far(table):
    for _, tried in table.groupby("method"):
        assert set(np.diff(tried["evaluation"])) <= {0, 1}
        settings = tried.groupby("evaluation")[["synapse_s", "scale_firing_rates"]].nunique()
        assert (settings == 1).all(axis=None)
        assert not tried.duplicated(["synapse_s", "scale_firing_rates", "steps", "readout"]).any()
        for index in range(len(tried)):
            until = tried.iloc[: index + 1]
            within = until[until["accuracy"] >= 0.95 - ROUNDING]["synops_per_image"]
            found = tried["cheapest_synops_per_image"].iloc[index]
            assert found == within.min() or (math.isnan(found) and within.empty)


def test_of_a_settings_readings_those_that_another_beats_are_left_out(table):
    for _, rows in table.groupby(["method", "evaluation"]):
        assert (np.diff(rows["synops_per_image"]) > 0).all()
        assert (np.diff(rows["accuracy"]) > 0).all()


def test_best_reading_is_the_cheapest_that_is_accurate_enough():
    def one(accuracy, synops):
        return Evaluation(Setting(0.01), READINGS[0], accuracy, 0.0, synops, {})

    found = [one(0.5, 10), one(0.96, 30), one(0.95, 20), one(0.99, 90)]
    assert best_reading(found, 0.95) is found[2]
    assert best_reading(found, 0.999) is found[3]


def test_readings_of_known_scores():
    scores = np.zeros((1, 9, 3))
    scores[0, :6, 0] = 2
    scores[0, 6:, 1] = 5
    scores[0, 8, 2] = 6
    answers = {
        (steps, readout): Reading(steps, readout).classes(scores)[0]
        for readout in ("last", "last_third", "second_half", "mean")
        for steps in (6, 7, 9)
    }
    assert answers == {
        **{(6, "last"): 0, (7, "last"): 1, (9, "last"): 2},
        # Of two, two and three steps.
        **{(6, "last_third"): 0, (7, "last_third"): 1, (9, "last_third"): 1},
        # Of three, four and five.
        **{(6, "second_half"): 0, (7, "second_half"): 0, (9, "second_half"): 1},
        **{(6, "mean"): 0, (7, "mean"): 0, (9, "mean"): 1},
    }
    assert Reading(2, "last_third").averaged_steps == 1


def test_a_space_that_is_too_large_is_not_searched_exhaustively(experiments):
    table = search(evaluator(experiments), SPACE, CONFIG | {"exhaustive_up_to": 31})
    assert "exhaustive" not in set(table["method"])


def test_search_gives_the_same_table_again_and_another_for_another_seed(experiments, table):
    again = search(evaluator(experiments), SPACE, CONFIG)
    assert again.equals(table)
    other = search(evaluator(experiments), SPACE, CONFIG | {"seed": 1})
    tried, tried_by_other = (t[t["method"] == "optuna"] for t in (table, other))
    assert tried["scale_firing_rates"].tolist() != tried_by_other["scale_firing_rates"].tolist()


def test_no_setting_is_simulated_twice(experiments, monkeypatch):
    simulated = []
    outcomes = evaluate_module.outcomes

    def counted(one, settings, *others):
        simulated.extend(settings if one is experiments[0] else [])
        return outcomes(one, settings, *others)

    monkeypatch.setattr(evaluate_module, "outcomes", counted)
    search(evaluator(experiments), SPACE, CONFIG)
    assert len(simulated) == len(set(simulated)) >= 32


# ------------------------------------------------- methods alone, where accuracy is a formula


class Known:
    """Each layer costs its scale times its weight, and loses accuracy as its rate falls."""

    def __init__(self, rates_hz, synops):
        self.rates_hz, self.synops = rates_hz, synops
        self.asked = []

    def __call__(self, settings):
        settings = list(settings)
        self.asked += settings
        return [self.evaluation(setting) for setting in settings]

    def evaluation(self, setting):
        rates = {layer: rate * setting.scale_of(layer) for layer, rate in self.rates_hz.items()}
        return Evaluation(
            setting,
            READINGS[-1],
            accuracy=1 - 0.01 * sum(1 / rate for rate in rates.values()),
            spikes_per_image=0.0,
            synops_per_image=sum(s * setting.scale_of(x) for x, s in self.synops.items()),
            rates_hz=rates,
        )


THREE = Space(("a", "b", "c"), (0.01,), (1.0, 2.0, 4.0, 8.0))
KNOWN = {"rates_hz": {"a": 1.0, "b": 3.0, "c": 0.1}, "synops": {"a": 100, "b": 10, "c": 1}}


def test_greedy_by_rate_raises_the_slowest_layer_first():
    ask = Known(**KNOWN)
    greedy_by_rate(THREE, ask, 0.9)
    path = ask.asked[len(THREE.scales) :]
    scales = [tuple(setting.scale_of(layer) for layer in "abc") for setting in path]
    # c fires at 0.1 to 0.8 Hz, then a at 1 and 2 Hz, then b at 3 Hz, then a at 4 Hz
    assert scales == [
        (1, 1, 1), (1, 1, 2), (1, 1, 4), (1, 1, 8), (2, 1, 8), (4, 1, 8), (4, 2, 8), (8, 2, 8),
        (8, 4, 8), (8, 8, 8),
    ]  # fmt: skip


def test_greedy_by_saving_finds_what_is_cheap_for_its_accuracy():
    ask, goal = Known(**KNOWN), 0.97
    greedy_by_saving(THREE, ask, goal)
    asked, everything = (
        [one.synops_per_image for one in map(ask.evaluation, settings) if one.accuracy >= goal]
        for settings in (ask.asked, THREE.all_settings())
    )
    assert min(asked) == min(everything) < min(asked[:4])
    assert len(ask.asked) < 30


def test_greedy_by_saving_gives_up_no_accuracy_where_there_is_too_little():
    ask = Known(**KNOWN)
    greedy_by_saving(THREE, ask, 2.0)
    # the uniform settings, the best of them to start from, and one step down for each layer
    assert len(ask.asked) == len(THREE.scales) + 1 + len(THREE.layers)


def test_uniform_search_refines_the_scale_at_which_accuracy_is_enough():
    ask = Known({"a": 1.0}, {"a": 1})
    # 1 - 0.01 / scale = 0.9972 at a scale of 3.57
    uniform(Space(("a",), (0.01,), (1.0, 2.0, 4.0, 8.0)), ask, 0.9972)
    scales = [setting.scale_of("a") for setting in ask.asked]
    assert scales == [1, 2, 4, 8, 2.83, 3.36, 3.67]


def test_all_uniform_settings_have_one_scale():
    settings = SPACE.all_uniform()
    assert len(settings) == 8
    assert all(len({s.scale_of(x) for x in SPACE.layers}) == 1 for s in settings)


# ------------------------------------------------------------------------------ over the seeds


def test_evaluator_averages_over_seeds(monkeypatch):
    found = {0: [1, 1, 0, 0], 1: [1, 1, 1, 1]}

    def outcomes(one, settings, readings, *others):
        correct = np.array(found[one.seed], bool)
        known = evaluate_module.Outcome(correct, 10.0 * one.seed, 100.0 * one.seed, {"a": one.seed})
        return {setting: dict.fromkeys(readings, known) for setting in settings}

    monkeypatch.setattr(evaluate_module, "outcomes", outcomes)
    labels = np.zeros(4)
    sample = SimpleNamespace(labels=labels, ann_classes=np.array([0, 0, 0, 1]))
    experiments = {seed: SimpleNamespace(seed=seed, sample=sample) for seed in found}
    averaging = Evaluator(experiments, READINGS[:1], "net")
    [[one]] = averaging([Setting(0.01, 1.0)])
    assert (one.accuracy, one.spikes_per_image, one.synops_per_image) == (0.75, 5.0, 50.0)
    assert one.rates_hz == {"a": 0.5}
    assert averaging.ann_accuracy == 0.75
