"""Linear maps between layers, as blocks between sites.

A site is one position of a layer with all its channels: a pixel, or a whole dense layer.
A map is a sparse matrix over (output site, input site) whose entries are blocks, matrices
over the channels that many entries share (a convolution has one for each kernel tap). All
the linear layers between two spiking layers are composed into one map when a network is
compiled, so that a simulation only deals with such maps.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spikesweep.snn.layers import AveragePooling2D, Conv2D, Dense, ZeroPadding2D

# A number means that number times the identity, a vector a diagonal matrix.
Block = np.ndarray | np.float64


@dataclass(frozen=True, eq=False)
class SiteMap:
    """out[row] = sum over entries of in[column] @ blocks[block].

    rows, columns: number of output and input sites.
    channels_in, channels_out: channels of each site.
    row, column, block: (entries,) int64.
    """

    rows: int
    columns: int
    channels_in: int
    channels_out: int
    row: np.ndarray
    column: np.ndarray
    block: np.ndarray
    blocks: Sequence[Block]


def sites(shape: tuple[int, ...]) -> tuple[int, int]:
    """Number of sites and channels of a layer's shape."""
    return int(np.prod(shape[:-1])), shape[-1]


def identity_map(shape: tuple[int, ...]) -> SiteMap:
    """The map that changes nothing."""
    count, channels = sites(shape)
    every = np.arange(count)
    return SiteMap(
        count, count, channels, channels, every, every, np.zeros_like(every), [np.float64(1)]
    )


def dense_map(layer: Dense) -> SiteMap:
    """A map from one site to one site."""
    zero = np.zeros(1, np.int64)
    channels_in, channels_out = layer.kernel.shape
    return SiteMap(1, 1, channels_in, channels_out, zero, zero, zero, [layer.kernel])


def conv_map(layer: Conv2D, shape: tuple[int, ...]) -> SiteMap:
    """One block per kernel tap; `shape` is the input's."""
    height, width, channels_in, channels_out = layer.kernel.shape
    before = (0, 0)
    if layer.padding == "same":
        before = tuple(
            max((out - 1) * stride + window - size, 0) // 2
            for out, stride, window, size in zip(
                layer.shape, layer.strides, (height, width), shape, strict=False
            )
        )
    row, column, tap = _windows(shape, layer.shape, (height, width), layer.strides, before)
    blocks = list(layer.kernel.reshape(height * width, channels_in, channels_out))
    count, columns = sites(layer.shape)[0], sites(shape)[0]
    return SiteMap(count, columns, channels_in, channels_out, row, column, tap, blocks)


def pooling_map(layer: AveragePooling2D, shape: tuple[int, ...]) -> SiteMap:
    """The mean of the sites in each window; `shape` is the input's."""
    out = layer.shape if len(layer.shape) == 3 else (1, 1, *layer.shape)
    row, column, tap = _windows(shape, out, layer.pool_size, layer.strides, (0, 0))
    share = np.float64(1 / np.prod(layer.pool_size))
    (count, channels), columns = sites(out), sites(shape)[0]
    return SiteMap(count, columns, channels, channels, row, column, np.zeros_like(tap), [share])


