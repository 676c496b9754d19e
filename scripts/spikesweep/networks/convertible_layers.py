"""Which layers of Keras convert, and what to do about those that do not.

`LAYERS` is the one list: the check of a user's file (`obstacles`), what rebuilds it (`rewrite`),
what adapts it (`adaptation`) and the conversion (`conversion.read_keras`) follow it. A layer that
is kept or rewritten needs a function in `rewrite`, a native one also a reader in
`conversion.read_keras`, and all are in the table in README; tests compare these with `LAYERS`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Native:
    """Kept as it is: NengoDL converts it without a TensorNode."""


@dataclass(frozen=True)
class Rewritten:
    """Written as native layers that compute the same, when a user's file is imported.

    remedy: what to do about one in a network that is not imported.
    """

    remedy: str


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


@dataclass(frozen=True)
class Replaced:
    """Does not convert; adaptation puts another layer in its place, and fine-tunes the network.

    becomes: class name of that layer.
    remedy: what to do without adaptation.
    """

    becomes: str
    remedy: str


Treatment = Native | Rewritten | LeftOut | Absorbed | Refused | Replaced


def _averaging(kind: str, alternative: str = "") -> Replaced:
    return Replaced(kind, f"train with {kind} {alternative}instead")


# Keras 3 names operations such as `a + b` after layers, so they have no row of their own.
OPERATION_REMEDY = (
    "use layers in its place: a file may hold +, -, * and / with numbers, sums of layers, relu, "
    "reshape, concatenate and mean over the image"
)

_AT_THE_END = Absorbed("remove it, so that the network ends in its logits")
_CLUSTERED = Refused("clustered for tfmot: save tfmot.clustering.keras.strip_clustering(model)")
_CONV1D = Rewritten("use Conv2D")
_CONV2D = Rewritten("use Conv2D with groups=1 and dilation_rate=1")
_INPUT_SCALING = Rewritten(
    "remove it and set input_scale and input_offset of the network in the config"
)
_MODEL = Absorbed("build the network without nested models")
_ENLARGING = Refused("it enlarges images, which a classifier can do without: train with Conv2D")
_ATTENTION = Refused("attention multiplies outputs by each other; train with convolutions instead")
_VOLUMES = Refused("volumes are not studied: train with Conv2D, on slices or with them as channels")
_OTHER_ACTIVATION = Replaced("ReLU", "train with ReLU instead")
_PRUNED = Refused("wrapped for pruning: save tfmot.sparsity.keras.strip_pruning(model)")
_QUANTISED = Refused("quantised: save the float network that it was made from")
_RECURRENT = Refused("recurrent layers have a memory of their own; train with Conv1D or Dense")
_OTHER_NORMALISATION = Replaced("BatchNormalization", "train with BatchNormalization instead")

# By class name. Any other layer is refused; see `remedy`.
LAYERS: dict[str, Treatment] = {
    "Activation": Native(),
    "Add": Native(),
    "AveragePooling2D": Native(),
    "BatchNormalization": Native(),
    "Concatenate": Native(),
    "Conv2D": Native(),
    "Dense": Native(),
    "Flatten": Native(),
    "GlobalAveragePooling2D": Native(),
    "InputLayer": Native(),
    "ReLU": Native(),
    "Reshape": Native(),
    "ZeroPadding2D": Native(),
    "Average": Rewritten("use Add"),
    "AveragePooling1D": _CONV1D,
    "Conv1D": _CONV1D,
    "DepthwiseConv1D": _CONV1D,
    "DepthwiseConv2D": _CONV2D,
    "GlobalAveragePooling1D": Rewritten("use GlobalAveragePooling2D"),
    "Normalization": _INPUT_SCALING,
    "Rescaling": _INPUT_SCALING,
    "SeparableConv1D": _CONV1D,
    "SeparableConv2D": _CONV2D,
    "Subtract": Rewritten("use Add"),
    "ZeroPadding1D": Rewritten("use ZeroPadding2D"),
    "ActivityRegularization": LeftOut(),
    "AlphaDropout": LeftOut(),
    "Dropout": LeftOut(),
    "GaussianDropout": LeftOut(),
    "GaussianNoise": LeftOut(),
    "Identity": LeftOut(),
    "RandomBrightness": LeftOut(),
    "RandomColorDegeneration": LeftOut(),
    "RandomColorJitter": LeftOut(),
    "RandomContrast": LeftOut(),
    "RandomErasing": LeftOut(),
    "RandomFlip": LeftOut(),
    "RandomGrayscale": LeftOut(),
    "RandomHue": LeftOut(),
    "RandomRotation": LeftOut(),
    "RandomSaturation": LeftOut(),
    "RandomSharpness": LeftOut(),
    "RandomShear": LeftOut(),
    "RandomTranslation": LeftOut(),
    "RandomZoom": LeftOut(),
    "SpatialDropout1D": LeftOut(),
    "SpatialDropout2D": LeftOut(),
    "Softmax": _AT_THE_END,
    "Functional": _MODEL,
    "Model": _MODEL,
    "Sequential": _MODEL,
    "AdditiveAttention": _ATTENTION,
    "Attention": _ATTENTION,
    "AveragePooling3D": _VOLUMES,
    "Bidirectional": _RECURRENT,
    "CenterCrop": Refused("crop the images of the dataset"),
    "ClusterWeights": _CLUSTERED,
    "Conv1DTranspose": _ENLARGING,
    "Conv2DTranspose": _ENLARGING,
    "Conv3D": _VOLUMES,
    "ConvLSTM2D": _RECURRENT,
    "Cropping1D": Refused("cut the signals of the dataset, or pad less"),
    "Cropping2D": Refused("crop the images of the dataset, or pad less"),
    "Dot": Refused("products of layers do not convert; train with Add instead"),
    "ELU": _OTHER_ACTIVATION,
    "Embedding": Refused("it reads indices, such as of words; a network of the study sees numbers"),
    "GRU": _RECURRENT,
    "GlobalAveragePooling3D": _VOLUMES,
    "GroupQueryAttention": _ATTENTION,
    "GlobalMaxPooling1D": _averaging("GlobalAveragePooling1D"),
    "GlobalMaxPooling2D": _averaging("GlobalAveragePooling2D"),
    "GroupNormalization": _OTHER_NORMALISATION,
    "LSTM": _RECURRENT,
    "Lambda": Refused("its code is never run; use a built-in Keras layer"),
    "LayerNormalization": _OTHER_NORMALISATION,
    "LeakyReLU": _OTHER_ACTIVATION,
    "Masking": Refused("remove it: all images and signals of the study are whole"),
    "Maximum": Refused("maxima of layers do not convert; train with Add instead"),
    "Minimum": Refused("minima of layers do not convert; train with Add instead"),
    "MaxPooling1D": _averaging("AveragePooling1D", "or with strides "),
    "MaxPooling2D": _averaging("AveragePooling2D", "or with strides "),
    "MaxPooling3D": _VOLUMES,
    "MultiHeadAttention": _ATTENTION,
    "Multiply": Refused("products of layers do not convert; train with Add instead"),
    "Permute": Refused("train without it, on data whose axes are in that order"),
    "PReLU": _OTHER_ACTIVATION,
    "PruneLowMagnitude": _PRUNED,
    "QuantizeLayer": _QUANTISED,
    "QuantizeWrapper": _QUANTISED,
    "QuantizeWrapperV2": _QUANTISED,
    "RMSNormalization": _OTHER_NORMALISATION,
    "RandomCrop": Refused("it cuts out the middle of each image: crop the images of the dataset"),
    "RepeatVector": Refused("it only copies its input: train with a wider layer instead"),
    "Resizing": Refused("remove it, and set `resize` of the dataset in the config"),
    "SimpleRNN": _RECURRENT,
    "ThresholdedReLU": _OTHER_ACTIVATION,
    "TimeDistributed": Refused(
        "build the network without it: Dense works along the last axis, Conv2D on whole images"
    ),
    "UnitNormalization": _OTHER_NORMALISATION,
    "UpSampling1D": _ENLARGING,
    "UpSampling2D": Refused("resize the images of the dataset instead"),
}  # fmt: skip

NATIVE = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, Native))
REWRITTEN = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, Rewritten))
LEFT_OUT = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, LeftOut))
ABSORBED = frozenset(kind for kind, item in LAYERS.items() if isinstance(item, Absorbed))
# By class name, the layer that adaptation puts in its place.
REPLACED = {kind: item.becomes for kind, item in LAYERS.items() if isinstance(item, Replaced)}
# Classes of models, which may take the place of a layer.
MODELS = frozenset(kind for kind, item in LAYERS.items() if item is _MODEL)
# Functions of single values that adaptation replaces by ReLU, under all names that Keras has.
OTHER_FUNCTIONS = frozenset({
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
    "hard_tanh", "leaky_relu", "log_sigmoid", "mish", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softplus", "softsign", "sparse_plus", "squareplus", "swish", "tanh",
    "tanh_shrink", "threshold",
})  # fmt: skip
# Functions that the last layer may apply: the class with the largest output stays the same.
AT_THE_END = ("log_softmax", "sigmoid", "softmax")


def remedy(kind: str) -> str:
    """What to do about a layer that does not convert, as the second half of a message."""
    match LAYERS.get(kind):
        case Rewritten(remedy) | Absorbed(remedy) | Refused(remedy) | Replaced(_, remedy):
            return remedy
        case _:
            convert = sorted((NATIVE | REWRITTEN) - {"InputLayer"})
            return f"these layers convert: {', '.join(convert)}"
