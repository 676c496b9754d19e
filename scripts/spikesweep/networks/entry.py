"""What a network's config entry means, told without TensorFlow while the config is read."""

from collections.abc import Mapping
from typing import Any

from spikesweep.errors import UserError
from spikesweep.networks.architectures import check_options
from spikesweep.networks.keras_file import check_shapes, read_keras_file
from spikesweep.networks.scaling import PIXEL_SCALE, Numbers, fold


def check_entry(
    name: str,
    entry: Mapping[str, Any],
    input_shape: tuple[int, ...] | None = None,
    classes: int | None = None,
) -> None:
    """Refuse before any job what can be known to be wrong with `networks.<name>`.

    Args:
        input_shape, classes: of the entry's dataset, where they are known before it is read.

    Raises:
        UserError: neither or both of `architecture` and `file`, unknown architecture or option,
            a file that is missing, broken, of the wrong shape or with layers that do not
            convert.
    """
    if ("architecture" in entry) == ("file" in entry):
        raise UserError(
            f"networks.{name} needs one of `architecture` (a network to train) and `file` "
            f"(a trained network), and not both"
        )
    if "file" in entry:
        surplus = [key for key in ("training", "options") if key in entry]
        if surplus:
            raise UserError(f"networks.{name}.{surplus[0]} does not go with `file`: take it out")
        file = read_keras_file(entry["file"])
        if input_shape is not None and classes is not None:
            check_shapes(entry["file"], file, input_shape, classes)
        return
    if "training" not in entry:
        raise UserError(f"networks.{name}.training is missing: give at least its epochs")
    try:
        check_options(entry["architecture"], entry.get("options", {}))
    except UserError as error:
        raise UserError(f"networks.{name}: {error}") from error


def input_scaling(entry: Mapping[str, Any]) -> tuple[Numbers, Numbers]:
    """(input_scale, input_offset) that the network of an entry gets, defaults filled in.

    A Rescaling layer at the front of a user's file is part of it: the layer itself is left out
    of the network, and pixels go raw into such a file unless the entry says otherwise.
    """
    rescaling = read_keras_file(entry["file"]).rescaling if "file" in entry else None
    offset = entry.get("input_offset", 0.0)
    if rescaling is None:
        return entry.get("input_scale", PIXEL_SCALE), offset
    return fold(entry.get("input_scale", 1.0), offset, rescaling)

