"""Finds the named architectures: one module each in `spikesweep.networks.architectures`.

They are loaded by name, never imported, so that a script's code hash covers only those that a
rule names. No heavy imports here: the Snakefile reads this at each start.
"""

from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import Any

from spikesweep.errors import UserError

_PACKAGE = "spikesweep.networks.architectures"
_FOLDER = Path(__file__).parent / "architectures"


def architecture_names() -> list[str]:
    """Names that a config may give as `architecture`."""
    return sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem[0] != "_")


def architecture_module(architecture: str) -> str:
    """Dotted name of the module that holds an architecture.

    Raises UserError for an unknown architecture.
    """
    names = architecture_names()
    if architecture not in names:
        raise UserError(f"there is no architecture {architecture!r}; allowed: {', '.join(names)}")
    return f"{_PACKAGE}.{architecture}"


def load_architecture(architecture: str) -> ModuleType:
    """The module that holds an architecture.

    Raises UserError for an unknown architecture, or a module without a function `build`.
    """
    module = import_module(architecture_module(architecture))
    if not callable(getattr(module, "build", None)):
        raise UserError(f"{module.__file__} has no function build(images, classes, ...); add it")
    return module


def architecture_options(architecture: str) -> dict[str, Any]:
    """Options of an architecture with their defaults."""
    parameters = signature(load_architecture(architecture).build).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not Parameter.empty}
