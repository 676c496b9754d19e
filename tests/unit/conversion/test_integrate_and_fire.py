"""The Nengo neuron, in Nengo's own simulator and in NengoDL's."""

import nengo
import numpy as np
import pytest

import spikesweep.conversion.integrate_and_fire_builder  # noqa: F401  (tells NengoDL of it)
from spikesweep.conversion.compat import nengo_dl
from spikesweep.conversion.integrate_and_fire import IntegrateAndFire

DT = 0.125


def spikes_of(neuron, currents, start):
    """Spikes of one neuron in each step, and its voltages afterwards."""
    voltage, found, voltages = np.full(1, start), [], []
    for current in currents:
        output = np.zeros(1)
        neuron.step(DT, np.full(1, current), output, voltage)
        found.append(output[0] * DT / neuron.amplitude)
        voltages.append(voltage[0])
    return found, voltages


@pytest.mark.parametrize("amplitude", [1, 0.25])
def test_steps_worked_out_by_hand(amplitude):
    # V: 0.5, +2.25 = 2.75 (2), -3 = -2.25, +2 = -0.25, +1.25 = 1 (1)
    currents = [18, -24, 16, 10]
    spikes, voltages = spikes_of(IntegrateAndFire(amplitude=amplitude), currents, 0.5)
    assert spikes == [2, 0, 0, 1]
    assert voltages == [0.75, -2.25, -0.25, 0]


def test_surplus_stays_where_one_spike_a_step_is_allowed():
    # V: 0.5, +2.25 = 2.75 (1), +0 = 1.75 (1), -0.5 = 0.25, +1 = 1.25 (1)
    spikes, voltages = spikes_of(IntegrateAndFire(most_spikes_a_step=1), [18, 0, -4, 8], 0.5)
    assert spikes == [1, 1, 0, 1]
    assert voltages == [1.75, 0.75, 0.25, 0.25]


def test_fluctuations_around_zero_cancel_that_a_rectifying_neuron_fires_on():
    currents = [-8, 8] * 10
    assert sum(spikes_of(IntegrateAndFire(), currents, 0.5)[0]) == 0
    assert sum(spikes_of(nengo.SpikingRectifiedLinear(), currents, 0.5)[0]) == 10


def test_parameters_that_no_neuron_can_have():
    with pytest.raises(nengo.exceptions.ValidationError, match="most_spikes_a_step"):
        IntegrateAndFire(most_spikes_a_step=0)


@pytest.mark.filterwarnings("error:.*does not have a native TensorFlow implementation")
def test_nengo_dl_and_nengo_simulate_the_same():
    """Neurons with different limits, which NengoDL merges into one group."""
    with nengo.Network(seed=0) as model:
        stimulus = nengo.Node(lambda t: 30 * np.cos(2 * np.pi * t))
        probes = []
        for neuron in (
            IntegrateAndFire(),
            IntegrateAndFire(most_spikes_a_step=1, amplitude=0.5),
            IntegrateAndFire(initial_state={"voltage": nengo.dists.Choice([-1.5])}),
        ):
            group = nengo.Ensemble(
                4, 1, neuron_type=neuron, gain=np.ones(4), bias=np.array([-9.0, 0, 3, 40])
            )
            nengo.Connection(stimulus, group.neurons, transform=np.ones((4, 1)), synapse=None)
            probes.append(nengo.Probe(group.neurons))
    with nengo.Simulator(model, dt=DT, progress_bar=False) as core:
        core.run_steps(40)
    with nengo_dl.Simulator(model, dt=DT, progress_bar=False) as simulator:
        simulator.run_steps(40)
    for probe in probes:
        np.testing.assert_allclose(simulator.data[probe], core.data[probe])
    assert core.data[probes[0]].max() > 1 / DT
    assert core.data[probes[1]].max() == 0.5 / DT
    assert all((core.data[probe] > 0).any() and (core.data[probe] == 0).any() for probe in probes)


def test_rates_are_rectified_linear():
    rates = IntegrateAndFire(amplitude=0.5).rates(np.array([-2.0, 3.0]), gain=1.0, bias=1.0)
    assert rates.ravel().tolist() == [0.0, 2.0]
