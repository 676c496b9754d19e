"""Structured pruning: whole units (filters, neurons) are removed; the network becomes smaller."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import tensorflow as tf
import tf_keras
from tensorflow_model_optimization.sparsity.keras import PolynomialDecay

from spikesweep.errors import UserError
from spikesweep.training.state import Changes

# Layers that keep channels apart.
_CHANNELWISE = (
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Dropout",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "ReLU",
    "SpatialDropout2D",
    "ZeroPadding2D",
)


class StructuredPruning:
    """Removes the units of smallest norm from each hidden layer until the target is reached.

    A unit is a neuron of a dense layer or a filter of a convolution; its norm is the L2 norm of
    its incoming weights (He et al. 2018, "Soft filter pruning"). All that belongs to a removed
    unit is held at zero for the rest of the training, so that it has no effect, and is cut out
    at the end. The outputs, one per class, all stay.

    Raises UserError for a network that is not a plain chain of layers, or one without a hidden
    layer.
    """

    def __init__(self, model: tf_keras.Model, schedule: PolynomialDecay) -> None:
        _check_chain(model)
        self.model = model
        weighted = [layer for layer in model.layers if hasattr(layer, "kernel")]
        self._hidden = weighted[:-1]
        self._kept = {layer.name: np.ones(layer.kernel.shape[-1], bool) for layer in self._hidden}
        sizes = [int(np.prod(layer.kernel.shape)) for layer in weighted]
        units = [len(kept) for kept in self._kept.values()]
        self._final = units_left(sizes, units, schedule.final_sparsity)
        # The schedule counts from 1, as tensorflow-model-optimization does.
        removals = range(schedule.begin_step, schedule.end_step + 1, schedule.frequency)
        self._progress = {
            step - 1: float(schedule(step)[1]) / schedule.final_sparsity for step in removals
        }
        self._masks = {
            layer.name: tf.Variable(tf.ones(outputs.shape), trainable=False)
            for layer, _, outputs in _channels(model, self._kept)
            if layer.trainable_weights
        }
        self.changes = Changes(
            before=self._progress.keys(),
            change=self._remove,
            hold=self._hold_at_zero,
            state=lambda: [kept.copy() for kept in self._kept.values()],
            restore=self._keep,
        )

    def finish(self) -> tf_keras.Model:
        """The smaller network."""
        self._hold_at_zero()
        return without_units(self.model, self._kept)

    def _remove(self, step: int) -> None:
        """Remove what the schedule says before this step; removed units stay removed."""
        for layer, final in zip(self._hidden, self._final, strict=True):
            kept = self._kept[layer.name]
            left = len(kept) - round(self._progress[step] * (len(kept) - final))
            kernel = layer.kernel.numpy()
            norms = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), axis=0)
            present = np.flatnonzero(kept)
            smallest_first = present[np.argsort(norms[present], kind="stable")]
            kept[smallest_first[: len(present) - left]] = False
        self._mask()

    def _keep(self, kept: Sequence[np.ndarray]) -> None:
        """Let these units be those that are left."""
        self._kept = dict(zip(self._kept, kept, strict=True))
        self._mask()

    def _mask(self) -> None:
        for layer, _, outputs in _channels(self.model, self._kept):
            if layer.name in self._masks:
                self._masks[layer.name].assign(outputs.astype(np.float32))

    def _hold_at_zero(self) -> None:
        for name, mask in self._masks.items():
            for weight in self.model.get_layer(name).trainable_weights:
                weight.assign(weight * mask)


def units_left(sizes: Sequence[int], units: Sequence[int], sparsity: float) -> list[int]:
    """How many units each hidden layer keeps, so that about 1 - `sparsity` of the weights stay.

    Candidates are all choices in which the layers keep nearly the same share of their units, and
    those in which one layer departs from it. Of those within 1 % of the wanted number of weights,
    the most even one is taken; if there is none, the closest one. At least one unit stays in each
    layer.

    sizes: number of weights of each layer, the readout's last.
    units: number of units of each hidden layer; one fewer than `sizes`.
    """
    target = (1 - sparsity) * sum(sizes)

    def missed(choice: tuple[int, ...]) -> float:
        return abs(weights_left(sizes, units, choice) - target)

    def unevenness(choice: tuple[int, ...]) -> float:
        shares = [count / n for count, n in zip(choice, units, strict=True)]
        return max(shares) / min(shares)

    choices = _choices(units)
    close = [choice for choice in choices if missed(choice) <= 0.01 * target]
    if close:
        best = min(close, key=lambda choice: (unevenness(choice), missed(choice)))
    else:
        best = min(choices, key=lambda choice: (missed(choice), unevenness(choice)))
    return list(best)


def weights_left(sizes: Sequence[int], units: Sequence[int], left: Sequence[int]) -> int:
    """Weights of a chain of layers whose hidden layers keep `left` of their `units`."""
    shares = [1.0, *(count / n for count, n in zip(left, units, strict=True)), 1.0]
    return round(
        sum(
            size * inputs * outputs
            for size, inputs, outputs in zip(sizes, shares, shares[1:], strict=False)
        )
    )


def without_units(model: tf_keras.Model, kept: Mapping[str, np.ndarray]) -> tf_keras.Model:
    """The network without the units that are not kept.

    kept: for each hidden layer (units,) bool. If the outputs of the removed units were zero, the
    smaller network computes the same as the larger one.
    """
    x = image = tf_keras.layers.Input(model.input_shape[1:], name=model.layers[0].name)
    weights = {}
    for layer, inputs, outputs in _channels(model, kept):
        config = layer.get_config()
        for size in ("units", "filters"):
            if size in config:
                config[size] = int(outputs.sum())
        x = type(layer).from_config(config)(x)
        weights[layer.name] = [_cut(w, inputs, outputs) for w in layer.get_weights()]
    smaller = tf_keras.Model(image, x, name=model.name)
    for name, values in weights.items():
        smaller.get_layer(name).set_weights(values)
    return smaller


def _choices(units: Sequence[int]) -> list[tuple[int, ...]]:
    shares = {count / n for n in units for count in range(1, n + 1)}
    even = {tuple(max(1, round(share * n)) for n in units) for share in shares}
    one_departs = {
        (*choice[:layer], count, *choice[layer + 1 :])
        for choice in even
        for layer, n in enumerate(units)
        for count in range(1, n + 1)
    }
    return sorted(even | one_departs)


def _check_chain(model: tf_keras.Model) -> None:
    for layer, following in itertools.pairwise(model.layers):
        known = hasattr(following, "kernel") or type(following).__name__ in (
            "Flatten",
            *_CHANNELWISE,
        )
        if not known or following.input is not layer.output:
            raise UserError(
                "structured pruning needs a chain of Dense and Conv2D layers, into which "
                f"layer {following.name!r} ({type(following).__name__}) does not fit; prune "
                "this network by magnitude"
            )
    if sum(hasattr(layer, "kernel") for layer in model.layers) < 2:
        raise UserError("structured pruning removes hidden units, but this network has none")


def _channels(
    model: tf_keras.Model, kept: Mapping[str, np.ndarray]
) -> Iterator[tuple[tf_keras.layers.Layer, np.ndarray, np.ndarray]]:
    """Each layer except the input, with bools that say which input and output channels stay."""
    present = np.ones(model.input_shape[1:], bool)
    for layer in model.layers[1:]:
        shape = layer.output_shape[1:]
        inputs = _of_channels(present)
        if type(layer).__name__ == "Flatten":
            present = present.reshape(shape)
        else:
            everything = np.ones(shape[-1], bool)
            stay = kept.get(layer.name, everything) if hasattr(layer, "kernel") else inputs
            present = np.broadcast_to(stay, shape)
        yield layer, inputs, _of_channels(present)


def _of_channels(present: np.ndarray) -> np.ndarray:
    # A channel is present at all positions of an image or at none.
    return present.reshape(-1, present.shape[-1])[0]


def _cut(weight: np.ndarray, inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """A kernel (..., inputs, outputs), or one number for each output, without what is removed."""
    if weight.ndim == 1:
        return weight[outputs]
    return weight[..., inputs, :][..., outputs]
