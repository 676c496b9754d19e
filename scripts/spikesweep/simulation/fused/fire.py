# ruff: noqa: ANN001, ANN202 (Numba takes the types from the arguments; docstrings say them)
"""From input currents to spikes: the synapse's filter and the neurons, compiled.

Arrays are laid out as in `drive`. Nothing here may reorder or fuse floating-point
operations: spikes follow from floor(V), and NengoDL's rounding is to be met.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

COMPILED = {"cache": True, "nogil": True, "error_model": "numpy"}
LANES = 16


@njit(**COMPILED)
def fire_relu(
    drives, driven, constant, delayed, keep, take, gain, one_spike, dt, initial, fan_out,
    starts, index, value, spikes, synops, counts, keep_counts, steps, sites, tile_sites,
) -> None:  # fmt: skip
    """SpikingReLU neurons over all steps: their events, spikes and synops of each image."""
    channels = len(initial) // sites
    width = tile_sites * channels
    current = np.empty(width, np.float32)
    voltage = np.empty(width, np.float32)
    filtered = np.empty(width, np.float32)
    # Silent places at the end, so that whole vectors can be read everywhere.
    fired = np.zeros(width + LANES, np.float32)
    total = np.empty(width, np.float32)
    zero = np.float32(0)
    at = 0
    for b in range(len(constant)):
        begin = 0
        spikes[b] = 0
        synops[b] = 0
        for left in range(0, len(initial), width):
            constants = constant[b, left : left + width]
            for i in range(width):
                voltage[i] = initial[left + i]
                filtered[i] = zero
                total[i] = zero
                current[i] = gain * constants[i]
            for t in range(steps):
                if driven:
                    _step(drives[b, left // width, t], constants, delayed, keep, take, gain,
                          filtered, current)  # fmt: skip
                for i in range(width):
                    v = voltage[i] + max(current[i], zero) * dt
                    k = np.floor(v)
                    voltage[i] = v - k
                    fired[i] = k
                    total[i] += k
                for first in range(0, width, channels):
                    starts[b, begin] = at
                    begin += 1
                    at = _list_spikes(
                        fired, first, first + channels, left, one_spike, index, value, at
                    )
            _count(total, fan_out[left : left + width], spikes, synops, b)
            if keep_counts:
                for i in range(width):
                    counts[b, left + i] = np.int32(total[i])
        starts[b, begin] = at


@njit(**COMPILED)
def fire_lif(
    drives, driven, constant, delayed, keep, take, gain, one_spike, dt, tau_rc, tau_ref,
    min_voltage, initial, fan_out,
    starts, index, value, spikes, synops, counts, keep_counts, steps, sites, tile_sites,
) -> None:  # fmt: skip
    """LIF neurons over all steps: their events, spikes and synops of each image."""
    channels = len(initial) // sites
    width = tile_sites * channels
    current = np.empty(width, np.float32)
    voltage = np.empty(width, np.float32)
    refractory = np.empty(width, np.float32)
    filtered = np.empty(width, np.float32)
    fired = np.zeros(width + LANES, np.float32)
    total = np.empty(width, np.float32)
    zero, one = np.float32(0), np.float32(1)
    # All neurons but the few that have just fired integrate over the whole step.
    whole = np.float32(np.expm1(-dt / tau_rc))
    at = 0
    for b in range(len(constant)):
        begin = 0
        spikes[b] = 0
        synops[b] = 0
        for left in range(0, len(initial), width):
            constants = constant[b, left : left + width]
            voltage[:] = initial[left : left + width]
            filtered[:] = 0
            total[:] = 0
            if not driven:
                current[:] = gain * constants
            for t in range(steps):
                if driven:
                    _step(drives[b, left // width, t], constants, delayed, keep, take, gain,
                          filtered, current)  # fmt: skip
                for i in range(width):
                    j = current[i]
                    duration = min(max(dt - refractory[i], zero), dt)
                    decay = whole
                    if duration != dt:
                        decay = np.float32(np.expm1(-duration / tau_rc))
                    v = voltage[i] + (voltage[i] - j) * decay
                    spiked = v > one
                    if spiked:
                        passed = -tau_rc * np.float32(np.log1p((one - v) / (j - one)))
                        refractory[i] = tau_ref - passed
                        voltage[i] = zero
                    else:
                        refractory[i] -= dt
                        voltage[i] = max(v, min_voltage)
                    fired[i] = np.float32(spiked)
                    total[i] += fired[i]
                for first in range(0, width, channels):
                    starts[b, begin] = at
                    begin += 1
                    at = _list_spikes(
                        fired, first, first + channels, left, one_spike, index, value, at
                    )
            _count(total, fan_out[left : left + width], spikes, synops, b)
            if keep_counts:
                for i in range(width):
                    counts[b, left + i] = np.int32(total[i])
        starts[b, begin] = at


@njit(**COMPILED)
def read_out(drives, driven, constant, delayed, keep, take, scores) -> None:
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


@njit
def _step(drives, constant, delayed, keep, take, gain, filtered, current):
    """The current J of this step, and the filter's next state."""
    if delayed:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + filtered[i])
            filtered[i] = keep * filtered[i] + take * drives[i]
    else:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + drives[i])