def padding_map(layer: ZeroPadding2D, shape: tuple[int, ...]) -> SiteMap:
    """Each input site to its place within the padding; `shape` is the input's."""
    (top, _), (left, _) = layer.padding
    columns, channels = sites(shape)
    column = np.arange(columns)
    row = (column // shape[1] + top) * layer.shape[1] + column % shape[1] + left
    count = sites(layer.shape)[0]
    return SiteMap(
        count, columns, channels, channels, row, column, np.zeros_like(row), [np.float64(1)]
    )


def affine_map(scale: np.ndarray, shape: tuple[int, ...]) -> SiteMap:
    """Each channel times its own factor."""
    return replace(identity_map(shape), blocks=[np.broadcast_to(scale, shape[-1:])])


def part_map(shape: tuple[int, ...], part: tuple[int, ...], axis: int, first: int) -> SiteMap:
    """The map of one input of a concatenation: `part` goes to `first` along `axis` of `shape`."""
    values = np.arange(np.prod(shape)).reshape(shape)
    taken = np.take(values, np.arange(first, first + part[axis]), axis)
    (count, channels_out), (columns, channels_in) = sites(shape), sites(part)
    row = taken.reshape(columns, channels_in)[:, 0] // channels_out
    block: Block = np.float64(1)
    if channels_in != channels_out:
        block = np.eye(channels_in, channels_out, first)
    column = np.arange(columns)
    return SiteMap(
        count, columns, channels_in, channels_out, row, column, np.zeros_like(column), [block]
    )


def composed(outer: SiteMap, inner: SiteMap) -> SiteMap:
    """The map that applies `inner`, then `outer`."""
    # A Reshape between them only assigns the same values to other sites.
    channels = math.gcd(outer.channels_in, inner.channels_out)
    outer = _with_sites(outer, channels) or with_input_sites(outer, channels)
    inner = _with_sites(inner, channels) or with_output_sites(inner, channels)
    # Each pair of entries that meet at a site forms a path.
    order = np.argsort(inner.row, kind="stable")
    first = np.searchsorted(inner.row[order], outer.column)
    count = np.searchsorted(inner.row[order], outer.column, side="right") - first
    left = np.repeat(np.arange(len(outer.row)), count)
    within = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    right = order[np.repeat(first, count) + within]
    row, column = outer.row[left], inner.column[right]
    pair = outer.block[left] * len(inner.blocks) + inner.block[right]
    # Paths between the same two sites add up. Sums of the same products are one block, so
    # that a convolution after a pooling stays a handful of blocks.
    order = np.lexsort((pair, column, row))
    row, column, pair = row[order], column[order], pair[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1) | np.diff(column, prepend=-1))
    sums: dict[tuple[int, ...], int] = {}
    block = [sums.setdefault(tuple(terms), len(sums)) for terms in np.split(pair, starts)[1:]]

    def product(one: int) -> Block:
        of_outer, of_inner = divmod(one, len(inner.blocks))
        return _product(inner.blocks[of_inner], outer.blocks[of_outer])

    return SiteMap(
        outer.rows,
        inner.columns,
        inner.channels_in,
        outer.channels_out,
        row[starts],
        column[starts],
        np.array(block, np.int64),
        [sum((product(one) for one in pairs), start=np.float64(0)) for pairs in sums],
    )


def merged(maps: Sequence[SiteMap]) -> SiteMap:
    """The sum of maps from one layer to another, e.g. of two branches that meet again."""
    channels = math.gcd(*(item.channels_in for item in maps))
    maps = [with_input_sites(item, channels) for item in maps]
    offsets = np.cumsum([0, *(len(item.blocks) for item in maps)])[:-1]
    return replace(
        maps[0],
        row=np.concatenate([item.row for item in maps]),
        column=np.concatenate([item.column for item in maps]),
        block=np.concatenate([item.block + at for item, at in zip(maps, offsets, strict=True)]),
        blocks=[block for item in maps for block in item.blocks],
    )


def _with_sites(item: SiteMap, channels: int) -> SiteMap | None:
    """The same diagonal map with both sides cut into sites of `channels`; None if it is not one.

    A factor for each value of a whole image stays as small as it is: cut on one side alone, it
    would become matrices, nearly all zeros, of each part to all values.
    """
    if item.channels_in != item.channels_out or any(np.ndim(block) == 2 for block in item.blocks):
        return None
    parts = item.channels_in // channels
    blocks: list[Block] = []
    # Parts that are alike, as all but those at a border may be, are one block.
    known: dict[tuple[int, bytes], int] = {}
    ids = np.zeros((len(item.blocks), parts), np.int64)
    for index, block in enumerate(item.blocks):
        cut: Sequence[Block] = [block] * parts
        if isinstance(block, np.ndarray):
            cut = np.split(block, parts)
        for place, one in enumerate(cut):
            ids[index, place] = known.setdefault((np.ndim(one), one.tobytes()), len(blocks))
            if ids[index, place] == len(blocks):
                blocks.append(one)
    part = np.tile(np.arange(parts), len(item.row))
    return replace(
        item,
        rows=item.rows * parts,
        columns=item.columns * parts,
        channels_in=channels,
        channels_out=channels,
        row=np.repeat(item.row, parts) * parts + part,
        column=np.repeat(item.column, parts) * parts + part,
        block=ids[item.block].reshape(-1),
        blocks=blocks,
    )


