"""The keys that the schema knows, each with what it may be, its default, and what it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spikesweep.words import yaml_line

# Names that users choose, by the map that holds them.
_CHOSEN = {
    "datasets": "<dataset>",
    "networks": "<network>",
    "pruning.networks": "<network>",
    "preprocessing.techniques": "<technique>",
}
_KINDS = {"object": "map", "boolean": "true or false", "null": "`none`"}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
# Longer defaults would make the table unreadable.
_LONGEST = 130

Schema = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """A key of the config: its path with dots, what it may be, its default, what it means."""

    path: str
    allowed: str
    default: str
    meaning: str


class Keys:
    """All keys of a schema, with the defaults and comments of a config."""

    def __init__(self, schema: Schema, config: Any, comments: Mapping[str, str]) -> None:
        self._schema = schema
        self._config = config
        self._comments = comments

    def __iter__(self) -> Iterator[Key]:
        return self._below(self._schema, self._config, "")

    def _below(self, schema: Schema, config: Any, path: str) -> Iterator[Key]:
        """The keys in a map, each followed by those in it."""
        forms = list(self._forms(schema))
        names = dict.fromkeys(name for form in forms for name in form.get("properties", {}))
        for name in names:
            holding = [form for form in forms if isinstance(_item(form, name), Mapping)]
            value = config.get(name) if isinstance(config, Mapping) else None
            yield from self._key(f"{path}.{name}" if path else name, name, forms, holding, value)
        more = schema.get("additionalProperties")
        if path in _CHOSEN and isinstance(more, Mapping):
            yield from self._below(self._resolved(more), None, f"{path}.{_CHOSEN[path]}")

    def _key(
        self, path: str, name: str, forms: list[Schema], holding: list[Schema], value: Any
    ) -> Iterator[Key]:
        """A key, of the forms of its map that hold it, and the keys below it."""
        items = [self._resolved(form["properties"][name]) for form in holding]
        item = items[0]
        is_value = value is not None and not isinstance(value, Mapping)
        if is_value or path in _CHOSEN or not any(self._names(one) for one in self._forms(item)):
            told = self._comments.get(path) or _told(forms, holding, items)
            yield Key(path, self._allowed(item), _default(value, name, holding, items), told)
        yield from self._below(item, value, path)
        inner = item.get("items")
        if isinstance(inner, Mapping):
            yield from self._below(self._resolved(inner), None, f"{path}[]")

    def _forms(self, schema: Schema) -> Iterator[Schema]:
        """A schema, and all that it may be besides, at any depth."""
        yield schema
        several = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, [])]
        for part in [*several, *(schema[word] for word in ("then", "else") if word in schema)]:
            yield from self._forms(self._resolved(part))

    def _names(self, schema: Schema) -> bool:
        return bool(schema.get("properties"))

    def _resolved(self, schema: Any) -> Schema:
        """What a reference stands for; words beside it come first."""
        found = dict(schema) if isinstance(schema, Mapping) else {}
        while reference := found.pop("$ref", None):
            found = dict(self._schema["$defs"][reference.rpartition("/")[2]]) | found
        return found

    def _allowed(self, schema: Any, *, many: bool = False) -> str:
        """What a value may be: `integer, ≥ 1`; `many`: in the plural."""
        schema = self._resolved(schema)
        if "oneOf" in schema:
            return ", or ".join(self._allowed(part, many=many) for part in schema["oneOf"])
        values = [schema["const"]] if "const" in schema else schema.get("enum", [])
        if values:
            return ", ".join(f"`{yaml_line(value)}`" for value in values)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        # Of texts, some take a single word only, which stands for null.
        words = schema.get("then", {}).get("enum", [])
        if words:
            kinds = [kind for kind in kinds if kind not in {"string", "null"}]
        texts = [self._kind(schema, kind, many) for kind in kinds]
        return ", or ".join([*texts, *(f"`{word}`" for word in words)])

    def _kind(self, schema: Schema, kind: str, many: bool) -> str:
        """One type that a value may have, with the limits that are for it."""
        ending = "s" if many else ""
        if kind == "array":
            size = schema.get("minItems") if schema.get("minItems", 0) > 1 else None
            number = f"{size} " if size and size == schema.get("maxItems") else ""
            return f"list{ending} of {number}{self._allowed(schema['items'], many=True)}"
        more = schema.get("additionalProperties")
        if kind == "object" and isinstance(more, Mapping) and not self._names(self._resolved(more)):
            return f"map{ending} of {self._allowed(more, many=True)}"
        text = _KINDS.get(kind, kind)
        text = text if kind in {"boolean", "null"} else text + ending
        if kind not in {"integer", "number"}:
            return text
        limits = [f"{sign} {schema[word]}" for word, sign in _BOUNDS.items() if word in schema]
        return ", ".join([text, *limits])


def _item(form: Schema, name: str) -> Any:
    return form.get("properties", {}).get(name)


def _told(forms: list[Schema], holding: list[Schema], items: list[Schema]) -> str:
    """The description; where several forms hold a key, or not all of them, with their titles."""
    titled = [form for form in forms if "title" in form]
    told = list(dict.fromkeys(_plain(item.get("description", "")) for item in items))
    if len(told) > 1:
        return "; ".join(
            f"{form['title']}: {_plain(item.get('description', ''))}"
            for form, item in zip(holding, items, strict=True)
        )
    with_title = [form["title"] for form in holding if "title" in form]
    only = f"only {' or '.join(with_title)}" if 0 < len(with_title) < len(titled) else ""
    return "; ".join(filter(None, [told[0], only]))


def _plain(description: str) -> str:
    """A description as part of a sentence, as the comments of the config are."""
    text = description.removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _default(value: Any, name: str, holding: list[Schema], items: list[Schema]) -> str:
    """That of the config, or else of the schema; with titles where the forms differ in it."""
    if value is not None:
        return _shown(value)
    shown = [
        _shown(item["default"])
        if "default" in item
        else ("required" if name in form.get("required", []) else "optional")
        for form, item in zip(holding, items, strict=True)
    ]
    if len(set(shown)) == 1:
        return shown[0]
    return "; ".join(f"{one} {form['title']}" for one, form in zip(shown, holding, strict=True))


def _shown(default: Any) -> str:
    text = yaml_line(default)
    return f"`{text}`" if len(text) <= _LONGEST else "see the file"
