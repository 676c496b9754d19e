"""Turn a user's Keras file into a tf_keras network of layers that convert."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tf_keras
from scipy.special import expit, log_softmax, softmax

from spikesweep.data.scaling import Numbers
from spikesweep.errors import UserError
from spikesweep.job import told_of_machine
from spikesweep.networks.builder import Builder, held
from spikesweep.networks.convertible_layers import LEFT_OUT, MODELS
from spikesweep.networks.file_content import SAVE_AGAIN, loadable
from spikesweep.networks.input_fit import resolved, told_misfit
from spikesweep.networks.keras_file import KerasFile, read_keras_file
from spikesweep.networks.loaded_description import to_load
from spikesweep.networks.old_graph import (
    Key,
    key,
    kind_of,
    maker,
    named_arguments,
    operands,
    scalings_of_input,
    tensors,
)
from spikesweep.networks.pixel_scale import pixel_scale
from spikesweep.networks.precision import in_single_precision
from spikesweep.networks.rewrite import rewritten
from spikesweep.networks.step import Step

# Keras may look for ever for what a damaged description does not have.
LOAD_LIMIT_S = 300.0
_FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "log_softmax": partial(log_softmax, axis=1),
    "sigmoid": expit,
    "softmax": partial(softmax, axis=1),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rebuilt:
    """A user's network before and after.

    original: as Keras 2 or Keras 3 loads it, in float32
    model: the same in tf_keras, without what is only for training or for pre- and
        postprocessing: it takes images (H, W, C) that are already rescaled, and gives one score
        per class, (N, K)
    input_shape: of one input of `original`; the same values as an image
    end: the functions that `original` applies to its scores, in their order
    one_unit: whether `original` has one output z for two classes; the scores are 0 and z
    rescaling: (scale, offset) that `original` applies to its input first, or None
    pixel_scale: by how much it scales pixels, `rescaling` included; see `pixel_scale`
    """

    original: Any
    model: tf_keras.Model
    input_shape: tuple[int, ...]
    end: tuple[str, ...]
    one_unit: bool
    rescaling: tuple[Numbers, Numbers] | None
    pixel_scale: float

    def as_saved(self, scores: np.ndarray) -> np.ndarray:
        """What `original` gives where `model` gives these scores, (N, outputs)."""
        outputs = scores[:, 1:] if self.one_unit else scores
        for function in self.end:
            outputs = _FUNCTIONS[function](outputs)
        return outputs

    def classes_as_saved(self, outputs: np.ndarray) -> np.ndarray:
        """Classes (N,) that outputs of `original`, (N, outputs), stand for."""
        if self.one_unit:
            between = self.as_saved(np.zeros((1, 2)))
            return (outputs > between)[:, 0].astype(np.int64)
        return outputs.argmax(axis=1)


def rebuild(path: str | Path, image_shape: tuple[int, ...]) -> Rebuilt:
    """Load a checked Keras file in safe mode and rebuild it, layer by layer.

    image_shape: (H, W, C) of the images that it is for; sizes that the file leaves open are theirs.

    Raises UserError if the file cannot be loaded, or contains what does not convert.
    """
    return rebuilt_from(path, load(path, read_keras_file(path)), image_shape)


def rebuilt_from(path: str | Path, original: Any, image_shape: tuple[int, ...]) -> Rebuilt:
    """As `rebuild`, for a network that was loaded."""
    inputs, outputs = _ends(path, original)
    wanted = tuple(inputs[0].shape[1:])
    input_shape = resolved(wanted, image_shape)
    if input_shape is None:
        raise UserError(f"{path} {told_misfit(wanted, image_shape)}")
    image = tf_keras.layers.Input(image_shape, name="image")
    build = Builder(str(path), image)
    start = build.reshaped("image_input", image, held(input_shape))
    scores = _Walk(build, scalings_of_input(original)).output(original, outputs[0], [start])
    scores, one_unit = _scores(build, scores)
    model = build.finish(scores, original.name)
    scale = pixel_scale(model, build.rescaling)
    return Rebuilt(original, model, input_shape, build.end, one_unit, build.rescaling, scale)


def load(path: str | Path, file: KerasFile) -> Any:
    """A checked Keras file as its own Keras, 2 or 3, loads it, in float32.

    Raises UserError if it cannot be loaded.
    """
    import keras

    library = tf_keras if file.version.startswith("2.") else keras
    if file.precision:
        logger.warning("%s computes in %s; it is taken in as float32", path,
                       ", ".join(file.precision))  # fmt: skip
    try:
        with (
            loadable(path, lambda found: in_single_precision(to_load(found))) as copy,
            _time_limit(LOAD_LIMIT_S),
        ):
            # Keras's own safe mode, in addition to the check of the description.
            return library.models.load_model(copy, compile=False, safe_mode=True)
    except TimeoutError:
        raise UserError(
            f"{path} was not loaded within {LOAD_LIMIT_S:.0f} s: its description does not say how "
            f"its layers follow each other; {SAVE_AGAIN}"
        ) from None
    except Exception as error:
        if told_of_machine(error):
            raise
        first_line = str(error).strip().splitlines()[0][:300] if str(error).strip() else repr(error)
        raise UserError(
            f"{path} (saved by Keras {file.version}) cannot be loaded: {first_line}; {SAVE_AGAIN}"
        ) from error


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds; it must run in the main thread."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ends(path: str | Path, model: Any) -> tuple[list[Any], list[Any]]:
    try:
        inputs, outputs = list(model.inputs), list(model.outputs)
    except (AttributeError, TypeError, ValueError):
        raise UserError(
            f"{path} was saved before it was built, so that it has no trained weights: train it, "
            "and save it again with model.save('name.keras')"
        ) from None
    if len(inputs) != 1 or len(outputs) != 1:
        raise UserError(
            f"{path} has {len(inputs)} inputs and {len(outputs)} outputs; a "
            "network of the study needs one of each"
        )
    return inputs, outputs


def _scores(build: Builder, x: Any) -> tuple[Any, bool]:
    """One score per class, (N, K), and whether there was one output for two classes."""
    size = int(np.prod(x.shape[1:]))
    if len(x.shape) > 2:
        if size != x.shape[-1]:
            raise UserError(
                f"{build.path} gives outputs of shape {tuple(x.shape[1:])}, but a classifier gives "
                "one score per class: end it in Dense(classes)"
            )
        x = build.reshaped("scores", x, (size,))
    if size > 1:
        return x, False
    if same := [function for function in build.end if function != "sigmoid"]:
        raise UserError(
            f"{build.path} ends in a {same[0]} of one output, which is the same for every image: "
            "end it in Dense(2), or in Dense(1) with sigmoid"
        )
    logger.info("%s: its one output z becomes the scores 0 and z of two classes", build.path)
    return build.zero_and(x), True


@dataclass
class _Walk:
    """Follows an old network from its output back to its input.

    scalings: ids of the layers that may become part of how pixels are scaled
    """

    build: Builder
    scalings: set[int]

    def output(self, model: Any, old: Any, inputs: list[Any], prefix: str = "") -> Any:
        """New tensor for an output of a model, for new input tensors."""
        done = {key(image): new for image, new in zip(model.inputs, inputs, strict=True)}
        return self._tensor(old, done, prefix)

    def _tensor(self, old: Any, done: dict[Key, Any], prefix: str) -> Any:
        if key(old) not in done:
            layer, node = maker(old)
            parts = [
                self._tensor(part, done, prefix) if tensors(part) else part
                for part in operands(node)
            ]
            if type(layer).__name__ in MODELS:
                inside, name = layer.outputs[key(old)[2]], f"{prefix}{layer.name}_"
                done[key(old)] = self.output(layer, inside, parts, name)
            else:
                done[key(old)] = self._layer(layer, old, node, parts, prefix)
        return done[key(old)]

    def _layer(self, layer: Any, old: Any, node: Any, parts: list[Any], prefix: str) -> Any:
        kind = kind_of(layer)
        if kind in LEFT_OUT:
            logger.info("%s: layer %r (%s) is left out, since only training needs it",
                        self.build.path, layer.name, kind)  # fmt: skip
            return parts[0]
        step = Step(
            name=prefix + layer.name,
            kind=kind,
            settings=_settings(layer, kind) | named_arguments(node),
            weights=_weights(layer, kind),
            shape=tuple(old.shape[1:]),
            scales_input=id(layer) in self.scalings,
        )
        return rewritten(step, parts, self.build)


def _settings(layer: Any, kind: str) -> dict[str, Any]:
    """The layer's config; Keras 3 writes arrays in it in a form of their own."""
    settings: dict[str, Any] = layer.get_config()
    if kind == "Rescaling":
        settings |= {name: np.asarray(getattr(layer, name)) for name in ("scale", "offset")}
    return settings


def _weights(layer: Any, kind: str) -> list[np.ndarray]:
    """Weights as float32, in the order of Keras.

    Raises UserError for weights that are not finite: a ReLU may hide NaN from the outputs.
    """
    if kind == "Normalization":
        found = [layer.mean, layer.variance]
    elif getattr(layer, "lora_enabled", False):
        # Its kernel is the one that was trained plus the product of two small ones.
        found = [layer.kernel, *([] if layer.bias is None else [layer.bias])]
    else:
        found = layer.get_weights() if hasattr(layer, "get_weights") else []
    weights = [np.asarray(weight, np.float32) for weight in found]
    if not all(np.isfinite(weight).all() for weight in weights):
        raise UserError(
            f"layer {layer.name!r} ({kind}) holds weights that are not finite (NaN or infinity): "
            "its training diverged, or the file is damaged"
        )
    return weights
