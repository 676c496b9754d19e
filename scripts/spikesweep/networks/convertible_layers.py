"""Which layers of Keras convert, and what to do about those that do not.

`LAYERS` is the one list: the check of a user's file (`keras_file`), what rebuilds it (`rebuild`)
and the conversion (`conversion.read_keras`) follow it. A new native layer also needs a reader in
`conversion.read_keras` and a row of the table in README; tests compare both with `LAYERS`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Native:
    """Kept as it is: NengoDL converts it without a TensorNode.

    settings: the arguments of the layer that decide what it computes. A user's layer is rebuilt
        with only these.
    """

    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Left out: it does nothing once the network is trained."""


@dataclass(frozen=True)
class Absorbed:
    """Absorbed into the rest of the network when a user's file is imported; otherwise refused.

    remedy: what to do about one that is found after that.
    """

    remedy: str


@dataclass(frozen=True)
class Refused:
    """Does not convert.

    remedy: what to do instead.
    """

    remedy: str


Treatment = Native | LeftOut | Absorbed | Refused

# Keras 3 names operations such as `a + b` after layers, so they have no row of their own.
OPERATION_REMEDY = "use a layer: ReLU, Add, Concatenate or Reshape, or Rescaling for x / 255"

_INPUT_SCALING = Absorbed(
    "remove it and set input_scale and input_offset of the network in the config"
)
_MODEL = Absorbed("build the network without nested models")
_OPERATION = Refused(OPERATION_REMEDY)
_OTHER_ACTIVATION = Refused("train with ReLU instead")
_OTHER_CONVOLUTION = Refused("train with Conv2D instead")

# By class name. Any other layer is refused; see `remedy`.
LAYERS: dict[str, Treatment] = {
    "Activation": Native(("activation",)),
    "Add": Native(),
    "AveragePooling2D": Native(("pool_size", "strides", "padding")),
    "BatchNormalization": Native(("axis", "momentum", "epsilon", "center", "scale")),
    "Concatenate": Native(("axis",)),
    "Conv2D": Native(
        (
            "filters", "kernel_size", "strides", "padding", "dilation_rate", "groups",
            "activation", "use_bias",
        )
    ),
    "Dense": Native(("units", "activation", "use_bias")),
    "Flatten": Native(),
    "GlobalAveragePooling2D": Native(("keepdims",)),
    "InputLayer": Native(),
    "ReLU": Native(),
    "Reshape": Native(("target_shape",)),
    "ZeroPadding2D": Native(("padding",)),
    "ActivityRegularization": LeftOut(),
    "Dropout": LeftOut(),
    "GaussianDropout": LeftOut(),
    "GaussianNoise": LeftOut(),
    "RandomBrightness": LeftOut(),
    "RandomContrast": LeftOut(),
    "RandomFlip": LeftOut(),
    "RandomRotation": LeftOut(),
    "RandomTranslation": LeftOut(),
    "RandomZoom": LeftOut(),
    "SpatialDropout2D": LeftOut(),
    "Rescaling": _INPUT_SCALING,
    "Softmax": Absorbed("remove it, so that the network ends in its logits"),
    "Functional": _MODEL,
    "Model": _MODEL,
    "Sequential": _MODEL,
    "DepthwiseConv2D": _OTHER_CONVOLUTION,
    "ELU": _OTHER_ACTIVATION,
    "GlobalMaxPooling2D": Refused("train with GlobalAveragePooling2D instead"),
    "Lambda": Refused("its code is never run; use a built-in Keras layer"),
    "LayerNormalization": Refused("train with BatchNormalization instead"),
    "LeakyReLU": _OTHER_ACTIVATION,
    "MaxPooling2D": Refused("train with AveragePooling2D or with strides instead"),
    "Normalization": Refused(_INPUT_SCALING.remedy),
    "PReLU": _OTHER_ACTIVATION,
    "SeparableConv2D": _OTHER_CONVOLUTION,
    "SlicingOpLambda": _OPERATION,
    "TFOpLambda": _OPERATION,
}  # fmt: skip

NATIVE = {kind: item.settings for kind, item in LAYERS.items() if isinstance(item, Native)}
LEFT_OUT = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, LeftOut))
ABSORBED = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, Absorbed))
# Classes of models, which may take the place of a layer.
MODELS = frozenset(kind for kind, item in LAYERS.items() if item is _MODEL)


def remedy(kind: str) -> str:
    """What to do about a layer that does not convert, as the second half of a message."""
    match LAYERS.get(kind):
        case Absorbed(remedy) | Refused(remedy):
            return remedy
        case _:
            return f"these layers convert: {', '.join(sorted(NATIVE.keys() - {'InputLayer'}))}"
