"""The description inside a user's Keras file, read without TensorFlow and without running it.

A Keras file can name any Python object, to be called while the file is loaded. So the JSON inside
is read first, and a file is loaded (`spikesweep.networks.rebuild`) only if it is made of layers
that `spikesweep.networks.convertible_layers` lists.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Selects Keras 2, which must be done before TensorFlow is imported.
import spikesweep.runtime  # noqa: F401
from spikesweep.errors import UserError
from spikesweep.networks.adaptation import Replacement, adapted
from spikesweep.networks.call_order import check_call_order
from spikesweep.networks.convertible_layers import MODELS, REPLACED
from spikesweep.networks.description import all_layers, classes, input_shape, is_relu, kind_of
from spikesweep.networks.file_content import SAVE_AGAIN, describe
from spikesweep.networks.input_fit import does_fit, told_misfit
from spikesweep.networks.loaded_description import to_load
from spikesweep.networks.obstacles import ALLOWED, obstacles, told
from spikesweep.networks.operations import cannot_be_loaded, is_operation
from spikesweep.networks.precision import reduced_precision

if TYPE_CHECKING:
    import tf_keras

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
_MODULES_OF_OPERATIONS = (
    "keras.src.activations.activations",
    "keras.src.ops.core",
    "keras.src.ops.nn",
    "keras.src.ops.numpy",
    "tf_keras.src.layers.core.tf_op_layer",
    "keras.layers",
    None,
)
# What reading a description raises that is not made as Keras makes it.
_NO_DESCRIPTION = (
    *(LookupError, TypeError, AttributeError, ValueError),
    *(ArithmeticError, RecursionError),
)
# Where Keras keeps the harmless objects that layers are described with.
_DESCRIPTIONS = ("keras.initializers", "keras.regularizers", "keras.constraints")
# How Keras writes values and tensors into a description.
_VALUES = ("__keras_tensor__", "__numpy__", "__tensor__")


@dataclass(frozen=True)
class KerasFile:
    """What is known about a Keras file without loading it.

    version: of the Keras that saved it; 2 is tf_keras
    input_shape: of one input, None where the file leaves a size open
    classes: outputs of the last layer, or None if unknown
    layer_types: of all layers, those of models inside the model included; an operation counts as
        the layer that does the same
    has_relu: whether any layer or operation is a ReLU
    precision: names of number types other than float32 that it computes in
    replaced: what adaptation replaces; empty without it. The rest is of the network after that.
    """

    version: str
    input_shape: tuple[int | None, ...] | None
    classes: int | None
    layer_types: frozenset[str]
    has_relu: bool
    precision: tuple[str, ...]
    replaced: tuple[Replacement, ...] = ()


def read_keras_file(path: str | Path, *, adapt: bool = False) -> KerasFile:
    """Read and check the description inside a Keras file, `.keras` or HDF5.

    adapt: whether layers are replaced that adaptation can handle.

    Raises UserError for a missing file, one that does not hold a whole Keras network, or one with
    layers that do not convert: all of them, each with the remedy.
    """
    version, description = describe(path)
    if description.get("class_name") not in MODELS:
        raise UserError(
            f"{path} holds {description.get('class_name')!r}, a model of a class of its own, whose "
            "layers are known to its code alone: build the same layers as keras.Sequential or "
            "keras.Model(inputs, outputs), give it the weights with set_weights, and save that"
        )
    try:
        as_saved, replaced = description, list[Replacement]()
        if adapt:
            description, replaced = adapted(as_saved)
        _check_operations(description, path)
        if found := obstacles(description):
            raise UserError(f"{path}: {told(found)}")
        _check_objects(to_load(as_saved), path)
        check_call_order(as_saved, path)
        _check_ends(description, path)
        return KerasFile(
            version,
            input_shape(description),
            classes(description),
            frozenset(kind_of(layer) for layer in all_layers(description)),
            any(is_relu(layer) for layer in all_layers(description)),
            tuple(reduced_precision(description)),
            tuple(replaced),
        )
    except _NO_DESCRIPTION as error:
        raise UserError(
            f"{path} does not describe a Keras network in the format of Keras: {error!r}"
        ) from error


def load_model(path: str | Path) -> "tf_keras.Model":
    """Load a network that the study itself saved, in safe mode.

    Raises UserError if the file is missing, truncated or not a tf_keras file.
    """
    # Everything else here works without TensorFlow.
    import tf_keras

    read_keras_file(path)
    # It is loaded as it is.
    _check_objects(describe(path)[1], path)
    try:
        return tf_keras.models.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(
            f"{path} cannot be loaded ({str(error).splitlines()[0]}): "
            f"delete it and run the workflow again"
        ) from error


def check_fit(
    path: str | Path, file: KerasFile, image_shape: tuple[int, ...] | None, classes: int | None
) -> None:
    """Refuse a file made for other images, for another number of classes, or without a ReLU.

    image_shape: (H, W, C) of the dataset; it and the number of classes may be unknown yet.

    Raises UserError that states what was found and what is needed.
    """
    wanted = file.input_shape
    if wanted is not None and image_shape is not None and not does_fit(wanted, image_shape):
        raise UserError(f"{path} {told_misfit(wanted, image_shape)}")
    if classes is not None and file.classes not in (None, 1, classes):
        raise UserError(
            f"{path} has {file.classes} outputs, but its dataset has {classes} classes: "
            f"choose the dataset that it was trained on"
        )
    if file.classes == 1 and classes not in (None, 2):
        raise UserError(
            f"{path} has one output, which tells two classes apart, but its dataset has {classes} "
            f"classes: end the network in Dense({classes}), or choose the dataset that it was "
            "trained on"
        )
    if not file.has_relu:
        raise UserError(f"{path} has no ReLU, so nothing would spike: train it with relu")


def _check_operations(description: dict[str, Any], path: str | Path) -> None:
    lost = [
        layer["class_name"]
        for layer in all_layers(description)
        if cannot_be_loaded(layer["class_name"], layer.get("module"), layer["config"])
    ]
    if lost:
        raise UserError(
            f"{path} is an HDF5 file in which Keras 3 wrote operations ({', '.join(lost)}) that it "
            f"does not load again: {SAVE_AGAIN} where the network was made"
        )


def _check_ends(description: dict[str, Any], path: str | Path) -> None:
    settings = description["config"]
    for end in ("input", "output"):
        layers = settings.get(f"{end}_layers", [])
        # One layer may be written without a list around it, or under a name.
        several = bool(layers) and isinstance(layers, list) and isinstance(layers[0], list)
        if (several or isinstance(layers, dict)) and len(layers) != 1:
            raise UserError(
                f"{path} has {len(layers)} {end}s; a network of the study needs one input and one "
                f"output: save a model of one {end} alone"
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
        raise UserError(f"{path} uses {kind!r} of {value.get('module')!r}, which is not allowed")
    for key, item in value.items():
        # The network is loaded without its optimizer and loss.
        if key != "compile_config":
            _check_objects(item, path)


def _is_known(kind: str, module: str | None, registered_name: str | None) -> bool:
    if registered_name and registered_name != kind:
        return False
    if is_operation(kind, module):
        # `obstacles` has checked what it does.
        return module in _MODULES_OF_OPERATIONS
    if kind in ALLOWED or kind in REPLACED:
        return module in (None, "keras.layers", "tf_keras.layers")
    if kind in MODELS:
        return module in _MODULES_OF_MODELS
    if kind in ("DTypePolicy", "Policy"):
        return module in ("keras", "keras.mixed_precision", "tf_keras.mixed_precision")
    if module is None and kind in _VALUES:
        return True
    if module is None:
        # Old files name initializers without a module; the names are looked up in Keras alone.
        return kind.isidentifier() and kind not in ("__lambda__", "function", "Lambda")
    return module in _DESCRIPTIONS or (kind == "__tuple__" and module == "builtins")
