"""What a network sees of an image."""

import numpy as np

from spikesweep.data.scaling import PIXEL_SCALE, Numbers


def scale_images(
    images: np.ndarray,
    input_scale: Numbers | np.ndarray = PIXEL_SCALE,
    input_offset: Numbers | np.ndarray = 0.0,
) -> np.ndarray:
    """float32 `image * input_scale + input_offset`, each one number or one per channel.

    images: (N, H, W, C), any number type; whole datasets stay uint8 and are scaled a batch at a
        time.
    """
    return images * np.asarray(input_scale, np.float32) + np.asarray(input_offset, np.float32)
