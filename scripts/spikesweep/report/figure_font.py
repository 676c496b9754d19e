"""The style of the figures in the page, and their font with only the letters that they use."""

import base64
import html
import logging
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from fontTools import subset
from fontTools.ttLib import TTFont
from markupsafe import Markup

from spikesweep.report.inline_svg import Styles

# The font that Matplotlib laid out the figures with, by weight.
_FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
# What Matplotlib says in each of its files.
_RULES = (
    Markup(".plot{font-family:Figure,sans-serif;white-space:pre}"),
    Markup(".plot *{stroke-linejoin:round;stroke-linecap:butt}"),
)


def figure_css(figures: Iterable[Markup], styles: Styles) -> Markup:
    """What the figures' elements need in the page's style sheet."""
    texts = [text for figure in figures for text in re.findall(r"<text[^>]*>([^<]*)", figure)]
    characters = sorted(set(html.unescape("".join(texts))))
    faces = [
        Markup(
            '@font-face{{font-family:Figure;font-weight:{};src:url("data:font/woff;base64,{}")}}'
        ).format(weight, base64.b64encode(_subset(file, characters)).decode())
        for weight, file in _FILES.items()
        if characters
    ]
    return Markup("\n").join([*faces, *_RULES, styles.css()])


# It would tell each table of the font that it leaves out.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)


def _subset(file: str, characters: Iterable[str]) -> bytes:
    # The same letters give the same bytes: no date of the day.
    options = subset.Options(
        flavor="woff",
        recalc_timestamp=False,
        drop_tables=["FFTM"],
        layout_features=["kern", "liga"],
    )
    font = TTFont(Path(mpl.get_data_path(), "fonts", "ttf", file), recalcTimestamp=False)
    wanted = subset.Subsetter(options)
    wanted.populate(text="".join(characters))
    wanted.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written)
    return written.getvalue()
