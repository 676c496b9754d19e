"""Keys that a config file gives twice, of which YAML silently takes the last."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from spikesweep.errors import UserError

# Written in C where there is one: the Snakefile reads all configs at each start.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_keys_once(files: Iterable[str | Path]) -> None:
    """Raise UserError if a map in one of these YAML files has a key twice, with both lines."""
    for file in files:
        with Path(file).open(encoding="utf-8") as text:
            found = next(_twice(yaml.compose(text, Loader=_LOADER)), None)
        if found:
            key, first, second = found
            raise UserError(
                f"{file}: {key} is given in line {first} and again in line {second}, and only the "
                "last would count; write it once, with all that belongs to it"
            )


def _twice(node: yaml.Node | None, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Each key that is not the first of its name in its map: its path, and the lines of both."""
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _twice(entry, path)
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            inner = f"{path}.{name}" if path else name
            if name in lines:
                yield inner, lines[name], line
            lines[name] = line
            yield from _twice(value, inner)
