"""Blocks of pages that scripts write."""

import pytest

from spikesweep.errors import UserError
from spikesweep.marked import markers, with_block

FIRST, LAST = markers("results")


def test_only_what_is_between_the_markers_is_replaced():
    text = f"Before.\n{FIRST}\nold\n{LAST}\nAfter.\n"
    assert (
        with_block(text, "results", "\nnew\n\n", "README.md")
        == f"Before.\n{FIRST}\nnew\n{LAST}\nAfter.\n"
    )


@pytest.mark.parametrize(
    "text", ["no markers", FIRST, f"{LAST}\n{FIRST}", f"{FIRST}{LAST}\n{FIRST}{LAST}"]
)
def test_a_page_needs_its_markers_once_and_in_order(text):
    with pytest.raises(UserError, match=r"README\.md: expected one line <!-- results -->"):
        with_block(text, "results", "new", "README.md")
