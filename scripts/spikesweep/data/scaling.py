"""The line from pixels to a network's input: `image * input_scale + input_offset`."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from spikesweep.errors import UserError

# One number, or one per channel.
Numbers = float | Sequence[float]

PIXEL_SCALE = 1 / 255
# Networks scale pixels from 0 to 255 by 1/255 to 1/50, and pixels from 0 to 1 by 1 to 5.
_LARGEST_SCALE_OF_PIXELS = 0.2


class Scaling(TypedDict):
    """The line, as the keywords that functions take it by."""

    input_scale: Numbers
    input_offset: Numbers


def check_channels(channels: int, **numbers: Numbers | None) -> None:
    """Raise UserError, naming the key, for a list that has not one number for each channel."""
    for key, found in numbers.items():
        if isinstance(found, Sequence) and len(found) != channels:
            raise UserError(
                f"{key} of the network has {len(found)} numbers, but the images of its dataset "
                f"have {channels} channel{'s' * (channels != 1)}: give one number, or one for each"
            )


def shrinks_pixels(scale: float) -> bool:
    """Whether a scale is one for pixels from 0 to 255."""
    return scale < _LARGEST_SCALE_OF_PIXELS


def fold(
    input_scale: Numbers, input_offset: Numbers, rescaling: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """One scaling for two: `(x * input_scale + input_offset) * scale + offset`."""
    scale, offset = rescaling
    return (
        _each(lambda a, b: a * b, input_scale, scale),
        _each(lambda a, b, c: a * b + c, input_offset, scale, offset),
    )


def _each(formula: Callable[..., float], *values: Numbers) -> Numbers:
    """Apply a formula to numbers, or channel by channel if one of them is a list."""
    channels = {len(v) for v in values if isinstance(v, Sequence)}
    if not channels:
        return formula(*values)
    count = channels.pop()
    columns = (v if isinstance(v, Sequence) else [v] * count for v in values)
    return [formula(*row) for row in zip(*columns, strict=True)]
