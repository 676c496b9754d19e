"""Checks the options that a config gives an architecture."""

from collections.abc import Mapping, Sequence
from typing import Any

from spikesweep.errors import UserError
from spikesweep.networks.registry import architecture_options


def check_options(architecture: str, options: Mapping[str, Any]) -> None:
    """Refuse, without building anything, options that the architecture does not take.

    Raises UserError for an unknown architecture, an unknown option, or a value of another kind than
    the option's default.
    """
    defaults = architecture_options(architecture)
    for name, value in options.items():
        if name not in defaults:
            raise UserError(
                f"architecture {architecture!r} has no option {name!r}; its options: "
                f"{', '.join(defaults) or 'none'}"
            )
        if not _is_like(defaults[name], value):
            raise UserError(
                f"option {name!r} of architecture {architecture!r} is {value!r}; "
                f"it must be {_allowed(defaults[name])}"
            )
    lists = {n: len(v) for n, v in ({**defaults, **options}).items() if _is_list(v)}
    if len(set(lists.values())) > 1:
        lengths = ", ".join(f"{name} has {length}" for name, length in lists.items())
        raise UserError(f"architecture {architecture!r} needs lists of the same length: {lengths}")


def _is_like(default: Any, value: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if _is_list(default):
        return _is_list(value) and len(value) > 0 and all(_is_count(default, v) for v in value)
    if isinstance(default, float):
        return isinstance(value, int | float) and 0 <= value < 1
    return isinstance(value, int) and value > 0


def _is_count(defaults: Sequence[int], value: Any) -> bool:
    return _is_like(1, value) or (value == 0 and 0 in defaults and not isinstance(value, bool))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _allowed(default: Any) -> str:
    if isinstance(default, bool):
        return "true or false"
    if _is_list(default):
        smallest = "from 0" if 0 in default else "above 0"
        return f"a list of whole numbers {smallest}, such as {list(default)}"
    if isinstance(default, float):
        return "a number, at least 0 and less than 1"
    return f"a whole number above 0, such as {default}"