@njit(inline="always")
def _list_spikes(fired, first, stop, left, one_spike, index, value, at):
    """Append an event for each neuron of a site that fired; returns where the list ends."""
    while first + LANES <= stop:
        at = _append_nonzero(fired, first, left + first, one_spike, index, value, at)
        first += LANES
    for i in range(first, stop):
        index[at] = left + i
        value[at] = fired[i] * one_spike
        at += fired[i] != np.float32(0)
    return at


@njit
def _count(total, fan_out, spikes, synops, b):
    some = np.int64(0)
    reached = np.int64(0)
    for i in range(len(total)):
        some += np.int64(total[i])
        reached += np.int64(total[i]) * fan_out[i]
    spikes[b] += some
    synops[b] += reached


@intrinsic
def _append_nonzero(typing, fired, first, name, one_spike, index, value, at):
    """Append events of the neurons among fired[first:first + LANES] that fired.

    Returns the end of the list. Writes whole vectors: the lists need LANES places to spare.
    Numba has no way to say vector.compress, which is ten times a loop's speed.
    """
    signature = types.intp(fired, types.intp, types.intp, types.float32, index, value, types.intp)
    floats = ir.VectorType(ir.FloatType(), LANES)
    names = ir.VectorType(ir.IntType(32), LANES)
    flags = ir.VectorType(ir.IntType(1), LANES)

    def generate(context, builder, signature, arguments):
        fired, first, name, one_spike, index, value, at = arguments

        def vector_at(number, array, place, kind):
            array = context.make_array(signature.args[number])(context, builder, array)
            return builder.bitcast(builder.gep(array.data, [place]), kind.as_pointer())

        def all_lanes(one, kind):
            nothing = ir.Constant(kind, ir.Undefined)
            some = builder.insert_element(nothing, one, ir.Constant(ir.IntType(32), 0))
            return builder.shuffle_vector(some, nothing, ir.Constant(names, [0] * LANES))

        def compressed(some, kind, suffix):
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(kind, [kind, flags, kind]),
                f"llvm.experimental.vector.compress.v{LANES}{suffix}",
            )
            return builder.call(function, [some, spiked, ir.Constant(kind, ir.Undefined)])

        counts = builder.load(vector_at(0, fired, first, floats), align=4)
        spiked = builder.fcmp_unordered("!=", counts, ir.Constant(floats, [0.0] * LANES))
        bits = builder.bitcast(spiked, ir.IntType(LANES))
        with builder.if_then(builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))):
            outputs = builder.fmul(counts, all_lanes(one_spike, floats))
            base = all_lanes(builder.trunc(name, ir.IntType(32)), names)
            neurons = builder.add(base, ir.Constant(names, list(range(LANES))))
            for some, kind, suffix, place in (
                (neurons, names, "i32", vector_at(4, index, at, names)),
                (outputs, floats, "f32", vector_at(5, value, at, floats)),
            ):
                builder.store(compressed(some, kind, suffix), place).align = 4
        return builder.add(at, builder.zext(builder.ctpop(bits), at.type))

    return signature, generate
