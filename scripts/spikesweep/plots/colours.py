"""Colours of figures: for ordered levels, for categories, and for references."""

import seaborn as sns

Colour = tuple[float, float, float]

# For reference lines, and for what all categories share.
NEUTRAL = "0.35"


def ordered_colours(palette: str, count: int) -> list[Colour]:
    """Return `count` colours from dark to light, without the palest end, which is illegible."""
    colours = sns.color_palette(palette, as_cmap=True)
    if count == 1:
        return [colours(0.35)[:3]]
    return [colours(0.9 * index / (count - 1))[:3] for index in range(count)]


def category_colours(palette: str, count: int) -> list[Colour]:
    """Return `count` colours that are easy to tell apart."""
    return sns.color_palette(palette, count)
