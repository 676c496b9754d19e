"""The models of the first steps do what theory says of them."""

import ast
import importlib
import runpy
import time
from pathlib import Path

import nengo
import nengo_gui
import numpy as np
import pytest
from nengo_gui.config import Config

from spikesweep.first_steps import communication, integrator, neuron, representation, synapse
from spikesweep.first_steps import trained_network as trained
from spikesweep.first_steps.gui import MODELS

DT_S = 0.001


@pytest.fixture(autouse=True)
def no_decoder_cache(monkeypatch):
    monkeypatch.setitem(nengo.rc["decoder_cache"], "enabled", "False")


def source_of(model: str) -> Path:
    return Path(importlib.import_module(f"spikesweep.first_steps.{model}").__file__)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_needs_nengo_numpy_and_scipy_only(model):
    tree = ast.parse(source_of(model).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - {"collections", "dataclasses", "functools", "itertools", "typing"} <= {
        "nengo",
        "numpy",
        "scipy",
    }


@pytest.mark.parametrize("model", MODELS)
def test_every_line_of_a_layout_refers_to_the_model(model):
    # NengoGUI skips lines that fail, and the plot is missing.
    scope = {"nengo_gui": nengo_gui, "_viz_config": Config()}
    scope["model"] = importlib.import_module(f"spikesweep.first_steps.{model}").model
    for line in Path(f"{source_of(model)}.cfg").read_text().splitlines():
        exec(line, scope)
    plots = [value for name, value in scope.items() if name.startswith("_viz_")]
    assert len(plots) >= 4


@pytest.mark.parametrize(
    ("model", "says"),
    [("neuron", "100 Hz"), ("representation", "50 neurons"), ("synapse", "tau  20 ms")],
)
def test_a_model_runs_as_a_file(model, says, capsys):
    runpy.run_path(str(source_of(model)), run_name="__main__")
    assert says in capsys.readouterr().out


# ---------------------------------------------------------------------------------- one neuron


@pytest.mark.parametrize(
    "parameters",
    [
        {"tau_rc_s": 0.02, "tau_ref_s": 0.002, "max_rate_hz": 100, "intercept": -0.5},
        {"tau_rc_s": 0.05, "tau_ref_s": 0.005, "max_rate_hz": 60, "intercept": 0.2},
    ],
)
def test_tuning_curve_follows_the_rate_equation(parameters):
    net = neuron.build(**parameters)
    with nengo.Simulator(net, progress_bar=False) as simulator:
        gain, bias = simulator.data[net.neuron].gain[0], simulator.data[net.neuron].bias[0]
    for stimulus in (-1.0, -0.2, 0.3, 0.6, 1.0):
        current = gain * stimulus + bias
        expected = neuron.lif_rate_hz(
            current, tau_rc_s=parameters["tau_rc_s"], tau_ref_s=parameters["tau_ref_s"]
        )
        measured = neuron.measured_rate_hz(stimulus, duration_s=2.0, **parameters)
        # Spikes are counted: half a spike at either end of the two seconds.
        assert measured == pytest.approx(expected, abs=0.75)


def test_rate_equation_at_known_points():
    # At J = 1 / (1 - 1/e) the membrane takes tau_rc to its threshold.
    current = np.array([0.5, 1.0, 1 / (1 - np.exp(-1)), 1e9])
    rates = neuron.lif_rate_hz(current, tau_rc_s=0.02, tau_ref_s=0.002)
    np.testing.assert_allclose(rates, [0, 0, 1 / 0.022, 1 / 0.002], rtol=1e-4)


# ------------------------------------------------------------------------------ representation


def test_error_of_a_decoded_value_falls_with_more_neurons():
    errors = [representation.error(1.0, neurons=count) for count in (10, 50, 250)]
    assert errors[0] > 2 * errors[1] > 3 * errors[2]
    assert errors[1] < 0.03


# ------------------------------------------------------------------------------------- synapse


@pytest.mark.parametrize("tau_s", [0.002, 0.02, 0.1])
def test_filter_holds_the_mean_of_its_impulse_response(tau_s):
    net = synapse.build(stimulus=1.0, synapse_s=[tau_s] * 3, max_rate_hz=2.0)
    with net:
        spikes, filtered = nengo.Probe(net.neuron.neurons), nengo.Probe(net.slow)
    with nengo.Simulator(net, dt=DT_S, progress_bar=False) as simulator:
        simulator.run(1.0)
    first, second = np.flatnonzero(simulator.data[spikes])[:2]
    # A spike is seen one step later.
    response = simulator.data[filtered][first + 1 : second, 0]
    assert len(response) > 300
    fine = (np.arange(1000 * len(response)) + 0.5) * DT_S / 1000
    theory = synapse.impulse_response(fine, tau_s).reshape(-1, 1000).mean(axis=1)
    np.testing.assert_allclose(response, theory, rtol=1e-3, atol=1e-6)
    assert synapse.impulse_response(-1e-9, tau_s) == 0


@pytest.mark.parametrize(("rate_hz", "tau_s"), [(40, 0.002), (40, 0.02), (40, 0.1), (100, 0.02)])
def test_ripple_is_that_of_regular_spikes(rate_hz, tau_s):
    measured = synapse.measured_ripple_hz(rate_hz, tau_s)
    # Spikes fall on steps of 1 ms, and are not quite as fast as asked.
    np.testing.assert_allclose(measured, synapse.ripple_hz(rate_hz, tau_s), rtol=0.05, atol=0.5)


# ------------------------------------------------------------------------------- communication


def test_connections_compute():
    errors = communication.errors(4.0)
    assert errors["copy"] < 0.03
    assert errors["square"] < 0.03
    assert errors["product"] < 0.06


def test_delayed_functions_are_those_of_constant_inputs_in_the_end(monkeypatch):
    monkeypatch.setattr(communication, "wander_x", lambda t: np.full_like(t, 0.5))
    monkeypatch.setattr(communication, "wander_y", lambda t: np.full_like(t, -0.8))
    last = {
        name: values[-1, 0]
        for name, values in communication.delayed_functions(np.arange(500) / 1000, 0.01).items()
    }
    assert last == pytest.approx({"copy": 0.5, "square": 0.25, "product": -0.4})


# ---------------------------------------------------------------------------------- integrator


def test_integrator_integrates():
    net = integrator.build(stimulus=lambda t: 0.8 if t <= 0.5 else 0.0)
    with net:
        held, exact = nengo.Probe(net.integrator, synapse=0.05), nengo.Probe(net.exact)
    with nengo.Simulator(net, dt=DT_S, progress_bar=False) as simulator:
        simulator.run(1.0)
    assert simulator.data[exact][-1, 0] == pytest.approx(0.4, abs=0.001)
    assert simulator.data[held][-1, 0] == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("held", [-0.8, 0.0, 0.5])
@pytest.mark.parametrize("seed", [0, 1])
def test_drift_is_slow(held, seed):
    assert abs(integrator.drift_per_s(held, 2.0, seed=seed)) < 0.05


# ----------------------------------------------------------------------------- trained network


def test_training_generalises():
    points, arms = trained.spiral(500, np.random.default_rng(99))
    answers = trained.train(24, 0).activities(points)[-1].argmax(axis=1)
    assert np.mean(answers == arms) > 0.98


def test_rates_are_the_trained_network():
    with trained.build(stimulus=[0.3, -0.5]) as net:
        scores = nengo.Probe(net.rates.scores)
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run_steps(3)
    expected = trained.train(24, 0).activities(np.array([[0.3, -0.5]]))[-1][0]
    np.testing.assert_allclose(simulator.data[scores][-1], expected, rtol=1e-6)


def test_spikes_follow_the_equations_of_the_study():
    steps, scale, tau_s = 200, 50.0, 0.01
    with trained.build(
        stimulus=[0.3, -0.5], synapse_s=tau_s, scale_firing_rates=scale, seed=3
    ) as net:
        probes = [
            nengo.Probe(net.spikes.hidden_1.neurons),
            nengo.Probe(net.spikes.hidden_2.neurons),
            nengo.Probe(net.spikes.scores),
        ]
        voltages = [
            nengo.Probe(layer.neurons, "voltage")
            for layer in (net.spikes.hidden_1, net.spikes.hidden_2)
        ]
    with nengo.Simulator(net, dt=DT_S, progress_bar=False) as simulator:
        simulator.run_steps(steps)
    first, second, scores = (simulator.data[probe] for probe in probes)

    weights, biases = trained.train(24, 3).weights, trained.train(24, 3).biases
    drive = scale * (weights[0] @ [0.3, -0.5] + biases[0])
    voltage = initial_voltage(simulator.data[voltages[0]][0], drive)
    other = initial_voltage(simulator.data[voltages[1]][0], scale * biases[1])
    keep = np.exp(-DT_S / tau_s)
    hidden, readout = np.zeros(24), np.zeros(3)
    for step in range(steps):
        spikes, voltage = spiking_relu(voltage, drive)
        np.testing.assert_array_equal(spikes / DT_S, first[step])
        spikes_2, other = spiking_relu(other, scale * (hidden + biases[1]))
        np.testing.assert_array_equal(spikes_2 / DT_S, second[step])
        np.testing.assert_allclose(readout + biases[2], scores[step], rtol=1e-6, atol=1e-9)
        hidden = keep * hidden + (1 - keep) * weights[1] @ (spikes / (scale * DT_S))
        readout = keep * readout + (1 - keep) * weights[2] @ (spikes_2 / (scale * DT_S))
    assert first.sum() > 0
    assert second.sum() > 0


def spiking_relu(voltage: np.ndarray, current: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    voltage = voltage + np.maximum(current, 0) * DT_S
    spikes = np.floor(voltage)
    return spikes, voltage - spikes


def initial_voltage(after_first_step: np.ndarray, current: np.ndarray) -> np.ndarray:
    """Voltages before the first step, in [0, 1); a spike has taken 1 away."""
    return (after_first_step - np.maximum(current, 0) * DT_S) % 1.0


def test_filter_that_is_set_while_it_runs_is_a_lowpass():
    taus_ms = (5.0, 40.0)
    signal = np.random.default_rng(0).normal(size=(300, 2))
    step = trained.LiveLowpass().make_step((3,), (2,), DT_S, None, {"filtered": np.zeros(2)})
    live = np.array([step(0.0, np.append(values, taus_ms[0])) for values in signal])
    expected = nengo.Lowpass(taus_ms[0] / 1000).filt(signal, dt=DT_S, y0=0)
    # It answers one step later, as between neurons.
    np.testing.assert_allclose(live[1:], expected[:-1], rtol=1e-9)
    before = live[-1]
    silence = np.array([0.0, 0.0, taus_ms[1]])
    for _ in range(2):
        after = step(0.0, silence)
    assert not np.allclose(after, before)
    np.testing.assert_allclose(step(0.0, silence), after * np.exp(-DT_S / 0.04), rtol=1e-9)


def test_spikes_agree_with_rates_at_a_large_scale_only():
    agreements = [
        trained.agreement(4.0, scale_firing_rates=scale, synapse_s=0.01) for scale in (1, 100)
    ]
    assert agreements[0] < 0.7
    assert agreements[1] > 0.9


def test_it_runs_faster_than_real_time():
    with nengo.Simulator(trained.build(), progress_bar=False) as simulator:
        started = time.process_time()
        simulator.run(1.0)
        assert time.process_time() - started < 1.0
