"""Every key of the config, as a page: python -m spikesweep.config.reference

`docs/configuration.md` has a table for each section: what a value may be, its default, and what it
means. It is made from the schema, and from the defaults and comments of `config/config.yaml`.
"""

import re
from itertools import groupby
from pathlib import Path

import yaml

from spikesweep.config.check import read_schema
from spikesweep.config.keys import Key, Keys
from spikesweep.files import write_text
from spikesweep.parts import PARTS

PAGE = Path("docs", "configuration.md")
# What the page begins with.
_HEAD = Path("reports", "configuration_head.md")
_TABLE = "| key | allowed | default | meaning |\n|---|---|---|---|"


def main() -> None:
    """Write the page of this checkout."""
    write_text(reference(Path.cwd() / "config"), PAGE)
    print(f"Written: {PAGE}")


def reference(folder: Path) -> str:
    """The page, from the schema and the default config in a folder of a checkout."""
    titles = {part.key: part.title for part in PARTS}
    parts = [(folder.parent / _HEAD).read_text(encoding="utf-8")]
    for section, keys in groupby(keys_of(folder), lambda key: key.path.split(".")[0]):
        title = f" ({titles[section]})" if section in titles else ""
        parts.append(f"## `{section}`{title}\n\n{_TABLE}")
        parts += [_row(key) for key in keys]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def keys_of(folder: Path) -> list[Key]:
    """All keys that a config may have, in the order of the schema."""
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    schema = read_schema(folder / "schema.yaml")
    return list(Keys(schema, yaml.safe_load(text), comments(text)))


def _row(key: Key) -> str:
    meaning = key.meaning.replace("|", r"\|")
    return f"| `{key.path}` | {key.allowed} | {key.default} | {meaning} |"


def comments(text: str) -> dict[str, str]:
    """The comments on keys, by the keys' paths: beside a key and below that, or else above it."""
    found: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    above: list[str] = []
    path = ""
    for line in text.splitlines():
        if key := re.match(r"( *)([\w-]+):(?: |$)", line):
            indent, name = len(key[1]), key[2]
            stack = [one for one in stack if one[0] < indent] + [(indent, name)]
            path = ".".join(name for _, name in stack)
            beside = re.search(r"\s# (.*)", line)
            if beside or above:
                found[path] = beside[1].strip() if beside else " ".join(above)
            # Of the lines below, those go on that are as far to the right.
            path, above = path if beside else "", []
        elif path and (more := re.match(r" {20,}# +(.*)", line)):
            found[path] += f" {more[1].strip()}"
        else:
            comment = re.match(r" *# (.*)", line)
            path, above = "", [*above, comment[1].strip()] if comment else []
    return found


if __name__ == "__main__":
    main()
