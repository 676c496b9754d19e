"""The named architectures: each one function from an input shape to a Keras model.

A new architecture is one more function here and one line in `_ARCHITECTURES`. Its options are
its keyword arguments, and their defaults say what a value may be: a whole number, yes or no, or
a list with one whole number for each layer (all lists of one architecture are equally long).

Every network is made of layers that NengoDL converts natively, gives logits, and names its
layers, because the study chooses layers by name. The layer that owns a ReLU is the one that
spikes: `conv1`, or `conv1_relu` where batch normalization stands between.
"""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

# Chooses Keras 2, which has to be done before TensorFlow starts.
import spikesweep.runtime  # noqa: F401
from spikesweep.errors import UserError

if TYPE_CHECKING:
    import tf_keras

Shape = tuple[int, int, int]


def architecture_names() -> list[str]:
    """Names that a config may give as `architecture`."""
    return sorted(_ARCHITECTURES)


def architecture_options(architecture: str) -> dict[str, Any]:
    """Options of an architecture with their defaults."""
    parameters = signature(_find(architecture)).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not Parameter.empty}


def check_options(architecture: str, options: Mapping[str, Any]) -> None:
    """Refuse, without building anything, options that the architecture does not take.

    Raises:
        UserError: unknown architecture, unknown option, or a value of another kind than the
            option's default.
    """
    defaults = architecture_options(architecture)
    for name, value in options.items():
        if name not in defaults:
            raise UserError(
                f"architecture {architecture!r} has no option {name!r}; "
                f"it has: {', '.join(defaults) or 'none'}"
            )
        if not _is_like(defaults[name], value):
            raise UserError(
                f"option {name!r} of architecture {architecture!r} is {value!r}; "
                f"it must be {_kind(defaults[name])}"
            )
    lists = {n: len(v) for n, v in ({**defaults, **options}).items() if _is_list(v)}
    if len(set(lists.values())) > 1:
        lengths = ", ".join(f"{name} has {length}" for name, length in lists.items())
        raise UserError(f"architecture {architecture!r} needs lists of one length: {lengths}")


def build_network(
    architecture: str, input_shape: Shape, classes: int, options: Mapping[str, Any]
) -> "tf_keras.Model":
    """Build a named architecture with fresh weights for images of `input_shape` (H, W, C).

    Raises:
        UserError: as `check_options`, or if the images are too small for the options.
    """
    check_options(architecture, options)
    try:
        return _ARCHITECTURES[architecture](input_shape, classes, **options)
    except ValueError as error:
        raise UserError(
            f"architecture {architecture!r} with options {dict(options)} does not fit images of "
            f"shape {tuple(input_shape)}: {str(error).splitlines()[0]}"
        ) from error


def dense(
    input_shape: Shape, classes: int, *, units: Sequence[int] = (256, 128, 64)
) -> "tf_keras.Model":
    """Fully connected ReLU layers."""
    keras, layers = _keras()
    images = layers.Input(input_shape, name="image")
    x = layers.Flatten(name="flatten")(images)
    for depth, width in enumerate(units, start=1):
        x = layers.Dense(width, activation="relu", name=f"dense{depth}")(x)
    return keras.Model(images, layers.Dense(classes, name="output")(x), name="dense")


def cnn(
    input_shape: Shape,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 32),
    strides: Sequence[int] = (2, 2, 1),
    kernel_size: int = 3,
    batch_norm: bool = False,
) -> "tf_keras.Model":
    """Convolutions that halve the image by their strides, then one linear layer.

    There is no pooling at all: maxima of spike trains do not convert, and averages only add
    filtered hops.
    """
    keras, layers = _keras()
    images = layers.Input(input_shape, name="image")
    x = images
    for depth, (width, stride) in enumerate(zip(filters, strides, strict=True), start=1):
        x = _convolution(x, f"conv{depth}", width, stride, kernel_size, batch_norm)
    x = layers.Flatten(name="flatten")(x)
    return keras.Model(images, layers.Dense(classes, name="output")(x), name="cnn")


