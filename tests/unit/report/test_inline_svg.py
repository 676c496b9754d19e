"""Figures as elements of the page: everything is there, smaller, with text as text."""

import re
from xml.etree import ElementTree

import pytest

from spikesweep.errors import UserError
from spikesweep.plots.style import figure_style, new_figure, save_figure
from spikesweep.report.figure_font import figure_css
from spikesweep.report.inline_svg import Styles, inline_svg


@pytest.fixture
def file(tmp_path):
    """A figure with a bold title, a slanted text, a clipped line, markers and a difficult name."""
    with figure_style():
        figure = new_figure(2, title="Two & <three>")
        axes = figure.subplots()
        axes.plot([0, 1, 2], [0, 3, 1], "o-", label="a -- b")
        axes.text(0.5, 1, "office", rotation=30)
        axes.legend()
    save_figure(figure, svg=tmp_path / "figure.svg", png=tmp_path / "figure.png")
    return (tmp_path / "figure.svg").read_bytes()


def inline(file, prefix="f0", styles=None):
    return inline_svg(file, prefix=prefix, description='A "line"', styles=styles or Styles())


def test_text_is_text_with_its_size_and_face(file):
    styles = Styles()
    root = ElementTree.fromstring(inline(file, styles=styles))
    texts = {text.text: text for text in root.iter("text")}
    assert {"Two & <three>", "office", "a -- b", "0.50"} <= set(texts)
    rules = dict(re.findall(r"\.(s\d+){(.*)}", styles.css()))
    assert "font-weight:bold" in rules[texts["Two & <three>"].get("class")]
    assert "font-size:10px" in rules[texts["Two & <three>"].get("class")]
    assert "font-size:9px" in rules[texts["office"].get("class")]
    assert "rotate(-30)" in texts["office"].get("transform")


def test_lines_and_markers_stay_where_they_are(file):
    def places(element, namespace=""):
        return [
            (round(float(use.get("x")), 2), round(float(use.get("y")), 2))
            for use in element.iter(f"{namespace}use")
            if use.get("x")
        ]

    original = ElementTree.fromstring(file)
    made = ElementTree.fromstring(inline(file))
    expected = places(original, "{http://www.w3.org/2000/svg}")
    assert len(expected) > 3
    assert places(made) == expected
    assert made.find("svg").get("viewBox") == "0 0 511.2 144"
    assert made.get("style") == "--wide:511.2;--high:144"


def test_every_reference_leads_somewhere_and_no_id_is_shared(file):
    page = inline(file, "f0") + inline(file, "f1")
    ids = re.findall(r' id="([^"]+)"', page)
    references = re.findall(r'(?:href="#|url\(#)([^")]+)', page)
    assert references
    assert len(ids) == len(set(ids))
    assert set(references) == set(ids)


def test_a_formula_keeps_its_letters(file, tmp_path):
    with figure_style():
        figure = new_figure(2, title="plain")
        figure.text(0.5, 0.5, "$10^{2}$", parse_math=True)
    save_figure(figure, svg=tmp_path / "formula.svg", png=tmp_path / "formula.png")
    root = ElementTree.fromstring(inline((tmp_path / "formula.svg").read_bytes()))
    assert [text.text for text in root.iter("text")] == ["plain"]
    defined = {path.get("id") for path in root.iter("path")}
    used = [use.get("href")[1:] for use in root.iter("use")]
    assert len(used) == 3
    assert set(used) <= defined


def test_it_is_much_smaller_than_the_file(file):
    assert len(inline(file)) < 0.4 * len(file)


def test_a_description_cannot_end_the_element(file):
    assert ElementTree.fromstring(inline(file)).find("svg").get("aria-label") == 'A "line"'


@pytest.mark.parametrize("bad", [b"", b"<p/>", b'<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_another_file_is_refused(bad):
    with pytest.raises(UserError, match="not an SVG"):
        inline(bad)


def test_the_font_has_the_letters_of_the_figures_and_the_same_bytes_each_time(file):
    styles = Styles()
    figure = inline(file, styles=styles)
    css = figure_css([figure], styles)
    assert css.count("@font-face") == 2
    assert css == figure_css([figure], styles)
    assert len(css) < 40_000
    assert len(figure_css([], Styles())) < 200
