"""Every verdict of every claim, reached from tables whose effects are known."""

import math

import finding_tables as made
import numpy as np
import pandas as pd
import pytest
from finding_tables import CONFIG, judged

from spikesweep.study.findings.layer_position import SAME_SPIKES, SAME_SYNOPS
from spikesweep.study.findings.pruning import pruning
from spikesweep.study.layer_scaling.gains import SAME_FACTOR

RESIDUAL = CONFIG | {"networks": {"shortcut": "residual"}}
SPREAD_WIDELY = (0.1, -0.1, 0.0)


def peak(network, synapse, scale):
    return 0.9 if synapse == 0.01 else 0.5


def slight_peak(network, synapse, scale):
    return 0.505 if synapse == 0.01 else 0.5


def longest_best(network, synapse, scale):
    return 0.9 if synapse == 0.1 else 0.5


def rising(network, synapse, scale):
    return {1: 0.2, 10: 0.6, 100: 0.958}[scale]


def nearly_rising(network, synapse, scale):
    return {1: 0.2, 10: 0.6, 100: 0.948}[scale]


def falling(network, synapse, scale):
    return {1: 0.9, 10: 0.6, 100: 0.2}[scale]


def peak_that_rises(network, synapse, scale):
    return rising(network, synapse, scale) - (0 if synapse == 0.01 else 0.15)


def nearly_peak_that_rises(network, synapse, scale):
    return nearly_rising(network, synapse, scale) - (0 if synapse == 0.01 else 0.15)


def own_peak(network, synapse, scale):
    return 0.9 if synapse == {"flat": 0.001, "folded": 0.01}[network] else 0.5


def slightly_own_peak(network, synapse, scale):
    return 0.505 if synapse == {"flat": 0.001, "folded": 0.01}[network] else 0.5


def settling(kept_loses):
    """At 60 steps 10 ms is best; at 240 steps, 100 ms is better by so much."""
    return made.settling(
        lambda synapse, step: {
            (0.01, 60): 0.9,
            (0.01, 240): 0.9,
            (0.1, 240): 0.9 + kept_loses,
        }.get((synapse, step), 0.5)
    )


def after_few_steps(lost):
    """What the better published method loses after 16 steps; the neurons as converted lose none."""
    return lambda method, step: {
        ("as converted", 16): 0.0,
        ("local_balancing", 16): lost,
    }.get((method, step), 0.2)


def layers(gains, half, noise=(0.0, 0.0, 0.0), **facts):
    """Networks of one kind in which the `half` gains and the other does not."""
    network = {"late": "flat", "early": "folded"}[half]
    gained = dict(zip(made.LAYERS, gains, strict=True))
    return made.layer_scaling(
        lambda seed, layer, point: gained[layer] + (noise[seed] if layer == "third" else 0),
        network=network,
        **facts,
    )


def places(half, kind, comparison):
    """Cases of one claim on the place of the layers to scale."""
    claim = f"{half} layers ({kind}, {comparison})"
    rise, fall = (0.0, 0.1, 0.2), (0.2, 0.1, 0.0)
    good, bad = (rise, fall) if half == "late" else (fall, rise)
    return [
        (claim, "reproduced", {"layers": layers(good, half)}),
        (claim, "not reproduced", {"layers": layers(bad, half)}),
        (claim, "not reproduced", {"layers": layers((0.1, 0.1, 0.1), half)}),
        (claim, "inconclusive", {"layers": layers((0.1, 0.1, 0.1), half, SPREAD_WIDELY)}),
        (claim, "not run", {}),
    ]


def rates(layers):
    """Cases of the claim on layers of low rates."""
    claim = f"low-rate layers ({layers})"
    return [
        (claim, "reproduced", {"rates": made.rates(0.05)}),
        (claim, "not reproduced", {"rates": made.rates(-0.05)}),
        (claim, "inconclusive", {"rates": made.rates(0.03, spread=0.03)}),
        (claim, "not run", {"rates": made.rates(0.05, layers=made.LAYERS[:1])}),
        (claim, "not run", {}),
    ]


