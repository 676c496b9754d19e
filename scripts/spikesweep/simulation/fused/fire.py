"""From input currents to spikes: the synapse's filter and the neurons, compiled.

Arrays are laid out, and functions annotated, as in `drive`. Nothing here may reorder or fuse
floating-point operations: spikes follow from floor(V), which must round as in NengoDL.
"""

from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing import Context, Signature
from numba.extending import intrinsic
from numpy.typing import NDArray

from spikesweep.simulation.fused.compiled import compiled

# float32 values of a vector register.
LANES = 16


@compiled
def fire(
    drives: NDArray[np.float32],
    driven: bool,
    constant: NDArray[np.float32],
    delayed: bool,
    keep: np.float32,
    take: np.float32,
    gain: np.float32,
    one_spike: np.float32,
    dt: np.float32,
    leaky: bool,
    signed: bool,
    most_spikes: np.float32,
    tau_rc: np.float32,
    tau_ref: np.float32,
    min_voltage: np.float32,
    initial: NDArray[np.float32],
    fan_out: NDArray[np.int64],
    starts: NDArray[np.int32],
    index: NDArray[np.int32],
    value: NDArray[np.float32],
    spikes: NDArray[np.int64],
    synops: NDArray[np.int64],
    counts: NDArray[np.int64],
    keep_counts: bool,
    steps: int,
    sites: int,
    tile_sites: int,
) -> None:
    """Neurons over all steps: their events, and spikes and synops of each image and step.

    drives, driven: the current that arrives through the synapse, and whether there is any.
    constant: (images, neurons), the current that does not pass a synapse.
    delayed, keep, take: the synapse, F[n] = keep * F[n-1] + take * drive, read at n-1; no
        filter and no delay unless `delayed`.
    leaky, signed, most_spikes, tau_rc, tau_ref, min_voltage: see `Dynamics`.
    initial, fan_out: (neurons,). starts, index, value: see `drive`; written.
    spikes, synops: (images, steps), written. counts: (images, neurons), written if keep_counts.
    sites, tile_sites: the units in which events are listed.
    """
    channels = len(initial) // sites
    width = tile_sites * channels
    current = np.empty(width, np.float32)
    filtered = np.empty(width, np.float32)
    voltage = np.empty(width, np.float32)
    refractory = np.empty(width, np.float32)
    decay = np.empty(width, np.float32)
    fired = np.empty(width, np.float32)
    at = 0
    for b in range(len(constant)):
        begin = 0
        spikes[b] = 0
        synops[b] = 0
        if keep_counts:
            counts[b] = 0
        for left in range(0, len(initial), width):
            constants = constant[b, left : left + width]
            for i in range(width):
                current[i] = gain * constants[i]
                filtered[i] = 0
                voltage[i] = initial[left + i]
                refractory[i] = 0
            for t in range(steps):
                if driven:
                    _receive(drives[b, left // width, t], constants, delayed, keep, take, gain,
                             filtered, current)  # fmt: skip
                if leaky:
                    _fire_lif(current, voltage, refractory, dt, tau_rc, tau_ref, min_voltage,
                              decay, fired)  # fmt: skip
                elif signed:
                    _fire_signed(current, voltage, dt, most_spikes, fired)
                else:
                    _fire_relu(current, voltage, dt, fired)
                listed = at
                for first in range(0, width, channels):
                    starts[b, begin] = at
                    begin += 1
                    at = _list_spikes(
                        fired, first, first + channels, left, one_spike, index, value, at
                    )
                # Few neurons fire in a step, so that their events are counted, not all neurons.
                for event in range(listed, at):
                    neuron = index[event]
                    count = np.int64(fired[neuron - left])
                    spikes[b, t] += count
                    synops[b, t] += count * fan_out[neuron]
                    if keep_counts:
                        counts[b, neuron] += count
        starts[b, begin] = at


@compiled
def read_out(
    drives: NDArray[np.float32],
    driven: bool,
    constant: NDArray[np.float32],
    delayed: bool,
    keep: np.float32,
    take: np.float32,
    scores: NDArray[np.float32],
) -> None:
    """Class scores (images, steps, classes) from currents of one tile."""
    images, steps, classes = scores.shape
    filtered = np.empty(classes, np.float32)
    for b in range(images):
        filtered[:] = 0
        for t in range(steps):
            for c in range(classes):
                if not driven:
                    scores[b, t, c] = constant[b, c]
                elif delayed:
                    scores[b, t, c] = filtered[c] + constant[b, c]
                    filtered[c] = keep * filtered[c] + take * drives[b, 0, t, c]
                else:
                    scores[b, t, c] = drives[b, 0, t, c] + constant[b, c]


@njit(inline="always")
def _receive(
    drives: NDArray[np.float32],
    constant: NDArray[np.float32],
    delayed: bool,
    keep: np.float32,
    take: np.float32,
    gain: np.float32,
    filtered: NDArray[np.float32],
    current: NDArray[np.float32],
) -> None:
    """The current J of this step, and the next state of the filter."""
    if delayed:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + filtered[i])
            filtered[i] = keep * filtered[i] + take * drives[i]
    else:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + drives[i])


@njit(inline="always")
def _fire_relu(
    current: NDArray[np.float32],
    voltage: NDArray[np.float32],
    dt: np.float32,
    fired: NDArray[np.float32],
) -> None:
    for i in range(len(current)):
        v = voltage[i] + max(current[i], np.float32(0)) * dt
        k = np.floor(v)
        voltage[i] = v - k
        fired[i] = k


