"""Turn a user's Keras file into a tf_keras network of layers that convert."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tf_keras

from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import LEFT_OUT, MODELS, NATIVE
from spikesweep.networks.keras_file import KerasFile, read_keras_file

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rebuilt:
    """A user's network before and after.

    original: as Keras 2 or Keras 3 loads it
    model: the same in tf_keras, without what is only for training or for pre- and
        postprocessing: it takes inputs that are already rescaled and gives logits
    ended_in_softmax: whether `original` gives softmax(logits)
    rescaling: (scale, offset) that `original` applies to its input first, or None
    """

    original: Any
    model: tf_keras.Model
    ended_in_softmax: bool
    rescaling: tuple[Any, Any] | None


def rebuild(path: str | Path) -> Rebuilt:
    """Load a checked Keras file in safe mode and rebuild it, layer by layer.

    Raises UserError if the file cannot be loaded, or contains what does not convert.
    """
    file = read_keras_file(path)
    original = _load(path, file)
    if len(original.inputs) != 1 or len(original.outputs) != 1:
        raise UserError(
            f"{path} has {len(original.inputs)} inputs and {len(original.outputs)} outputs; a "
            "network of the study needs one of each"
        )
    graph = _Graph(str(path), trailing=_trailing(original))
    # Keras knows the shape of the images; an open size stays open.
    image = tf_keras.layers.Input(tuple(original.inputs[0].shape[1:]), name="image")
    graph.image = image
    logits = graph.follow(original, [image])
    model = tf_keras.Model(image, logits, name=_plain(original.name))
    for old, new in graph.layers.values():
        new.set_weights([np.asarray(weight) for weight in old.get_weights()])
    return Rebuilt(original, model, graph.ended_in_softmax, graph.rescaling)


def _load(path: str | Path, file: KerasFile) -> Any:
    import keras

    library = tf_keras if file.version.startswith("2.") else keras
    try:
        # Keras's own safe mode, in addition to the check of the description.
        return library.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise UserError(
            f"{path} (saved by Keras {file.version}) cannot be loaded: {first_line}"
        ) from error


def _trailing(model: Any) -> set[int]:
    """Ids of the layers at the very end, where a softmax is allowed."""
    found: set[int] = set()
    tensor = model.outputs[0]
    while True:
        layer, node = _maker(tensor)
        found.add(id(layer))
        kind = type(layer).__name__
        if kind in MODELS:
            return found | _trailing(layer)
        if kind not in LEFT_OUT:
            return found
        tensor = _parents(node)[0]


@dataclass
class _Graph:
    """Follows the layers of an old network from its output back to its input."""

    path: str
    trailing: set[int]
    image: Any = None
    layers: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    ended_in_softmax: bool = False
    rescaling: tuple[Any, Any] | None = None

    def follow(self, model: Any, inputs: list[Any], prefix: str = "") -> Any:
        """New output tensor of `model` for new input tensors."""
        done = {_key(old): new for old, new in zip(model.inputs, inputs, strict=True)}
        return self._tensor(model.outputs[0], done, prefix)

    def _tensor(self, old: Any, done: dict[Any, Any], prefix: str) -> Any:
        if _key(old) not in done:
            layer, node = _maker(old)
            parents = [self._tensor(parent, done, prefix) for parent in _parents(node)]
            done[_key(old)] = self._apply(layer, parents, prefix)
        return done[_key(old)]

    def _apply(self, layer: Any, parents: list[Any], prefix: str) -> Any:
        kind = type(layer).__name__
        if kind in MODELS:
            return self.follow(layer, parents, f"{prefix}{_plain(layer.name)}_")
        if kind in LEFT_OUT:
            logger.info("%s: layer %r (%s) is left out, since only training needs it",
                        self.path, layer.name, kind)  # fmt: skip
            return parents[0]
        if kind == "Rescaling":
            return self._fold_rescaling(layer, parents[0])
        if kind == "Softmax" or _activation(layer, kind) == "softmax":
            self._note_softmax(layer)
            return parents[0]
        if id(layer) not in self.layers:
            self.layers[id(layer)] = (layer, self._new_layer(layer, kind, prefix))
        new = self.layers[id(layer)][1]
        return new(parents if kind in ("Add", "Concatenate") else parents[0])

    def _new_layer(self, layer: Any, kind: str, prefix: str) -> Any:
        name = prefix + _plain(layer.name)
        if kind == "ReLU":
            return tf_keras.layers.Activation("relu", name=name)
        config = layer.get_config()
        settings = {key: config[key] for key in NATIVE[kind] if key in config}
        if settings.get("activation") == "softmax":
            self._note_softmax(layer)
            settings["activation"] = "linear"
        return getattr(tf_keras.layers, kind)(**settings, name=name)

    def _fold_rescaling(self, layer: Any, parent: Any) -> Any:
        if parent is not self.image or self.rescaling is not None:
            raise UserError(
                f"{self.path}: Rescaling layer {layer.name!r} is not the first layer; "
                f"move it to the front, or rescale in the layer before it"
            )
        config = layer.get_config()
        self.rescaling = (config["scale"], config["offset"])
        logger.info("%s: Rescaling layer %r is folded into input_scale and input_offset "
                    "(scale %s, offset %s)", self.path, layer.name, *self.rescaling)  # fmt: skip
        return parent

    def _note_softmax(self, layer: Any) -> None:
        if id(layer) not in self.trailing or self.ended_in_softmax:
            raise UserError(
                f"{self.path}: layer {layer.name!r} has a softmax inside the network; "
                f"only the last layer may have one"
            )
        self.ended_in_softmax = True
        logger.info("%s: the softmax of layer %r is left out; the class with the largest "
                    "output stays the same", self.path, layer.name)  # fmt: skip


def _activation(layer: Any, kind: str) -> str | None:
    """Name of the function of an Activation layer."""
    return layer.get_config()["activation"] if kind == "Activation" else None


def _key(tensor: Any) -> tuple[int, int, int]:
    layer, node_index, tensor_index = tensor._keras_history
    return id(layer), node_index, tensor_index


def _maker(tensor: Any) -> tuple[Any, Any]:
    """Layer that made a tensor, and which of its calls did."""
    layer, node_index, _ = tensor._keras_history
    return layer, layer._inbound_nodes[node_index]


def _parents(node: Any) -> list[Any]:
    # Keras 3 and Keras 2 have different names for it.
    return list(node.input_tensors if hasattr(node, "arguments") else node.keras_inputs)


def _plain(name: str) -> str:
    return name.replace("/", "_")