CASES = [
    ("pruning", "reproduced", {"pruning": made.pruned(0.001, 0.002, 0.0015)}),
    ("pruning", "reproduced", {"pruning": made.pruned(-0.002, -0.002, -0.003)}),
    ("pruning", "not reproduced", {"pruning": made.pruned(0.02, 0.03, 0.025)}),
    ("pruning", "inconclusive", {"pruning": made.pruned(0.003, 0.005, 0.006)}),
    ("pruning", "inconclusive", {"pruning": made.pruned(0.001)}),
    ("pruning", "not run", {}),
    ("pruning", "not run", {"pruning": made.pruned(0.0, 0.0, method="structured")}),
    ("pruning", "not run", {"pruning": made.pruned(0.0, 0.0, at=0.7)}),
    ("interior synapse", "reproduced", {"sweeps": made.sweeps(peak)}),
    ("interior synapse", "not reproduced", {"sweeps": made.sweeps(longest_best)}),
    ("interior synapse", "not reproduced", {"sweeps": made.sweeps()}),
    ("interior synapse", "inconclusive", {"sweeps": made.sweeps(slight_peak)}),
    ("interior synapse", "not run", {"sweeps": made.sweeps(peak, synapses=(0.001, 0.01))}),
    ("own synapse", "reproduced", {"sweeps": made.sweeps(own_peak)}),
    ("own synapse", "not reproduced", {"sweeps": made.sweeps(peak)}),
    ("own synapse", "inconclusive", {"sweeps": made.sweeps(slightly_own_peak)}),
    ("own synapse", "not run", {"sweeps": made.sweeps(peak, networks=("flat",))}),
    ("scaling raises accuracy", "reproduced", {"sweeps": made.sweeps(rising)}),
    ("scaling raises accuracy", "not reproduced", {"sweeps": made.sweeps(falling)}),
    ("scaling raises accuracy", "not reproduced", {"sweeps": made.sweeps(peak)}),
    ("scaling raises accuracy", "inconclusive", {"sweeps": made.sweeps(nearly_rising)}),
    ("scaling raises accuracy", "not run", {"sweeps": made.sweeps(scales=(1,))}),
    ("scaling costs computation", "reproduced", {"sweeps": made.sweeps(exponent=1)}),
    ("scaling costs computation", "not reproduced", {"sweeps": made.sweeps(exponent=0.1)}),
    ("scaling costs computation", "inconclusive", {"sweeps": made.sweeps(exponent=0.5)}),
    ("scaling costs computation", "not run", {"sweeps": made.sweeps(scales=(1,))}),
    ("settled synapse", "reproduced", {"settling": settling(-0.1)}),
    ("settled synapse", "not reproduced", {"settling": settling(0.05)}),
    ("settled synapse", "inconclusive", {"settling": settling(0.005)}),
    ("settled synapse", "not run", {}),
    ("few steps", "reproduced", {"standard": made.standard(after_few_steps(0.0))}),
    ("few steps", "not reproduced", {"standard": made.standard(after_few_steps(0.03))}),
    ("few steps", "inconclusive", {"standard": made.standard(after_few_steps(0.005))}),
    ("few steps", "not run", {}),
    ("few steps", "not run", {"standard": made.standard(after_few_steps(0.0), steps=(4, 8))}),
    *places("late", "dense", SAME_FACTOR),
    *places("late", "dense", SAME_SPIKES),
    *places("late", "dense", SAME_SYNOPS),
    *places("early", "CNN", SAME_FACTOR),
    *places("early", "CNN", SAME_SPIKES),
    *places("early", "CNN", SAME_SYNOPS),
    *rates("as trained"),
    *rates("made slow in turn"),
]
RESIDUAL_CASES = [
    ("reproduced", made.sweeps(peak_that_rises, networks=("shortcut",))),
    ("not reproduced", made.sweeps(falling, networks=("shortcut",))),
    ("inconclusive", made.sweeps(nearly_peak_that_rises, networks=("shortcut",))),
    ("not run", made.sweeps(rising, networks=("shortcut",), synapses=(0.001, 0.01))),
]


