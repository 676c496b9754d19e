"""Matplotlib's SVG files as elements of the page: a quarter of their size, their text real text.

A figure's file draws each letter as a path, so that it looks the same everywhere. In the page, one
font serves all figures (`figure_font.py`), so that text can be searched, selected and read aloud.
"""

import html
import re
from collections.abc import Iterable
from xml.etree import ElementTree

from markupsafe import Markup

from spikesweep.errors import UserError

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
# One rule of the page's style does what each file's own style does.
_LEFT_OUT = {"metadata", "style"}
# Bold and oblique faces, by what Matplotlib calls their glyphs: DejaVuSans-Bold-24.
_FACES = {"Bold": "font-weight:bold", "Oblique": "font-style:italic"}
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_TEXT_TRANSFORM = re.compile(r"^(.*?) ?scale\(([\d.]+) -[\d.]+\)$")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


class Styles:
    """The `style` attributes of all figures of a page, each once, as classes."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}

    def class_of(self, style: str) -> str:
        """The class that stands for this style."""
        compact = re.sub(r"\s*([:;,])\s*", r"\1", _rounded(style)).strip("; ")
        return self._classes.setdefault(compact, f"s{len(self._classes)}")

    def css(self) -> Markup:
        """The rules of all classes so far."""
        return Markup("\n".join(f".{name}{{{style}}}" for style, name in self._classes.items()))


def inline_svg(file: bytes, *, prefix: str, description: str, styles: Styles) -> Markup:
    """An `<svg>` element that shows what the file shows, in a box of its size.

    Browsers need not look into the box before it comes into view: its size is known without.

    prefix: begins all ids of this figure, which are unique in the page.
    description: for readers who do not see it.

    Raises UserError if the file is not an SVG with a width in points.
    """
    root = _parse(file)
    width_pt = re.fullmatch(r"([\d.]+)pt", root.get("width", "")) if root is not None else None
    if root is None or width_pt is None:
        raise UserError(
            "a figure is not an SVG file with a width: delete it and run the workflow again"
        )
    body = _Writer(prefix, styles, root).whole(root)
    view = _rounded(root.get("viewBox", ""))
    wide, high = view.split()[2:]
    return Markup(
        '<div class="drawn" style="--wide:{};--high:{}">'
        '<svg class="plot" role="img" aria-label="{}" viewBox="{}">{}</svg></div>'
    ).format(wide, high, description, view, Markup(body))


def _parse(file: bytes) -> ElementTree.Element | None:
    # Matplotlib writes each text as a comment before the paths of its letters.
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    try:
        root = ElementTree.fromstring(file, parser)
    except ElementTree.ParseError:
        return None
    return root if _local(root.tag) == "svg" else None


def _ids_in_use(root: ElementTree.Element) -> dict[str, int]:
    """Ids that something refers to, numbered; letters are not among them."""
    used: dict[str, int] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            found = _REFERENCE.findall(value)
            if _local(name) == "href" and value.startswith("#"):
                found.append(value[1:])
            for each in found:
                used.setdefault(each, len(used))
    return used


class _Writer:
    """Writes the elements of one figure."""

    def __init__(self, prefix: str, styles: Styles, root: ElementTree.Element) -> None:
        self._prefix, self._styles, self._ids = prefix, styles, _ids_in_use(root)
        self._paths = {path.get("id"): path for path in root.iter(f"{_SVG}path")}
        self._kept_letters: dict[str, None] = {}

    def whole(self, root: ElementTree.Element) -> str:
        """All elements, then those letters that stay paths."""
        body = self._children(root)
        letters = "".join(self._element(self._paths[name]) for name in self._kept_letters)
        return f"{body}<defs>{letters}</defs>" if letters else body

    def _children(self, element: ElementTree.Element) -> str:
        written: list[str] = []
        text = None
        for child in element:
            tag: object = child.tag
            if tag is ElementTree.Comment:
                text = _uncommented(child.text or "")
            elif text is not None:
                written.append(self._text(child, text))
                text = None
            else:
                written.append(self._element(child))
        return "".join(written)

    def _text(self, letters: ElementTree.Element, text: str) -> str:
        """A text in place of the paths of its letters; formulas keep theirs."""
        uses = letters.findall(f"{_SVG}use")
        transform = _TEXT_TRANSFORM.match(letters.get("transform", ""))
        if transform is None or ("$" in text and len(uses) != len(text)):
            self._kept_letters |= dict.fromkeys(use.attrib[_HREF][1:] for use in uses)
            inner = "".join(self._element(use) for use in uses)
            return f"<g{self._attributes(letters)}>{inner}</g>"
        # Matplotlib scales letters of 100 units an em.
        size = f"font-size:{100 * float(transform[2]):g}px"
        style = ";".join(filter(None, [letters.get("style"), size, *_faces(uses)]))
        return (
            f'<text class="{self._styles.class_of(style)}" '
            f'transform="{_rounded(transform[1])}">{html.escape(text, quote=False)}</text>'
        )

    def _element(self, element: ElementTree.Element) -> str:
        tag = _local(element.tag)
        if tag in _LEFT_OUT:
            return ""
        attributes, inner = self._attributes(element), self._children(element)
        if tag in {"g", "defs"} and not inner:
            return ""
        if tag == "g" and not attributes:
            return inner
        return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"

    def _attributes(self, element: ElementTree.Element) -> str:
        written = []
        for name, value in element.attrib.items():
            name = _local(name)
            if name == "id":
                if value not in self._ids:
                    continue
                value = self._id(value)
            elif name == "style":
                name, value = "class", self._styles.class_of(value)
            elif name == "href" and value.startswith("#"):
                value = f"#{self._id(value[1:])}"
            elif name == "href":
                value = re.sub(r"\s", "", value)
            elif name == "transform":
                # Factors of a scale are small numbers.
                value = _NUMBER.sub(lambda found: f"{float(found[0]):.6g}", value)
            elif name == "d":
                value = _compact_path(value)
            else:
                value = _rounded(_REFERENCE.sub(lambda m: f"url(#{self._id(m[1])})", value))
            written.append(f' {name}="{html.escape(value)}"')
        return "".join(written)

    def _id(self, name: str) -> str:
        return f"{self._prefix}-{self._ids[name]}"


def _faces(uses: Iterable[ElementTree.Element]) -> list[str]:
    glyphs = " ".join(use.attrib[_HREF] for use in uses)
    return [style for face, style in _FACES.items() if f"-{face}" in glyphs]


def _uncommented(text: str) -> str:
    # XML allows no two hyphens in a comment: Matplotlib puts a space between them.
    return html.unescape(text.strip(" ")).replace("- -", "--")


def _compact_path(path: str) -> str:
    parts = _rounded(" ".join(path.split()))
    return re.sub(r" ?([A-Za-z]) ?", r"\1", parts).replace(" -", "-")


def _rounded(text: str) -> str:
    """Numbers with two decimals: a hundredth of a point is invisible."""
    return _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), text)


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