def nengo_dl_example(input_shape: Shape, classes: int) -> "tf_keras.Model":
    """The network of NengoDL's documentation, 32c3 - 64c3 (stride 2) - dense.

    Source: "Converting a Keras model to a spiking neural network", NengoDL 3.6 examples, where
    it is trained on raw 0..255 MNIST pixels (`input_scale: 1`).
    """
    keras, layers = _keras()
    images = layers.Input(input_shape, name="image")
    x = layers.Conv2D(32, 3, activation="relu", name="conv1")(images)
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv2")(x)
    x = layers.Flatten(name="flatten")(x)
    return keras.Model(images, layers.Dense(classes, name="output")(x), name="nengo_dl_example")


def residual(
    input_shape: Shape,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 64),
    kernel_size: int = 3,
    batch_norm: bool = True,
) -> "tf_keras.Model":
    """One strided convolution, then residual blocks that halve the image, then an average.

    A block is two convolutions beside a 1x1 projection; the sum goes through a ReLU
    (He et al. 2016, "Deep residual learning for image recognition", projection shortcut).
    The first number of filters is that of the first convolution, the others of one block each.
    """
    keras, layers = _keras()
    images = layers.Input(input_shape, name="image")
    x = _convolution(images, "conv1", filters[0], 2, kernel_size, batch_norm)
    for block, width in enumerate(filters[1:], start=1):
        name = f"block{block}"
        y = _convolution(x, f"{name}_conv1", width, 2, kernel_size, batch_norm)
        y = _linear_convolution(y, f"{name}_conv2", width, 1, kernel_size, batch_norm)
        shortcut = layers.Conv2D(width, 1, strides=2, name=f"{name}_shortcut")(x)
        x = layers.Add(name=f"{name}_add")([y, shortcut])
        x = layers.Activation("relu", name=f"{name}_relu")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return keras.Model(images, layers.Dense(classes, name="output")(x), name="residual")


_ARCHITECTURES: dict[str, Callable[..., Any]] = {
    "cnn": cnn,
    "dense": dense,
    "nengo_dl_example": nengo_dl_example,
    "residual": residual,
}


def _find(architecture: str) -> Callable[..., Any]:
    if architecture not in _ARCHITECTURES:
        raise UserError(
            f"there is no architecture {architecture!r}; "
            f"there are: {', '.join(architecture_names())}"
        )
    return _ARCHITECTURES[architecture]


def _is_like(default: Any, value: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if _is_list(default):
        return _is_list(value) and len(value) > 0 and all(_is_like(1, v) for v in value)
    return isinstance(value, int) and value > 0


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _kind(default: Any) -> str:
    if isinstance(default, bool):
        return "true or false"
    if _is_list(default):
        return f"a list of whole numbers above 0, such as {list(default)}"
    return f"a whole number above 0, such as {default}"


def _keras() -> tuple[Any, Any]:
    # The Snakefile lists names and options; it must not wait for TensorFlow.
    import tf_keras

    return tf_keras, tf_keras.layers


def _convolution(
    x: Any, name: str, filters: int, stride: int, kernel_size: int, batch_norm: bool
) -> Any:
    """Convolution and ReLU, of one layer if nothing stands between the two."""
    _, layers = _keras()
    if not batch_norm:
        return layers.Conv2D(
            filters, kernel_size, stride, padding="same", activation="relu", name=name
        )(x)
    x = _linear_convolution(x, name, filters, stride, kernel_size, batch_norm)
    return layers.Activation("relu", name=f"{name}_relu")(x)


def _linear_convolution(
    x: Any, name: str, filters: int, stride: int, kernel_size: int, batch_norm: bool
) -> Any:
    _, layers = _keras()
    x = layers.Conv2D(
        filters, kernel_size, stride, padding="same", use_bias=not batch_norm, name=name
    )(x)
    if not batch_norm:
        return x
    # Keras's 0.99 needs more steps than a short training has.
    return layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