@njit(inline="always")
def _fire_signed(
    current: NDArray[np.float32],
    voltage: NDArray[np.float32],
    dt: np.float32,
    most_spikes: np.float32,
    fired: NDArray[np.float32],
) -> None:
    for i in range(len(current)):
        v = voltage[i] + current[i] * dt
        k = min(max(np.floor(v), np.float32(0)), most_spikes)
        voltage[i] = v - k
        fired[i] = k


@njit(inline="always")
def _fire_lif(
    current: NDArray[np.float32],
    voltage: NDArray[np.float32],
    refractory: NDArray[np.float32],
    dt: np.float32,
    tau_rc: np.float32,
    tau_ref: np.float32,
    min_voltage: np.float32,
    decay: NDArray[np.float32],
    fired: NDArray[np.float32],
) -> None:
    # What few neurons need in a step, those that end a refractory period or fire, is apart from
    # what all need, which compiles to vectors.
    zero, one = np.float32(0), np.float32(1)
    whole = np.float32(np.expm1(-dt / tau_rc))
    for i in range(len(current)):
        decay[i] = zero if refractory[i] >= dt else whole
    for i in range(len(current)):
        if zero < refractory[i] < dt:
            decay[i] = np.expm1(-(dt - refractory[i]) / tau_rc)
    for i in range(len(current)):
        voltage[i] += (voltage[i] - current[i]) * decay[i]
    for i in range(len(current)):
        fired[i] = one if voltage[i] > one else zero
        refractory[i] -= dt
    for i in range(len(current)):
        if fired[i] != zero:
            left_over = -tau_rc * np.float32(np.log1p((one - voltage[i]) / (current[i] - one)))
            refractory[i] = tau_ref - left_over
    for i in range(len(current)):
        voltage[i] = zero if fired[i] != zero else max(voltage[i], min_voltage)


@njit(inline="always")
def _list_spikes(
    fired: NDArray[np.float32],
    first: int,
    stop: int,
    left: int,
    one_spike: np.float32,
    index: NDArray[np.int32],
    value: NDArray[np.float32],
    at: int,
) -> int:
    """Append an event for each neuron of a site that fired; returns the end of the list."""
    while first + LANES <= stop:
        at = _append_nonzero(fired, first, left + first, one_spike, index, value, at)
        first += LANES
    for i in range(first, stop):
        index[at] = left + i
        value[at] = fired[i] * one_spike
        at += fired[i] != np.float32(0)
    return at


@intrinsic
def _append_nonzero(
    typing: Context,
    fired: types.Array,
    first: types.Type,
    name: types.Type,
    one_spike: types.Type,
    index: types.Array,
    value: types.Array,
    at: types.Type,
) -> tuple[Signature, Callable[..., ir.Value]]:
    """Append events of the neurons among fired[first:first + LANES] that fired.

    Returns the end of the list. Writes whole vectors, so the lists need LANES spare elements.
    Numba cannot express vector.compress, which is ten times as fast as a loop.
    """
    signature = types.intp(fired, types.intp, types.intp, types.float32, index, value, types.intp)
    floats = ir.VectorType(ir.FloatType(), LANES)
    names = ir.VectorType(ir.IntType(32), LANES)
    flags = ir.VectorType(ir.IntType(1), LANES)

    def generate(
        context: BaseContext,
        builder: ir.IRBuilder,
        signature: Signature,
        arguments: Sequence[ir.Value],
    ) -> ir.Value:
        fired, first, name, one_spike, index, value, at = arguments

        def vector_at(
            number: int, array: ir.Value, position: ir.Value, kind: ir.VectorType
        ) -> ir.Value:
            array = context.make_array(signature.args[number])(context, builder, array)
            return builder.bitcast(builder.gep(array.data, [position]), kind.as_pointer())

        def all_lanes(one: ir.Value, kind: ir.VectorType) -> ir.Value:
            nothing = ir.Constant(kind, ir.Undefined)
            first_lane = builder.insert_element(nothing, one, ir.Constant(ir.IntType(32), 0))
            return builder.shuffle_vector(first_lane, nothing, ir.Constant(names, [0] * LANES))

        def compressed(vector: ir.Value, kind: ir.VectorType, suffix: str) -> ir.Value:
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(kind, [kind, flags, kind]),
                f"llvm.experimental.vector.compress.v{LANES}{suffix}",
            )
            return builder.call(function, [vector, spiked, ir.Constant(kind, ir.Undefined)])

        counts = builder.load(vector_at(0, fired, first, floats), align=4)
        spiked = builder.fcmp_unordered("!=", counts, ir.Constant(floats, [0.0] * LANES))
        bits = builder.bitcast(spiked, ir.IntType(LANES))
        with builder.if_then(builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))):
            outputs = builder.fmul(counts, all_lanes(one_spike, floats))
            base = all_lanes(builder.trunc(name, ir.IntType(32)), names)
            neurons = builder.add(base, ir.Constant(names, list(range(LANES))))
            for vector, kind, suffix, target in (
                (neurons, names, "i32", vector_at(4, index, at, names)),
                (outputs, floats, "f32", vector_at(5, value, at, floats)),
            ):
                builder.store(compressed(vector, kind, suffix), target).align = 4
        return builder.add(at, builder.zext(builder.ctpop(bits), at.type))

    return signature, generate
