"""Every key of the config, as a page: python -m spikesweep.config.reference

`docs/configuration.md` has a table for each section: what a value may be, its default, and what it
means. It is made from the schema, and from the defaults and comments of `config/config.yaml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from spikesweep.config.check import read_schema
from spikesweep.files import write_text
from spikesweep.parts import PARTS
from spikesweep.words import yaml_line

PAGE = Path("docs", "configuration.md")
# What the page begins with.
_HEAD = Path("reports", "configuration_head.md")
_KINDS = {"array": "list", "object": "map", "boolean": "true or false", "null": "none"}
# Names that users choose, by the map that holds them.
_CHOSEN = {"datasets": "<dataset>", "networks": "<network>"}


@dataclass(frozen=True)
class Key:
    """A key of the config: its path with dots, what it may be, its default, what it means."""

    path: str
    allowed: str
    default: str
    meaning: str


def main() -> None:
    """Write the page of this checkout."""
    write_text(reference(Path.cwd() / "config"), PAGE)
    print(f"Written: {PAGE}")


def reference(folder: Path) -> str:
    """The page, from the schema and the default config in a folder of a checkout."""
    schema = read_schema(folder / "schema.yaml")
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    keys = list(_keys(schema, schema["$defs"], yaml.safe_load(text), _comments(text), ""))
    sections = dict.fromkeys(key.path.split(".")[0] for key in keys)
    titles = {part.key: part.title for part in PARTS}
    parts = [(folder.parent / _HEAD).read_text(encoding="utf-8")]
    for section in sections:
        of_section = [key for key in keys if key.path.split(".")[0] == section]
        title = f" ({titles[section]})" if section in titles else ""
        parts.append(f"## `{section}`{title}\n")
        parts.append("| key | allowed | default | meaning |\n|---|---|---|---|")
        parts += [
            f"| `{key.path}` | {key.allowed} | {key.default} | {key.meaning} |"
            for key in of_section
        ]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _keys(
    schema: Mapping[str, Any],
    definitions: Mapping[str, Any],
    default: Any,
    comments: Mapping[str, str],
    path: str,
) -> Iterator[Key]:
    """The keys below a path, those with keys of their own followed by these."""
    schema = _resolved(schema, definitions)
    properties = dict(schema.get("properties", {}))
    for part in _alternatives(schema, definitions):
        properties = part.get("properties", {}) | properties
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping) and path in _CHOSEN:
        properties[_CHOSEN[path]] = more
    one_value = default is not None and not isinstance(default, Mapping)
    if path and (one_value or not properties):
        yield Key(path, _allowed(schema), _shown(default), _meaning(schema, comments.get(path, "")))
    for name, item in properties.items():
        below = f"{path}.{name}" if path else name
        value = default.get(name) if isinstance(default, Mapping) else None
        yield from _keys(item, definitions, value, comments, below)


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(schema, Mapping):
        return {}
    found = dict(schema)
    while reference := found.pop("$ref", None):
        found = dict(definitions[reference.rpartition("/")[2]]) | found
    return found


def _alternatives(
    schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """All that a schema may be besides, at any depth."""
    several = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, [])]
    conditional = [schema[word] for word in ("then", "else") if word in schema]
    for part in [*several, *conditional]:
        resolved = _resolved(part, definitions)
        yield resolved
        yield from _alternatives(resolved, definitions)


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{yaml_line(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{yaml_line(schema['const'])}`"
    kind = schema.get("type", "")
    kinds = [kind] if isinstance(kind, str) else kind
    text = " or ".join(_KINDS.get(kind, kind) for kind in kinds if kind)
    if kinds == ["array"] and "items" in schema:
        inner = _allowed(schema["items"]) if isinstance(schema["items"], Mapping) else ""
        text = f"list of {inner}" if inner else text
    bounds = [
        f"{sign} {schema[word]}"
        for word, sign in (
            *(("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤")),
            ("exclusiveMaximum", "<"),
        )
        if word in schema
    ]
    return ", ".join(filter(None, [text, *bounds]))


def _shown(default: Any) -> str:
    if default is None:
        return ""
    text = yaml_line(default)
    return f"`{text}`" if len(text) <= 80 else "see the file"


def _meaning(schema: Mapping[str, Any], comment: str) -> str:
    text = comment or schema.get("description", "")
    return text.replace("|", r"\|")


def _comments(text: str) -> dict[str, str]:
    """The comments beside keys, by the keys' paths; one that goes on below is joined."""
    comments: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    path = ""
    for line in text.splitlines():
        if found := re.match(r"( *)([\w-]+):(?: |$)", line):
            indent, name = len(found[1]), found[2]
            stack = [one for one in stack if one[0] < indent] + [(indent, name)]
            path = ".".join(name for _, name in stack)
            comment = re.search(r"\s# (.*)", line)
            if comment:
                comments[path] = comment[1].strip()
        elif path in comments and (more := re.match(r" {20,}# +(.*)", line)):
            comments[path] += f" {more[1].strip()}"
        else:
            path = ""
    return comments


if __name__ == "__main__":
    main()
