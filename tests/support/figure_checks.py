"""What all figures must be: legible, and the same bytes for the same table."""

import itertools

from matplotlib.axis import Axis
from matplotlib.text import Text

from spikesweep.plots.style import figure_style, save_figure

SMALLEST_POINTS = 8


def assert_legible(figure):
    """No text is small, cut off or on top of another."""
    with figure_style():
        figure.draw_without_rendering()
    boxes = []
    page = figure.bbox.padded(1)
    for text in visible_texts(figure):
        words, box = text.get_text(), text.get_window_extent()
        assert text.get_fontsize() >= SMALLEST_POINTS, f"{words!r} is small"
        corners = page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1)
        assert corners, f"{words!r} is cut off"
        assert "\\math" not in words, f"{words!r} is a formula, which figures do not draw"
        # The box of slanted text is larger than the text.
        if not text.get_rotation() % 90:
            boxes.append((words, box.padded(-1)))
    for (one, box), (other, other_box) in itertools.combinations(boxes, 2):
        assert not box.overlaps(other_box), f"{one!r} overlaps {other!r}"


def assert_same_bytes(draw, folder):
    """`draw()`, called twice, gives the same files, without a date."""
    for copy in "ab":
        save_figure(draw(), svg=folder / f"{copy}.svg", png=folder / f"{copy}.png")
    for suffix in ("svg", "png"):
        one, other = ((folder / f"{copy}.{suffix}").read_bytes() for copy in "ab")
        assert one == other
    assert b"<dc:date>" not in (folder / "a.svg").read_bytes()


def visible_texts(figure):
    """All texts that a reader sees."""

    def walk(artist):
        switched_off = isinstance(artist, Axis) and not artist.axes.axison
        if not artist.get_visible() or switched_off:
            return
        yield artist
        if isinstance(artist, Axis):
            # Ticks outside the view are kept, but not drawn.
            low, high = sorted(artist.get_view_interval())
            ticks = [t for t in artist.get_major_ticks() if low <= t.get_loc() <= high]
            children = [artist.label, artist.offsetText, *ticks]
        else:
            children = artist.get_children()
        for child in children:
            yield from walk(child)

    texts = [artist for artist in walk(figure) if isinstance(artist, Text)]
    return [text for text in texts if text.get_text().strip()]
