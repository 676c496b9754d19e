"""What a network sees of an image: pixels scaled in one of several ways, or whitened."""

from dataclasses import dataclass

import numpy as np

from spikesweep.data.scaling import PIXEL_SCALE, Numbers
from spikesweep.errors import UserError
from spikesweep.training.whitening import Whitening, patch_whitening

INPUTS = ("raw", "rescaled", "standardised", "whitened")


@dataclass(frozen=True, eq=False)
class NetworkInput:
    """Pixels * input_scale + input_offset, then the convolution `whitening` if there is one."""

    input_scale: Numbers
    input_offset: Numbers
    whitening: Whitening | None = None


def network_input(
    kind: str, images: np.ndarray, seed: int, input_scale: Numbers, input_offset: Numbers
) -> NetworkInput:
    """What the network sees, derived only from the images that it is trained on.

    kind: raw: pixels from 0 to 255. rescaled: by the given scale and offset.
        standardised: mean 0 and standard deviation 1 in each channel over all images.
        whitened: pixels / 255, whitened by a convolution (see `whitening`).
    images: (N, H, W, C) uint8, those trained on. seed: chooses what the whitening looks at.

    Raises UserError for any other kind.
    """
    match kind:
        case "raw":
            return NetworkInput(1.0, 0.0)
        case "rescaled":
            return NetworkInput(input_scale, input_offset)
        case "standardised":
            mean, deviation = _mean_and_deviation(images)
            # A constant channel cannot be scaled.
            scale = 1 / np.where(deviation > 0, deviation, 1)
            return NetworkInput(scale.tolist(), (-mean * scale).tolist())
        case "whitened":
            # The mean becomes 0, like the whitening's padding; otherwise the padding would draw a
            # frame.
            mean, _ = _mean_and_deviation(images)
            offset = (-mean * PIXEL_SCALE).tolist()
            whitening = patch_whitening(images, PIXEL_SCALE, offset, seed)
            return NetworkInput(PIXEL_SCALE, offset, whitening)
    raise UserError(f"input of a network: found {kind!r}; allowed: {', '.join(INPUTS)}")


def _mean_and_deviation(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each channel of uint8 images; exact, and no float copy."""
    values = np.arange(256)
    channels = np.moveaxis(images, -1, 0)
    shares = np.stack([np.bincount(channel.ravel(), minlength=256) for channel in channels])
    shares = shares / shares.sum(axis=1, keepdims=True)
    mean = shares @ values
    return mean, np.sqrt(shares @ values**2 - mean**2)
