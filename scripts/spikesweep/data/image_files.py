"""One image file as an array, as a viewer shows it."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from spikesweep.errors import UserError
from spikesweep.files import stand_in

# Pillow's names for the two kinds of images.
MODES = {"gray": "L", "rgb": "RGB"}
INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# Several frames that are one picture: cameras add previews to theirs.
_ONE_PICTURE = ("MPO",)


@dataclass(frozen=True)
class Look:
    """How images are taken in.

    color: gray or rgb; images of the other kind are converted
    size: (height, width) that all are resized to, or None
    interpolation: a key of `INTERPOLATIONS`
    """

    color: str
    size: tuple[int, int] | None = None
    interpolation: str = "bilinear"


@dataclass(frozen=True, eq=False)
class Picture:
    """pixels: (H, W, C) uint8. changes: what was done to show it, such as `turned upright`."""

    pixels: np.ndarray
    changes: tuple[str, ...]


def read_image(path: Path, look: Look) -> Picture:
    """Read a file in any format that Pillow reads.

    The orientation that a camera noted is applied; what is transparent is shown on white.

    Raises UserError for what is no image, has more than 8 bits per channel, or several frames.
    """
    try:
        with Image.open(path) as image:
            _check(path, image)
            return _shown(image, look)
    except UserError:
        raise
    # Pillow's decoders raise whatever they stumble over.
    except Exception as error:
        raise UserError(_told_of_unreadable(path, error)) from error


def _told_of_unreadable(path: Path, error: Exception) -> str:
    if path.is_file() and (told := stand_in(path)):
        return f"{path} {told}"
    reason = (
        "of no format that Pillow knows" if isinstance(error, UnidentifiedImageError) else error
    )
    return (
        f"{path} cannot be read as an image ({reason}): remove it, or save the image as PNG or JPEG"
    )


def _full_scale(image: Image.Image) -> int:
    """What is probably white: the least full scale of 8 to 16 bits that holds all values, or 1."""
    brightest = float(np.asarray(image).max())
    if image.mode == "F" and brightest <= 1:
        return 1
    scales = [2**bits - 1 for bits in (8, 10, 12, 14, 16)]
    return next((scale for scale in scales if brightest <= scale), math.ceil(brightest))


def _is_deep(image: Image.Image) -> bool:
    """Whether Pillow cuts colours of more than 8 bits, by how it is about to decode the file."""
    how = [tile[3] for tile in getattr(image, "tile", [])]
    # BGR;16 are 16 bits of all three colours; in PPM files, the largest value is told.
    deep = re.compile(r"(?<!BGR);16")
    of_ppm = [one[-1] for one in how if image.format == "PPM" and isinstance(one, tuple)]
    return any(deep.search(str(one)) for one in how) or any(
        isinstance(largest, int) and largest > 255 for largest in of_ppm
    )


def _check(path: Path, image: Image.Image) -> None:
    # Pillow would silently clip larger values to 255.
    if image.mode.startswith(("I", "F")):
        largest = _full_scale(image)
        raise UserError(
            f"{path} has more than 8 bits per channel (mode {image.mode}): convert all images, "
            f"if {largest} is white, with "
            f"Image.fromarray((np.asarray(image) / {largest} * 255).round().astype('uint8'))"
        )
    # Of 16-bit colours, it keeps the high byte, in which darker ranges are all but lost.
    if _is_deep(image):
        raise UserError(
            f"{path} has more than 8 bits per channel: convert all images to 8 bits with a program "
            "that knows which value is white, such as ImageMagick (-level 0,4095 -depth 8)"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format not in _ONE_PICTURE:
        raise UserError(
            f"{path} has {frames} frames, but a network sees one image: save the frames that you "
            "want as images of their own"
        )


def _shown(image: Image.Image, look: Look) -> Picture:
    changes = []
    upright = ImageOps.exif_transpose(image)
    if upright.size != image.size or image.getexif().get(0x0112, 1) != 1:
        changes.append("turned upright, as the camera noted")
    if upright.has_transparency_data:
        layered = upright.convert("RGBA")
        if np.asarray(layered.getchannel("A")).min() < 255:
            changes.append("shown on white where they are transparent")
            white = Image.new("RGBA", layered.size, "white")
            layered = Image.alpha_composite(white, layered)
        upright = layered.convert("RGB")
    if upright.mode in ("CMYK", "YCCK"):
        changes.append("converted from CMYK without a colour profile")
    converted = upright.convert(MODES[look.color])
    if look.size is not None and look.size != (converted.height, converted.width):
        height, width = look.size
        converted = converted.resize((width, height), INTERPOLATIONS[look.interpolation])
    pixels = np.asarray(converted)
    return Picture(pixels.reshape(*pixels.shape[:2], -1), tuple(changes))