def with_input_sites(item: SiteMap, channels: int) -> SiteMap:
    """The same map with its input cut into sites of `channels`, a divisor of what it is now."""
    parts = item.channels_in // channels
    if parts == 1:
        return item
    part = np.tile(np.arange(parts), len(item.row))
    return replace(
        item,
        columns=item.columns * parts,
        channels_in=channels,
        row=np.repeat(item.row, parts),
        column=np.repeat(item.column, parts) * parts + part,
        block=np.repeat(item.block, parts) * parts + part,
        blocks=[
            part
            for block in item.blocks
            for part in np.split(matrix(block, item.channels_out), parts)
        ],
    )


def with_output_sites(item: SiteMap, channels: int) -> SiteMap:
    """The same map with its output cut into sites of `channels`, a divisor of what it is now."""
    parts = item.channels_out // channels
    if parts == 1:
        return item
    part = np.tile(np.arange(parts), len(item.row))
    return replace(
        item,
        rows=item.rows * parts,
        channels_out=channels,
        row=np.repeat(item.row, parts) * parts + part,
        column=np.repeat(item.column, parts),
        block=np.repeat(item.block, parts) * parts + part,
        blocks=[
            part
            for block in item.blocks
            for part in np.split(matrix(block, item.channels_out), parts, axis=1)
        ],
    )


def matrix(block: Block, channels_out: int) -> np.ndarray:
    """A block as a matrix (channels_in, channels_out), whatever its short form."""
    if isinstance(block, np.ndarray) and block.ndim == 2:
        return block
    return np.diag(np.broadcast_to(block, (channels_out,)))


def applied(item: SiteMap, values: np.ndarray) -> np.ndarray:
    """The map applied to one vector in C order (float64), as needed for constant offsets."""
    values = np.asarray(values, np.float64).reshape(item.columns, item.channels_in)
    out = np.zeros((item.rows, item.channels_out))
    for index, block in enumerate(item.blocks):
        uses = item.block == index
        product = _product(values[item.column[uses]], block)
        np.add.at(out, item.row[uses], product)
    return out.reshape(-1)


def _windows(
    shape: tuple[int, ...],
    out: tuple[int, ...],
    window: tuple[int, int],
    strides: tuple[int, int],
    before: Iterable[int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(output site, input site, tap) of every position at which a window lies on the image."""
    top, left = before
    y, x, tap_y, tap_x = np.meshgrid(
        *(np.arange(size) for size in (*out[:2], *window)), indexing="ij"
    )
    in_y, in_x = y * strides[0] + tap_y - top, x * strides[1] + tap_x - left
    inside = (in_y >= 0) & (in_y < shape[0]) & (in_x >= 0) & (in_x < shape[1])
    row, column, tap = y * out[1] + x, in_y * shape[1] + in_x, tap_y * window[1] + tap_x
    return row[inside], column[inside], tap[inside]


def _product(left: Block, right: Block) -> Block:
    """left @ right in float64; both may have a short form."""
    left, right = np.asarray(left, np.float64), np.asarray(right, np.float64)
    if right.ndim == 2:
        if left.ndim == 2:
            return left @ right
        return right * (left if left.ndim == 0 else left[:, None])
    return left * right
