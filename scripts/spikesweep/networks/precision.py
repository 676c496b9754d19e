"""Number types in the description of a network: what is not float32 is taken in as float32."""

from collections.abc import Iterator
from typing import Any

SINGLE = "float32"


def reduced_precision(description: Any) -> list[str]:
    """Names of the number types of layers that are not float32, such as `mixed_float16`."""
    return sorted({name for name in _number_types(description) if name != SINGLE})


def in_single_precision(description: Any) -> Any:
    """The same description with float32 throughout."""
    if isinstance(description, list):
        return [in_single_precision(item) for item in description]
    if not isinstance(description, dict):
        return description
    return {
        key: SINGLE if key == "dtype" and _name(value) else in_single_precision(value)
        for key, value in description.items()
    }


def _number_types(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _number_types(item)
    elif isinstance(value, dict):
        if name := _name(value.get("dtype")):
            yield name
        for key, item in value.items():
            if key != "compile_config":
                yield from _number_types(item)


def _name(dtype: Any) -> str | None:
    """Name of a number type or of a policy of number types."""
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name")
    return dtype if isinstance(dtype, str) else None
