"""What the printed report leaves out: details, and of most networks what one of them has shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spikesweep.parts import Part


@dataclass(frozen=True)
class LeftOut:
    """Kinds of figures that a section has on screen only, by the names of their files.

    details: not printed at all.
    again: printed of one network.
    others: the labels of the networks of which those are not printed.
    """

    details: list[str]
    again: list[str]
    others: list[str]

    def __bool__(self) -> bool:
        return bool(self.details or (self.again and self.others))


def left_out(part: Part, shown: Collection[str], labels: Mapping[str, str]) -> LeftOut:
    """What a section leaves out on paper.

    shown: names of the figures in the report: `kind`, `kind/network`, or `kind/dataset`.
    labels: of the networks, in the order of the study. The first one's figures are printed.
    """
    kinds = {name.partition("/")[0] for name in shown}
    inside = [kind for kind in part.figures if kind.name in kinds]
    return LeftOut(
        details=[kind.name for kind in inside if not kind.printed],
        again=[kind.name for kind in inside if kind.printed and kind.of == "network"],
        others=list(labels.values())[1:],
    )
