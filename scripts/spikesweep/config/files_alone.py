"""A study of users' files alone: it runs what concerns them.

The default config lists all studies. Two of them train other networks, many of each, which nobody
asked for who only brings a network.
"""

from typing import Any

# Parts that train networks of their own, beside those that are studied.
TRAINING_PARTS = ("pruning", "preprocessing")


def leave_out_trainings(config: dict[str, Any]) -> list[str]:
    """Take the parts that train other networks out of `study.parts` if all networks are files.

    Returns the parts that were taken out. Anything that the checks of the config will refuse is
    left to them.
    """
    try:
        entries = [config["networks"][name] for name in config["study"]["networks"]]
        parts = config["study"]["parts"]
        left_out = [part for part in TRAINING_PARTS if part in parts]
    except (KeyError, TypeError):
        return []
    if not entries or not all(isinstance(entry, dict) and "file" in entry for entry in entries):
        return []
    config["study"]["parts"] = [part for part in parts if part not in left_out]
    return left_out
