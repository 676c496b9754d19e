"""The four compiled loops of the fused engine.

Spikes of a batch of images are lists of events: `index` (the neuron within its layer) and
`value` (its output z in the step), in the order image, tile, step, site, neuron.
`starts` (images, sites * steps + 1) says where the events of each site and step begin.
Currents are arrays (images, tiles, steps, neurons of a tile).

Nothing here may reorder floating-point sums of the neurons' recurrences: spikes follow from
floor(V), and NengoDL's rounding is to be met. The sums over synapses have no defined order.
"""

import numpy as np
from numba import njit

COMPILED = {"cache": True, "nogil": True, "error_model": "numpy"}


@njit(**COMPILED)
def list_pixels(images, starts, index, value):
    """Events of analog images (images, sites, channels): their pixels that are not zero."""
    at = 0
    count, sites, channels = images.shape
    for b in range(count):
        for site in range(sites):
            starts[b, site] = at
            for c in range(channels):
                pixel = images[b, site, c]
                index[at] = site * channels + c
                value[at] = pixel
                at += pixel != 0
        starts[b, sites] = at


@njit(fastmath={"contract"}, **COMPILED)
def drive(starts, index, value, tile_sites, first_run, site, length, shift, weights, out, add):
    """Weights times events: out (images, tiles, steps, neurons), added to or set."""
    images, tiles, steps, width = out.shape
    channels = weights.shape[1]
    out_tile_sites = width // channels
    for b in range(images):
        for row in range(tiles * out_tile_sites):
            tile = row // out_tile_sites
            left = (row % out_tile_sites) * channels
            for t in range(steps):
                sums = out[b, tile, t, left : left + channels]
                if not add:
                    sums[:] = 0
                for run in range(first_run[row], first_run[row + 1]):
                    first = site[run]
                    at = ((first // tile_sites) * steps + t) * tile_sites + first % tile_sites
                    event, end = starts[b, at], starts[b, at + length[run]]
                    by = shift[run]
                    while event + 4 <= end:
                        w0 = weights[index[event] + by]
                        w1 = weights[index[event + 1] + by]
                        w2 = weights[index[event + 2] + by]
                        w3 = weights[index[event + 3] + by]
                        z0, z1 = value[event], value[event + 1]
                        z2, z3 = value[event + 2], value[event + 3]
                        for c in range(channels):
                            sums[c] += (z0 * w0[c] + z1 * w1[c]) + (z2 * w2[c] + z3 * w3[c])
                        event += 4
                    while event < end:
                        w0 = weights[index[event] + by]
                        z0 = value[event]
                        for c in range(channels):
                            sums[c] += z0 * w0[c]
                        event += 1


@njit(inline="always")
def _current(driven, drives, constant, delayed, keep, take, gain, filtered, current):
    """J of this step, and the filter's next state."""
    if not driven:
        for i in range(len(current)):
            current[i] = gain * constant[i]
    elif delayed:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + filtered[i])
            filtered[i] = keep * filtered[i] + take * drives[i]
    else:
        for i in range(len(current)):
            current[i] = gain * (constant[i] + drives[i])


@njit(**COMPILED)
def fire_relu(
    drives, driven, constant, delayed, keep, take, gain, one_spike, dt, initial, fan_out,
    starts, index, value, spikes, synops, counts, keep_counts, steps, sites, tile_sites,
):  # fmt: skip
    """SpikingReLU neurons over all steps: their events, spikes and synops of each image."""
    neurons = len(initial)
    channels = neurons // sites
    width = tile_sites * channels
    current = np.empty(width, np.float32)
    voltage = np.empty(width, np.float32)
    filtered = np.empty(width, np.float32)
    fired = np.empty(width, np.float32)
    total = np.empty(width, np.int32)
    zero = np.float32(0)
    at = 0
    for b in range(len(constant)):
        begin = 0
        spikes[b] = 0
        synops[b] = 0
        for tile in range(sites // tile_sites):
            left = tile * width
            constants = constant[b, left : left + width]
            voltage[:] = initial[left : left + width]
            filtered[:] = 0
            total[:] = 0
            for t in range(steps):
                _current(
                    driven, drives[b, tile if driven else 0, t if driven else 0], constants,
                    delayed, keep, take, gain, filtered, current,
                )  # fmt: skip
                for i in range(width):
                    v = voltage[i] + max(current[i], zero) * dt
                    k = np.floor(v)
                    voltage[i] = v - k
                    total[i] += np.int32(k)
                    fired[i] = k
                for s in range(tile_sites):
                    starts[b, begin] = at
                    begin += 1
                    for i in range(s * channels, (s + 1) * channels):
                        index[at] = left + i
                        value[at] = fired[i] * one_spike
                        at += fired[i] != zero
            some = np.int64(0)
            reached = np.int64(0)
            for i in range(width):
                some += total[i]
                reached += np.int64(total[i]) * fan_out[left + i]
            spikes[b] += some
            synops[b] += reached
            if keep_counts:
                counts[b, left : left + width] = total
        starts[b, begin] = at


@njit(**COMPILED)
def fire_lif(
    drives, driven, constant, delayed, keep, take, gain, one_spike, dt, tau_rc, tau_ref,
    min_voltage, initial, fan_out,
    starts, index, value, spikes, synops, counts, keep_counts, steps, sites, tile_sites,
):  # fmt: skip
    """LIF neurons over all steps: their events, spikes and synops of each image."""
    neurons = len(initial)
    channels = neurons // sites
    width = tile_sites * channels
    current = np.empty(width, np.float32)
    voltage = np.empty(width, np.float32)
    refractory = np.empty(width, np.float32)
    filtered = np.empty(width, np.float32)
    total = np.empty(width, np.int32)
    zero, one = np.float32(0), np.float32(1)
    # All neurons but the few that have just fired integrate over the whole step.
    whole = np.float32(np.expm1(-dt / tau_rc))
    at = 0
    for b in range(len(constant)):
        begin = 0
        spikes[b] = 0
        synops[b] = 0
        for tile in range(sites // tile_sites):
            left = tile * width
            constants = constant[b, left : left + width]
            voltage[:] = initial[left : left + width]
            refractory[:] = 0
            filtered[:] = 0
            total[:] = 0
            for t in range(steps):
                _current(
                    driven, drives[b, tile if driven else 0, t if driven else 0], constants,
                    delayed, keep, take, gain, filtered, current,
                )  # fmt: skip
                for i in range(width):
                    if i % channels == 0:
                        starts[b, begin] = at
                        begin += 1
                    j = current[i]
                    duration = min(max(dt - refractory[i], zero), dt)
                    decay = whole if duration == dt else np.float32(np.expm1(-duration / tau_rc))
                    v = voltage[i] + (voltage[i] - j) * decay
                    if v > one:
                        passed = -tau_rc * np.log1p((one - v) / (j - one))
                        refractory[i] = tau_ref - passed
                        voltage[i] = zero
                        index[at] = left + i
                        value[at] = one_spike
                        at += 1
                        total[i] += 1
                    else:
                        refractory[i] -= dt
                        voltage[i] = max(v, min_voltage)
            some = np.int64(0)
            reached = np.int64(0)
            for i in range(width):
                some += total[i]
                reached += np.int64(total[i]) * fan_out[left + i]
            spikes[b] += some
            synops[b] += reached
            if keep_counts:
                counts[b, left : left + width] = total
        starts[b, begin] = at


@njit(**COMPILED)
def read_out(drives, driven, constant, delayed, keep, take, scores):
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
