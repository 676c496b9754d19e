"""The description inside a user's Keras file, read without TensorFlow and without running it.

A Keras file can name any Python object, to be called while the file is loaded. So the JSON inside
is read first, and a file is loaded (`spikesweep.networks.rebuild`) only if it is made of layers
that `spikesweep.networks.convertible_layers` lists.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

# Selects Keras 2, which must be done before TensorFlow is imported.
import spikesweep.runtime  # noqa: F401
from spikesweep.data.scaling import Numbers
from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import (
    ABSORBED,
    LEFT_OUT,
    MODELS,
    NATIVE,
    OPERATION_REMEDY,
    remedy,
)

if TYPE_CHECKING:
    import tf_keras

# Layers that may be loaded; models inside the model are in other modules of Keras.
_ALLOWED = (NATIVE.keys() | LEFT_OUT | ABSORBED) - MODELS
_MODULES_OF_MODELS = (
    None,
    "keras",
    "keras.engine.functional",
    "keras.models",
    "keras.src.engine.functional",
    "keras.src.engine.sequential",
    "keras.src.models.functional",
    "keras.src.models.sequential",
    "tf_keras",
    "tf_keras.src.engine.functional",
    "tf_keras.src.engine.sequential",
)
# Where Keras 3 keeps what `a + b` or `keras.ops` make of layers.
_OPERATIONS = "keras.src.ops"
# Where Keras keeps the harmless objects that layers are described with.
_DESCRIPTIONS = ("keras.initializers", "keras.regularizers", "keras.constraints")


@dataclass(frozen=True)
class KerasFile:
    """What is known about a Keras file without loading it.

    version: of the Keras that saved it; 2 is tf_keras
    input_shape: (H, W, C), None where the file leaves a size open
    classes: outputs of the last layer, or None if unknown
    rescaling: (scale, offset) of a Rescaling layer that comes first, or None
    layer_types: of all layers, those of models inside the model included
    """

    version: str
    input_shape: tuple[int | None, ...] | None
    classes: int | None
    rescaling: tuple[Numbers, Numbers] | None
    layer_types: frozenset[str]


def read_keras_file(path: str | Path) -> KerasFile:
    """Read and check the description inside a `.keras` or `.h5` file.

    Raises UserError for a missing file, one that is not a Keras file, or one with a layer that does
    not convert.
    """
    version, config = _description(Path(path))
    try:
        for layer in _all_layers(config):
            _check_layer(layer, path)
        _check_objects(config, path)
        types = frozenset(layer["class_name"] for layer in _all_layers(config))
        return KerasFile(version, _input_shape(config), _classes(config), _rescaling(config), types)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise UserError(
            f"{path} does not describe a Keras network in the format of Keras: {error!r}"
        ) from error


def peek_shapes(path: str | Path) -> tuple[tuple[int, ...] | None, int | None]:
    """Input shape (H, W, C) and number of classes, each None where the file leaves it open.

    Raises UserError as `read_keras_file`.
    """
    file = read_keras_file(path)
    shape = file.input_shape
    return (shape if shape is not None and _is_complete(shape) else None), file.classes


def load_model(path: str | Path) -> "tf_keras.Model":
    """Load a network that the study itself saved, in safe mode.

    Raises UserError if the file is missing, truncated or not a tf_keras file.
    """
    # Everything else here works without TensorFlow.
    import tf_keras

    read_keras_file(path)
    try:
        return tf_keras.models.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(
            f"{path} cannot be loaded ({str(error).splitlines()[0]}): "
            f"delete it and run the workflow again"
        ) from error


def check_shapes(
    path: str | Path, file: KerasFile, input_shape: tuple[int, ...], classes: int
) -> None:
    """Refuse a file made for other images or for another number of classes.

    Raises UserError that states both.
    """
    found = file.input_shape
    if found is not None and (
        len(found) != len(input_shape)
        or any(a is not None and a != b for a, b in zip(found, input_shape, strict=True))
    ):
        raise UserError(
            f"{path} takes inputs of shape {found}, but the images of its dataset have shape "
            f"{tuple(input_shape)}: choose the dataset that it was trained on"
        )
    if file.classes is not None and file.classes != classes:
        raise UserError(
            f"{path} has {file.classes} outputs, but its dataset has {classes} classes: "
            f"choose the dataset that it was trained on"
        )


def _is_complete(shape: tuple[int | None, ...]) -> TypeGuard[tuple[int, ...]]:
    return None not in shape


def _description(path: Path) -> tuple[str, dict[str, Any]]:
    """Version of Keras and the JSON that describes the network."""
    if not path.is_file():
        raise UserError(f"{path} does not exist: check `file` of the network in the config")
    if path.suffix in {".h5", ".hdf5"}:
        return _description_of_hdf5(path)
    try:
        with zipfile.ZipFile(path) as archive:
            metadata = json.loads(archive.read("metadata.json"))
            config = json.loads(archive.read("config.json"))
            archive.getinfo("model.weights.h5")
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError) as error:
        raise UserError(
            f"{path} is not a Keras file, or is truncated ({error}): save it again with "
            "model.save('name.keras')"
        ) from error
    return str(metadata.get("keras_version", "")), config


def _description_of_hdf5(path: Path) -> tuple[str, dict[str, Any]]:
    import h5py

    try:
        with h5py.File(path) as file:
            return _text(file.attrs["keras_version"]), json.loads(_text(file.attrs["model_config"]))
    except (OSError, KeyError, ValueError) as error:
        raise UserError(
            f"{path} does not contain a complete Keras network ({error}): save it again with "
            "model.save('name.keras')"
        ) from error


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _all_layers(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All layers, those of models inside the model included."""
    if config["class_name"] not in MODELS:
        yield config
        return
    for layer in config["config"]["layers"]:
        yield from _all_layers(layer)


