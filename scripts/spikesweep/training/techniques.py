"""Techniques against overfitting: named changes of a network's entry in the config.

No heavy imports here: the Snakefile reads this at each start.
"""

from collections.abc import Mapping
from typing import Any

from spikesweep.errors import UserError

# Where in a network's entry each key of a technique belongs; None is the entry itself.
_SECTIONS: dict[str, str | None] = {
    "input": None,
    "flip": "training",
    "l2": "training",
    "noise": "training",
    "rotation_degrees": "training",
    "shift": "training",
    "batch_norm": "options",
    "dropout": "options",
}


def resolve(
    base_entry: Mapping[str, Any], techniques: Mapping[str, Mapping[str, Any]], name: str
) -> dict[str, Any]:
    """The entry of a network that is trained with a technique, or with several joined by `+`.

    What a technique does not set stays as in the base network. The arguments are not changed.

    Raises UserError for an unknown technique, or two that set the same thing.
    """
    entry = {
        **base_entry,
        "options": dict(base_entry.get("options", {})),
        "training": dict(base_entry["training"]),
    }
    set_by: dict[str, str] = {}
    for part in name.split("+"):
        for key, value in _find(techniques, part).items():
            if key in set_by:
                raise UserError(
                    f"techniques {set_by[key]!r} and {part!r} both set {key}; use only one of them"
                )
            set_by[key] = part
            section = _SECTIONS[key]
            (entry[section] if section else entry)[key] = value
    return entry


def image_settings(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a network's entry that decides how its training images look to it."""
    keys = (
        "cut_out",
        "flip",
        "noise",
        "rotation_degrees",
        "shift",
        "shift_fill",
        "training_images",
        "validation_images",
    )
    found = {key: entry[key] for key in ("input", "input_offset", "input_scale") if key in entry}
    found["training"] = {key: entry["training"][key] for key in keys if key in entry["training"]}
    return found


def _find(techniques: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    if name not in techniques:
        raise UserError(f"there is no technique {name!r}; allowed: {', '.join(sorted(techniques))}")
    return techniques[name]
