"""Blocks of a page that scripts write: what lies between `<!-- name -->` and `<!-- /name -->`."""

from pathlib import Path

from spikesweep.errors import UserError
from spikesweep.files import write_text


def markers(name: str) -> tuple[str, str]:
    """The lines before and after the block of this name."""
    return f"<!-- {name} -->", f"<!-- /{name} -->"


def with_block(text: str, name: str, block: str, page: str) -> str:
    """The text of a page with this block instead of what was between its markers.

    page: what errors call it.

    Raises UserError unless each marker occurs once, in this order.
    """
    first, last = markers(name)
    before, start, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not (start and end) or text.count(first) != 1 or text.count(last) != 1:
        raise UserError(
            f"{page}: expected one line {first} and, below it, one line {last}; "
            f"what lies between them is replaced by the {name}"
        )
    return f"{before}{first}\n{block.strip()}\n{last}{after}"


def write_block(page: Path, name: str, block: str) -> None:
    """Write this block of a page, and say so.

    Raises UserError as `with_block` does.
    """
    write_text(with_block(page.read_text(encoding="utf-8"), name, block, str(page)), page)
    print(f"Written: {page}")
