"""What is wrong with a config, in one line that names the key."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from jsonschema.exceptions import ValidationError, best_match

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
# So many names of a list are told.
_LISTED = 16
_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a map",
    "string": "a text",
}


def told(mistake: ValidationError) -> str:
    """The key, what was found there, and what is allowed."""
    mistake = _deepest(mistake)
    key = ".".join(str(part) for part in mistake.absolute_path)
    found = mistake.instance
    rule = mistake.validator
    limit = mistake.validator_value
    purpose = mistake.schema.get("description", "") if isinstance(mistake.schema, dict) else ""
    match rule:
        case "additionalProperties":
            allowed = sorted(mistake.schema.get("properties", {}))
            name = sorted(set(found) - set(allowed))[0]
            return unknown(f"{key}.{name}" if key else name, name, allowed)
        case "required":
            missing = [name for name in limit if name not in found]
            verb, what = ("is", "it") if len(missing) == 1 else ("are", "them")
            return (
                f"config{f' {key}' if key else ''}: {listed(missing)} {verb} missing; add {what}: "
                "docs/configuration.md says what each key means"
            )
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            names = " or ".join(_KINDS[kind] for kind in kinds if kind != "null")
            return (
                f"config {key}: found {shown(found)}{_hint(found)}; it must be {names}. {purpose}"
            ).strip()
        case "enum" | "const":
            allowed = limit if rule == "enum" else [limit]
            return f"config {key}: found {shown(found)}{_hint(found)}; allowed: {listed(allowed)}"
        case "contains":
            needed = limit["const"]
            return f"config {key}: found {found!r}; one of them must be {needed}. {purpose}".strip()
        case "pattern":
            where = f" {key}" if key else ""
            return f"config{where}: found {found!r}. {purpose}".strip()
        case "minLength":
            return f"config {key}: is empty; give a text. {purpose}".strip()
        case "minItems" | "minProperties":
            number = f"found {len(found)} of them" if found else "is empty"
            return f"config {key}: {number}; give at least {limit}. {purpose}".strip()
        case "maxItems":
            return (
                f"config {key}: found {len(found)} of them; give at most {limit}. {purpose}".strip()
            )
        case "uniqueItems":
            return f"config {key}: {found!r} contains a value twice; list each value once"
        case "exclusiveMinimum":
            return f"config {key}: found {found}; it must be more than {limit}. {purpose}".strip()
        case "minimum":
            return f"config {key}: found {found}; it must be at least {limit}. {purpose}".strip()
        case "exclusiveMaximum":
            return f"config {key}: found {found}; it must be less than {limit}. {purpose}".strip()
        case "maximum":
            return f"config {key}: found {found}; it must be at most {limit}. {purpose}".strip()
    return f"config {key}: {mistake.message}. {purpose}".strip()


def unknown(key: str, name: str, allowed: Iterable[str]) -> str:
    """Message for a name that is not allowed: the nearest allowed one, and all or many of them."""
    names = list(allowed)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    others = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"config {key}: unknown; {hint}allowed here: {listed(names[:_LISTED])}{others}"


def shown(value: Any) -> str:
    """A value as YAML has it."""
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def listed(values: Iterable[Any]) -> str:
    """The values as part of a sentence."""
    return ", ".join(str(value) for value in values)


def _deepest(mistake: ValidationError) -> ValidationError:
    while mistake.context:
        mistake = best_match(mistake.context)
    return mistake


def _hint(value: Any) -> str:
    """What makes a number of a text that is meant as one."""
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"[+-]?\d+[eE][+-]?\d+", value):
        return f" (in YAML, {value} is text: write {value.lower().replace('e', '.0e')})"
    return f" (a text: write {value} without quotes)" if _NUMBER.fullmatch(value) else ""
