"""From spikes to input currents: weights times events, compiled.

Spikes of a chunk of images are lists of events: `index` (the neuron within its layer) and
`value` (its output z in the step), in the order image, tile, step, site, neuron.
`starts` (images, sites * steps + 1) says where the events of each site and step begin.
Currents are arrays (images, tiles, steps, neurons of a tile), float32.

Numba compiles for the arguments of a call: annotations are for readers and type checkers.
"""

from collections.abc import Callable, Sequence

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.typing import Context, Signature
from numba.extending import intrinsic
from numpy.typing import NDArray

from spikesweep.simulation.fused.compiled import compiled

# A product and a sum may be fused into one instruction, as sums over synapses have no defined
# order.
FUSED = ("contract",)


@compiled
def list_pixels(
    images: NDArray[np.float32],
    starts: NDArray[np.int32],
    index: NDArray[np.int32],
    value: NDArray[np.float32],
) -> None:
    """Events of analogue images (images, sites, channels): their nonzero pixels."""
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


@compiled
def drive(
    starts: NDArray[np.int32],
    index: NDArray[np.int32],
    value: NDArray[np.float32],
    tile_sites: int,
    first_run: NDArray[np.int64],
    site: NDArray[np.int64],
    length: NDArray[np.int64],
    shift: NDArray[np.int64],
    weights: NDArray[np.float32],
    out: NDArray[np.float32],
    add: bool,
) -> None:
    """Weights times events, added to `out` or written to it; see `Wires` for the arguments."""
    images, tiles, steps, width = out.shape
    channels = weights.shape[1]
    out_tile_sites = width // channels
    if not add:
        out[:] = 0
    for b in range(images):
        for row in range(tiles * out_tile_sites):
            to_tile = ((b * tiles + row // out_tile_sites) * steps) * width
            to_first = to_tile + (row % out_tile_sites) * channels
            for run in range(first_run[row], first_run[row + 1]):
                tile, within = divmod(site[run], tile_sites)
                at = tile * steps * tile_sites + within
                by = shift[run]
                many = length[run]
                to = to_first
                for _ in range(steps):
                    event, end = starts[b, at], starts[b, at + many]
                    if event < end:
                        c = 0
                        while c + 64 <= channels:
                            _add_events(index, value, event, end, weights, by, c, out, to + c, 64)
                            c += 64
                        if c + 32 <= channels:
                            _add_events(index, value, event, end, weights, by, c, out, to + c, 32)
                            c += 32
                        if c + 16 <= channels:
                            _add_events(index, value, event, end, weights, by, c, out, to + c, 16)
                            c += 16
                        while c < channels:
                            _add_events(index, value, event, end, weights, by, c, out, to + c, 1)
                            c += 1
                    at += tile_sites
                    to += width


@intrinsic
def _add_events(
    typing: Context,
    index: types.Array,
    value: types.Array,
    first: types.Type,
    end: types.Type,
    weights: types.Array,
    shift: types.Type,
    column: types.Type,
    out: types.Array,
    to: types.Type,
    lanes: types.Type,
) -> tuple[Signature, Callable[..., ir.Value]] | None:
    """out[to:to + lanes] += sum over events of value * weights[index + shift, column:][:lanes].

    `to` is an index into the flat array. This function exists because it keeps the sum in vector
    registers for all events, which Numba's own loops do not achieve.
    """
    whole = types.intp
    signature = types.void(
        index, value, whole, whole, weights, whole, whole, out, whole, lanes
    )  # fmt: skip
    width = lanes.literal_value if isinstance(lanes, types.IntegerLiteral) else None
    if width is None:
        return None
    vector = ir.VectorType(ir.FloatType(), width)
    word = ir.IntType(64)

    def generate(
        context: BaseContext,
        builder: ir.IRBuilder,
        signature: Signature,
        arguments: Sequence[ir.Value],
    ) -> ir.Value:
        index, value, first, end, weights, shift, column, out, to, _ = arguments
        arrays = [
            context.make_array(kind)(context, builder, array)
            for kind, array in zip(
                (signature.args[i] for i in (0, 1, 4, 7)), (index, value, weights, out), strict=True
            )
        ]
        index, value, weights, out = arrays
        row_length = cgutils.unpack_tuple(builder, weights.shape)[1]
        base = builder.gep(weights.data, [column])
        target = builder.bitcast(builder.gep(out.data, [to]), vector.as_pointer())
        total = cgutils.alloca_once(builder, vector)
        builder.store(builder.load(target, align=4), total)
        lane = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        nothing = ir.Constant(vector, ir.Undefined)
        with cgutils.for_range_slice(builder, first, end, ir.Constant(word, 1), word) as (i, _):
            neuron = builder.sext(builder.load(builder.gep(index.data, [i])), word)
            row = builder.mul(builder.add(neuron, shift), row_length)
            source = builder.bitcast(builder.gep(base, [row]), vector.as_pointer())
            one = builder.load(builder.gep(value.data, [i]))
            every = builder.insert_element(nothing, one, ir.Constant(ir.IntType(32), 0))
            every = builder.shuffle_vector(every, nothing, lane)
            product = builder.fmul(every, builder.load(source, align=4), flags=FUSED)
            builder.store(builder.fadd(builder.load(total), product, flags=FUSED), total)
        builder.store(builder.load(total), target).align = 4
        return context.get_dummy_value()

    return signature, generate