def _check_layer(layer: dict[str, Any], path: str | Path) -> None:
    kind, settings = layer["class_name"], layer["config"]
    name = settings.get("name", kind)
    if str(layer.get("module")).startswith(_OPERATIONS):
        raise UserError(f"{path}: {name!r} is the operation {kind} on layers: {OPERATION_REMEDY}")
    if kind not in _ALLOWED:
        raise UserError(
            f"{path}: layer {name!r} is of type {kind}, which does not convert: {remedy(kind)}"
        )
    if settings.get("data_format") == "channels_first":
        raise UserError(f"{path}: layer {name!r} has channels first; save it with channels last")
    activation = settings.get("activation", "linear")
    if activation not in ("linear", "relu", "softmax"):
        raise UserError(
            f"{path}: layer {name!r} has activation {activation!r}; "
            f"allowed are relu, linear, and softmax at the end"
        )
    if kind == "ReLU" and (
        settings.get("max_value") is not None
        or settings.get("negative_slope")
        or settings.get("threshold")
    ):
        raise UserError(
            f"{path}: layer {name!r} is a ReLU with a limit or a slope; use a plain ReLU"
        )


def _check_objects(value: Any, path: str | Path) -> None:
    """Refuse every object that Keras would look up outside of itself."""
    if isinstance(value, list):
        for item in value:
            _check_objects(item, path)
    if not isinstance(value, dict):
        return
    kind = value.get("class_name")
    if kind is not None and not _is_known(kind, value.get("module"), value.get("registered_name")):
        remedy = f"; {OPERATION_REMEDY}" if kind == "ReLU" else ""
        raise UserError(
            f"{path} uses {kind!r} of {value.get('module')!r}, which is not allowed{remedy}"
        )
    for key, item in value.items():
        # The network is loaded without its optimizer and loss.
        if key != "compile_config":
            _check_objects(item, path)


def _is_known(kind: str, module: str | None, registered_name: str | None) -> bool:
    if registered_name and registered_name != kind:
        return False
    if kind in _ALLOWED:
        return module in (None, "keras.layers", "tf_keras.layers")
    if kind in MODELS:
        return module in _MODULES_OF_MODELS
    if kind in ("DTypePolicy", "Policy"):
        return module in ("keras", "keras.mixed_precision", "tf_keras.mixed_precision")
    if module is None:
        # Old files name initializers without a module; the names are looked up in Keras alone.
        return kind.isidentifier() and kind not in ("__lambda__", "function", "Lambda")
    return module in _DESCRIPTIONS or (kind == "__tuple__" and module == "builtins")


def _input_shape(config: dict[str, Any]) -> tuple[int | None, ...] | None:
    if config["class_name"] == "Sequential" and "build_input_shape" in config["config"]:
        return tuple(config["config"]["build_input_shape"][1:])
    first = config["config"]["layers"][0]
    shape = first["config"].get("batch_shape") or first["config"].get("batch_input_shape")
    if shape is None and first["class_name"] in MODELS:
        return _input_shape(first)
    return tuple(shape[1:]) if shape else None


def _classes(config: dict[str, Any]) -> int | None:
    layer = _last_layer(config)
    while layer is not None and layer["class_name"] in {"Activation", "Softmax"} | LEFT_OUT:
        layer = _before(layer, config)
    if layer is None:
        return None
    if layer["class_name"] in MODELS:
        return _classes(layer)
    return layer["config"]["units"] if layer["class_name"] == "Dense" else None


def _rescaling(config: dict[str, Any]) -> tuple[Numbers, Numbers] | None:
    for layer in config["config"]["layers"]:
        kind, settings = layer["class_name"], layer["config"]
        if kind == "InputLayer" or kind in LEFT_OUT:
            continue
        if kind in MODELS:
            return _rescaling(layer)
        return (settings["scale"], settings["offset"]) if kind == "Rescaling" else None
    return None


def _last_layer(config: dict[str, Any]) -> dict[str, Any] | None:
    if config["class_name"] == "Sequential":
        return config["config"]["layers"][-1]
    return _by_name(config, _first_text(config["config"]["output_layers"]))


def _before(layer: dict[str, Any], config: dict[str, Any]) -> dict[str, Any] | None:
    if config["class_name"] == "Sequential":
        layers = config["config"]["layers"]
        position = layers.index(layer)
        return layers[position - 1] if position else None
    return _by_name(config, _history(layer["inbound_nodes"]))


def _by_name(config: dict[str, Any], name: str | None) -> dict[str, Any] | None:
    return next((la for la in config["config"]["layers"] if la["config"]["name"] == name), None)


def _history(nodes: Any) -> str | None:
    """Name of the first layer that feeds a node, in the format of Keras 3 or Keras 2."""
    if isinstance(nodes, dict):
        inside = nodes.get("config", nodes)
        if "keras_history" in inside:
            return inside["keras_history"][0]
        return _history(list(nodes.values()))
    if isinstance(nodes, list) and nodes and isinstance(nodes[0], str):
        return nodes[0]
    found = (_history(item) for item in nodes) if isinstance(nodes, list) else ()
    return next((name for name in found if name), None)


def _first_text(value: Any) -> str | None:
    while isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else None