def verdict_on(findings, claim, network=""):
    voting = findings[findings["condition"] == ""]
    found = voting[(voting["claim"] == claim) & (voting["network"] == network)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(("claim", "verdict", "tables"), CASES)
def test_each_claim_can_get_each_verdict(claim, verdict, tables, tmp_path):
    # Every run has a sweep.
    findings = judged(tmp_path, **{"sweeps": made.sweeps(), **tables})
    assert verdict_on(findings, claim)["verdict"] == verdict


@pytest.mark.parametrize(("verdict", "sweeps"), RESIDUAL_CASES)
def test_a_residual_network_is_judged_by_two_claims(verdict, sweeps, tmp_path):
    findings = judged(tmp_path, RESIDUAL, sweeps=sweeps)
    assert verdict_on(findings, "residual networks")["verdict"] == verdict


@pytest.mark.parametrize(
    ("gains", "verdict"), [((0.2, 0.1, 0.0), "reproduced"), ((0.0, 0.1, 0.2), "not reproduced")]
)
def test_where_to_scale_is_judged_on_residual_networks_too(gains, verdict, tmp_path):
    kinds = CONFIG | {"networks": {"flat": "dense", "folded": "residual"}}
    findings = judged(tmp_path, kinds, sweeps=made.sweeps(), layers=layers(gains, "early"))
    row = verdict_on(findings, "early layers (residual, same factor)", "folded")
    assert row["verdict"] == verdict
    assert "In a residual network, early layers" in row["statement"]


def test_there_is_no_verdict_on_residual_networks_without_one(tmp_path):
    findings = judged(tmp_path, sweeps=made.sweeps(peak_that_rises))
    assert verdict_on(findings, "residual networks")["verdict"] == "not run"


def test_every_row_says_all_that_a_reader_needs(tmp_path):
    findings = judged(
        tmp_path,
        sweeps=made.sweeps(peak_that_rises),
        pruning=made.pruned(0.003, 0.005, 0.006),
        layers=layers((0.0, 0.1, 0.2), "late"),
        rates=made.rates(0.05),
    )
    assert findings.columns.tolist() == [
        *("claim", "statement", "origin", "network", "condition", "verdict", "scope"),
        *("effect", "effect_low", "effect_high", "effect_unit", "threshold"),
        *("smallest_shown", "to_decide", "seeds", "images"),
        *("method", "rule", "note", "figure", "csv"),
    ]
    assert set(findings["origin"]) == {"original", "ours"}
    run = findings[findings["verdict"] != "not run"]
    assert run["smallest_shown"].notna().all()
    assert (run["images"] > 0).all()
    assert (run.loc[run["verdict"] == "inconclusive", "to_decide"] != "").all()
    assert run.notna().all(axis=None)
    assert (run[["method", "rule", "figure", "csv"]] != "").all(axis=None)
    assert findings[["claim", "statement", "rule", "effect_unit"]].notna().all(axis=None)
    assert (findings.groupby("claim")["network"].first() == "").all()
    assert "trained on 55,000 images" in verdict_on(findings, "pruning")["rule"]


def test_a_network_whose_own_synapse_is_that_of_the_others_says_so(tmp_path):
    findings = judged(tmp_path, sweeps=made.sweeps(peak))
    row = findings[(findings["claim"] == "own synapse") & (findings["network"] == "flat")].iloc[0]
    assert row["effect"] == 0
    assert "so no answer differs" in row["note"]


def test_the_network_with_most_training_images_decides_on_pruning(tmp_path):
    few = made.pruned(0.02, 0.03, 0.025, network="few", images=3000)
    both = pd.concat([few, made.pruned(0.001, 0.002, 0.0015)])
    findings = judged(tmp_path, sweeps=made.sweeps(), pruning=both)
    assert verdict_on(findings, "pruning")["verdict"] == "reproduced"
    assert verdict_on(findings, "pruning", "pruned")["verdict"] == "reproduced"
    assert verdict_on(findings, "pruning", "few")["verdict"] == "not reproduced"
    assert verdict_on(findings, "pruning")["effect"] == pytest.approx(-0.0015)
    assert "trained on most images" in verdict_on(findings, "pruning")["rule"]


def pruning_verdicts(truth, studies=150):
    """Verdicts on studies of three seeds, which lose `truth` on average."""
    rng = np.random.default_rng(2)
    lost = truth + 0.001 * rng.standard_normal((studies, 3))
    return [pruning(made.pruned(*of_seeds), CONFIG)[0].verdict for of_seeds in lost]


@pytest.mark.parametrize(("truth", "wrong"), [(0.005, "not reproduced"), (0.0051, "reproduced")])
def test_pruning_is_judged_wrongly_in_few_studies(truth, wrong):
    """Where the loss is the smallest that counts, or just more, each wrong verdict is rare."""
    # A one-sided error of 2.5 %, and what 150 studies leave to chance.
    assert pruning_verdicts(truth).count(wrong) / 150 <= 0.06


@pytest.mark.parametrize(("truth", "right"), [(0.001, "reproduced"), (0.012, "not reproduced")])
def test_pruning_is_judged_rightly_where_the_loss_is_clear(truth, right):
    assert pruning_verdicts(truth).count(right) / 150 >= 0.75


def test_findings_name_the_files_they_come_from(tmp_path):
    findings = judged(tmp_path, sweeps=made.sweeps(peak), layers=layers((0.0, 0.1, 0.2), "late"))
    folder = f"{tmp_path}/sweeps"
    assert verdict_on(findings, "interior synapse", "flat")["csv"] == f"{folder}/flat/seed*.csv"
    assert verdict_on(findings, "interior synapse")["csv"] == (
        f"{folder}/flat/seed*.csv, {folder}/folded/seed*.csv"
    )
    late = verdict_on(findings, "late layers (dense, same spikes)", "flat")
    assert late["csv"] == f"{tmp_path}/layers/flat/seed*.csv, {tmp_path}/matched/flat/seed*.csv"


def test_one_seed_speaks_of_its_network_and_decides_no_claim(tmp_path):
    findings = judged(
        tmp_path,
        sweeps=made.sweeps(peak_that_rises, seeds=(0,)),
        layers=layers((0.0, 0.1, 0.2), "late", seeds=(0,)),
    )
    for claim in (
        "interior synapse",
        "scaling raises accuracy",
        "late layers (dense, same factor)",
    ):
        row = verdict_on(findings, claim, "flat")
        assert (row["verdict"], row["seeds"], row["scope"]) == ("reproduced", 1, "this network")
        assert "of this network only" in row["method"]
        overall = verdict_on(findings, claim)
        assert (overall["verdict"], overall["to_decide"]) == ("inconclusive", "at least two seeds")
        assert "says nothing about other networks" in overall["rule"]


def test_one_seed_gives_an_exponent_without_interval(tmp_path):
    row = verdict_on(
        judged(tmp_path, sweeps=made.sweeps(rising, seeds=(0,))), "scaling costs computation"
    )
    assert (row["verdict"], row["to_decide"]) == ("inconclusive", "at least two seeds")
    assert row["effect"] == pytest.approx(1)
    assert math.isnan(row["effect_low"])


def test_one_network_that_refutes_a_claim_on_each_refutes_it(tmp_path):
    findings = judged(
        tmp_path,
        sweeps=made.sweeps(lambda n, *of: peak(n, *of) if n == "flat" else longest_best(n, *of)),
    )
    assert verdict_on(findings, "interior synapse", "flat")["verdict"] == "reproduced"
    assert verdict_on(findings, "interior synapse", "folded")["verdict"] == "not reproduced"
    overall = verdict_on(findings, "interior synapse")
    assert overall["verdict"] == "not reproduced"
    assert overall["rule"].startswith("As on folded, the weakest")


def test_a_half_that_wins_by_spending_more_loses_at_the_same_spikes(tmp_path):
    gains = {"first": 0.15, "second": 0.1, "third": 0.2}
    costs = {"first": 0.3, "second": 1.0, "third": 3.0}
    tables = made.layer_scaling(lambda seed, layer, point: gains[layer], cost=costs.get)
    findings = judged(tmp_path, sweeps=made.sweeps(), layers=tables)
    assert verdict_on(findings, "late layers (dense, same factor)")["verdict"] == "reproduced"
    assert verdict_on(findings, "late layers (dense, same spikes)")["verdict"] == "not reproduced"


def test_a_silent_network_has_no_budget_to_match(tmp_path):
    silent = layers((0.0, 0.1, 0.2), "late")
    silent.table[["spikes_per_image", "synops_per_image"]] = 0.0
    findings = judged(tmp_path, sweeps=made.sweeps(), layers=silent)
    assert verdict_on(findings, "late layers (dense, same factor)")["verdict"] == "reproduced"
    assert verdict_on(findings, "late layers (dense, same spikes)")["verdict"] == "not run"


def test_a_network_that_reaches_no_operating_point_is_not_judged(tmp_path):
    claim = "early layers (CNN, same factor)"
    only_dense = layers((0.0, 0.1, 0.2), "late")
    findings = judged(tmp_path, sweeps=made.sweeps(), layers=only_dense)
    assert "no CNN reaches an operating point" in verdict_on(findings, claim)["rule"]
    assert "it reaches no operating point" in verdict_on(findings, claim, "folded")["rule"]
    without = judged(tmp_path / "without", sweeps=made.sweeps())
    assert "layer_scaling is not in study.parts" in verdict_on(without, claim)["rule"]


@pytest.mark.parametrize(
    ("bend", "reason"), [(True, "rate of LIF neurons"), (False, "no network has layers")]
)
def test_rates_that_no_layer_can_be_given_are_not_judged(bend, reason, tmp_path):
    config = CONFIG | {"rate_transfer_runs": True, "rates_bend": bend}
    row = verdict_on(judged(tmp_path, config, sweeps=made.sweeps()), "low-rate layers (as trained)")
    assert row["verdict"] == "not run"
    assert reason in row["rule"]


def test_rows_on_low_rates_name_their_figures(tmp_path):
    findings = judged(tmp_path, sweeps=made.sweeps(), rates=made.rates(0.05))
    chosen = findings[findings["claim"].str.startswith("low-rate")]
    assert chosen[["network", "figure"]].to_numpy().tolist() == [
        ["", "findings"],
        ["flat", "gain_and_rate"],
        ["folded", "gain_and_rate"],
        ["", "findings"],
        ["flat", "rate_transfer/flat"],
        ["folded", "rate_transfer/folded"],
    ]
    assert chosen["effect"].tolist() == pytest.approx([0.05] * 6)
    assert chosen["csv"].iloc[1].endswith("rates/flat/seed*.csv")


def test_low_rates_must_help_in_every_network_that_compares(tmp_path):
    both = [*made.rates(0.05, networks=["flat"]), *made.rates(-0.05, networks=["folded"])]
    claim = "low-rate layers (made slow in turn)"
    findings = judged(tmp_path, sweeps=made.sweeps(), rates=both)
    assert verdict_on(findings, claim)["verdict"] == "not reproduced"
    # a network whose layers cannot be given other rates does not decide
    findings = judged(tmp_path / "alone", sweeps=made.sweeps(), rates=both[: len(made.SEEDS)])
    assert verdict_on(findings, claim)["verdict"] == "reproduced"
    assert verdict_on(findings, claim, "folded")["verdict"] == "not run"


def test_layers_of_a_network_of_no_known_kind_are_not_judged(tmp_path):
    config = CONFIG | {"networks": {"flat": "other", "folded": "other"}}
    findings = judged(
        tmp_path, config, sweeps=made.sweeps(), layers=layers((0.0, 0.1, 0.2), "late")
    )
    row = verdict_on(findings, "late layers (dense, same factor)")
    assert row["verdict"] == "not run"
    assert "no dense network" in row["rule"]


OTHER = CONFIG | {"networks": {"flat": "other", "folded": "dense"}}
OF_ONE_KIND = [
    ("late layers (dense, same factor)", {"layers": layers((0.0, 0.1, 0.2), "late")}),
    ("early layers (CNN, same spikes)", {"layers": layers((0.2, 0.1, 0.0), "early")}),
    ("early layers (residual, same spikes)", {"layers": layers((0.2, 0.1, 0.0), "early")}),
    ("residual networks", {}),
]


@pytest.mark.parametrize(("claim", "tables"), OF_ONE_KIND)
def test_a_network_of_another_kind_is_named_where_a_claim_is_not_run(claim, tables, tmp_path):
    findings = judged(tmp_path, OTHER, sweeps=made.sweeps(), **tables)
    row = verdict_on(findings, claim)
    assert row["verdict"] == "not run"
    assert row["rule"].endswith("; of the kind 'other': flat.")


def test_a_network_of_another_kind_gets_a_row_where_a_claim_is_run(tmp_path):
    tables = {"sweeps": made.sweeps(), "layers": layers((0.0, 0.1, 0.2), "early")}
    findings = judged(tmp_path, OTHER, **tables)
    claim = "late layers (dense, same factor)"
    assert verdict_on(findings, claim)["verdict"] == "reproduced"
    row = verdict_on(findings, claim, "flat")
    assert row["verdict"] == "not run"
    assert "its kind is 'other'" in row["rule"]


def test_the_best_method_is_chosen_on_the_other_seeds(tmp_path):
    # On each seed another method is the best one by luck: chosen there, none would lose.
    study = made.standard(lambda method, step: 0.0)
    for place, row in study.table.iterrows():
        lucky = ("mmse", "local_balancing", "mmse")[row["seed"]] == row["method"]
        kept = (np.arange(made.IMAGES) + 0.5) / made.IMAGES < made.ANN - 0.06 * (not lucky)
        study.correct[place] = kept
    findings = judged(tmp_path, sweeps=made.sweeps(), standard=study)
    assert verdict_on(findings, "few steps", "flat")["effect"] < -0.01


def test_networks_may_be_shown_different_numbers_of_images(tmp_path):
    def shown(network, images):
        return made.settling(lambda synapse, step: 0.9, networks=(network,), images=images)

    # As `networks.<name>.studies` sets them.
    both = made.Settling([*shown("flat", 400), *shown("folded", 80)])
    judged(tmp_path, sweeps=made.sweeps(), settling=both)
    table = pd.read_csv(tmp_path / "uncertainty.csv")
    images = table[table["claim"] == "settled synapse"].set_index("network")["images"]
    assert images.to_dict() == {"flat": 400, "folded": 80}
