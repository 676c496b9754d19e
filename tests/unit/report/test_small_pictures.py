"""Notebook pages with smaller pictures."""

import base64
import re
from io import BytesIO

import numpy as np
from PIL import Image

from spikesweep.report.small_pictures import with_small_pictures


def test_a_plot_looks_the_same_and_is_smaller():
    # Some noise, or PNG would be as good.
    noise = np.random.default_rng(0).integers(0, 12, size=(80, 120))
    pixels = np.stack([20 * noise, 255 - 20 * noise, 0 * noise], axis=-1).astype(np.uint8)
    written = BytesIO()
    Image.fromarray(pixels).save(written, format="PNG")
    png = base64.b64encode(written.getvalue()).decode()
    page = with_small_pictures(f'<p>a</p><img src="data:image/png;base64,{png}" alt="b">')
    found = re.fullmatch(r'<p>a</p><img src="data:image/webp;base64,([^"]+)" alt="b">', page)
    assert len(found[1]) < len(png)
    with Image.open(BytesIO(base64.b64decode(found[1]))) as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_a_page_without_pictures_is_left_alone():
    assert with_small_pictures("<p>data:image/svg</p>") == "<p>data:image/svg</p>"
