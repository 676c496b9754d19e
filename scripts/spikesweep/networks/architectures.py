"""The named architectures: each one function from images to logits, as tensors of Keras.

A new architecture is one more function here and one line in `_ARCHITECTURES`. Its options are
its keyword arguments, and their defaults say what a value may be: a whole number, yes or no, a
share (at least 0, less than 1), or a list with one whole number for each layer (all lists of one
architecture are equally long).

Every network is made of layers that NengoDL converts natively, gives logits, and names its
layers, because the study chooses layers by name. The layer that owns a ReLU is the one that
spikes: `conv1`, or `conv1_relu` where batch normalization stands between. Dropout follows each
ReLU, in training alone.
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
    architecture: str,
    input_shape: Shape,
    classes: int,
    options: Mapping[str, Any],
    first_layer: "tf_keras.layers.Layer | None" = None,
) -> "tf_keras.Model":
    """Build a named architecture with fresh weights for images of `input_shape` (H, W, C).

    first_layer: stands between the images and the architecture, if there is one.

    Raises:
        UserError: as `check_options`, or if the images are too small for the options.
    """
    check_options(architecture, options)
    keras, layers = _keras()
    images = layers.Input(input_shape, name="image")
    seen = first_layer(images) if first_layer else images
    try:
        logits = _ARCHITECTURES[architecture](seen, classes, **options)
    except ValueError as error:
        raise UserError(
            f"architecture {architecture!r} with options {dict(options)} does not fit images of "
            f"shape {tuple(input_shape)}: {str(error).splitlines()[0]}"
        ) from error
    return keras.Model(images, logits, name=architecture)


def dense(
    images: Any,
    classes: int,
    *,
    units: Sequence[int] = (256, 128, 64),
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> Any:
    """Fully connected ReLU layers."""
    _, layers = _keras()
    x = layers.Flatten(name="flatten")(images)
    for depth, width in enumerate(units, start=1):
        name = f"dense{depth}"
        if batch_norm:
            x = layers.Dense(width, use_bias=False, name=name)(x)
            x = _relu(_normalization(x, name), name)
        else:
            x = layers.Dense(width, activation="relu", name=name)(x)
        x = _dropout(x, name, dropout)
    return layers.Dense(classes, name="output")(x)


def cnn(
    images: Any,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 32),
    strides: Sequence[int] = (2, 2, 1),
    kernel_size: int = 3,
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> Any:
    """Convolutions that halve the image by their strides, then one linear layer.

    There is no pooling at all: maxima of spike trains do not convert, and averages only add
    filtered hops.
    """
    _, layers = _keras()
    x = images
    for depth, (width, stride) in enumerate(zip(filters, strides, strict=True), start=1):
        name = f"conv{depth}"
        x = _convolution(x, name, width, stride, kernel_size, batch_norm)
        x = _dropout(x, name, dropout)
    x = layers.Flatten(name="flatten")(x)
    return layers.Dense(classes, name="output")(x)


def nengo_dl_example(images: Any, classes: int) -> Any:
    """The network of NengoDL's documentation, 32c3 - 64c3 (stride 2) - dense.

    Source: "Converting a Keras model to a spiking neural network", NengoDL 3.6 examples, where
    it is trained on raw 0..255 MNIST pixels (`input_scale: 1`).
    """
    _, layers = _keras()
    x = layers.Conv2D(32, 3, activation="relu", name="conv1")(images)
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv2")(x)
    x = layers.Flatten(name="flatten")(x)
    return layers.Dense(classes, name="output")(x)


def residual(
    images: Any,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 64),
    kernel_size: int = 3,
    batch_norm: bool = True,
    dropout: float = 0.0,
) -> Any:
    """One strided convolution, then residual blocks that halve the image, then an average.

    A block is two convolutions beside a 1x1 projection; the sum goes through a ReLU
    (He et al. 2016, "Deep residual learning for image recognition", projection shortcut).
    The first number of filters is that of the first convolution, the others of one block each.
    """
    _, layers = _keras()
    x = _convolution(images, "conv1", filters[0], 2, kernel_size, batch_norm)
    x = _dropout(x, "conv1", dropout)
    for block, width in enumerate(filters[1:], start=1):
        name = f"block{block}"
        y = _convolution(x, f"{name}_conv1", width, 2, kernel_size, batch_norm)
        y = _dropout(y, f"{name}_conv1", dropout)
        y = _linear_convolution(y, f"{name}_conv2", width, 1, kernel_size, batch_norm)
        shortcut = layers.Conv2D(width, 1, strides=2, name=f"{name}_shortcut")(x)
        x = _relu(layers.Add(name=f"{name}_add")([y, shortcut]), name)
        x = _dropout(x, name, dropout)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dense(classes, name="output")(x)


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
    if isinstance(default, float):
        return isinstance(value, int | float) and 0 <= value < 1
    return isinstance(value, int) and value > 0


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _kind(default: Any) -> str:
    if isinstance(default, bool):
        return "true or false"
    if _is_list(default):
        return f"a list of whole numbers above 0, such as {list(default)}"
    if isinstance(default, float):
        return "a number, at least 0 and less than 1"
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
    return _relu(_linear_convolution(x, name, filters, stride, kernel_size, batch_norm), name)


def _linear_convolution(
    x: Any, name: str, filters: int, stride: int, kernel_size: int, batch_norm: bool
) -> Any:
    _, layers = _keras()
    x = layers.Conv2D(
        filters, kernel_size, stride, padding="same", use_bias=not batch_norm, name=name
    )(x)
    return _normalization(x, name) if batch_norm else x


def _normalization(x: Any, name: str) -> Any:
    _, layers = _keras()
    # Keras's 0.99 needs more steps than a short training has.
    return layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)


def _relu(x: Any, name: str) -> Any:
    _, layers = _keras()
    return layers.Activation("relu", name=f"{name}_relu")(x)


def _dropout(x: Any, name: str, share: float) -> Any:
    _, layers = _keras()
    return layers.Dropout(share, name=f"{name}_dropout")(x) if share else x
