"""Operations that a network may hold in place of layers, such as `a + b` or `image / 255`.

Keras 3 keeps each as an object of its own class, Keras 2 as a `TFOpLambda` with the name of a
function of TensorFlow. Both are listed here by one name: that of the layer that does the same, or
of the operation if there is none.
"""

from typing import Any

# By name of the class in Keras 3.
_OF_KERAS_3 = {
    "Add": "Add",
    "Cast": "Identity",
    "Concatenate": "Concatenate",
    "Divide": "Divide",
    "ExpandDims": "Reshape",
    "LogSoftmax": "LogSoftmax",
    "Maximum": "Maximum",
    "Mean": "Mean",
    "Multiply": "Multiply",
    "Negative": "Negative",
    "ReLU": "ReLU",
    "Relu": "ReLU",
    "Reshape": "Reshape",
    "Sigmoid": "Sigmoid",
    "Softmax": "Softmax",
    "Squeeze": "Reshape",
    "Subtract": "Subtract",
    "TrueDivide": "Divide",
}
# Functions of single values that no layer computes, by name of the class in Keras 3 and of the
# function of TensorFlow in Keras 2; adaptation replaces them.
OTHER_FUNCTION = "Other function"
_OTHERS_OF_KERAS_3 = (
    "Celu", "Elu", "Gelu", "HardShrink", "HardSigmoid", "HardSilu", "HardTanh", "LeakyRelu",
    "LogSigmoid", "Relu6", "Selu", "Silu", "SoftShrink", "Softplus", "Softsign", "SparsePlus",
    "Squareplus", "Tanh", "TanhShrink", "Threshold",
)  # fmt: skip
_OTHERS_OF_KERAS_2 = (
    "math.softplus", "math.tanh", "nn.elu", "nn.gelu", "nn.leaky_relu", "nn.relu6", "nn.selu",
    "nn.silu", "nn.softplus", "nn.softsign", "nn.swish",
)  # fmt: skip
# By name of the function of TensorFlow in Keras 2. No other function may be called.
_OF_KERAS_2 = {
    "__operators__.add": "Add",
    "cast": "Identity",
    "concat": "Concatenate",
    "expand_dims": "Reshape",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.log_softmax": "LogSoftmax",
    "math.maximum": "Maximum",
    "math.multiply": "Multiply",
    "math.negative": "Negative",
    "math.reduce_mean": "Mean",
    "math.sigmoid": "Sigmoid",
    "math.subtract": "Subtract",
    "math.truediv": "Divide",
    "nn.bias_add": "Add",
    "nn.log_softmax": "LogSoftmax",
    "nn.relu": "ReLU",
    "nn.softmax": "Softmax",
    "reshape": "Reshape",
    "squeeze": "Reshape",
}
_MODULES_OF_KERAS_3 = ("keras.src.ops.", "keras.src.activations.")

# Keras 3 leaves out the module in HDF5 files; these are no names of layers.
_ONLY_OPERATIONS = (
    "Cast", "Divide", "ExpandDims", "Mean", "Negative", "Relu", "Squeeze", "TrueDivide",
    *_OTHERS_OF_KERAS_3,
)  # fmt: skip

# What the operations are called where a user reads of them.
KINDS = frozenset(_OF_KERAS_3.values()) | frozenset(_OF_KERAS_2.values())


def is_operation(class_name: str, module: str | None) -> bool:
    """Whether an entry of a Keras file is an operation and not a layer."""
    if module is None and class_name in _ONLY_OPERATIONS:
        return True
    return class_name in ("TFOpLambda", "SlicingOpLambda") or str(module).startswith(
        _MODULES_OF_KERAS_3
    )


def cannot_be_loaded(class_name: str, module: str | None, settings: dict[str, Any]) -> bool:
    """Whether an entry is an operation in an HDF5 file of Keras 3, which does not load it again.

    settings: the entry's `config`. That of a layer says whether it is trainable.
    """
    known = class_name in _OF_KERAS_3 or class_name in _OTHERS_OF_KERAS_3
    return module is None and known and "trainable" not in settings


def kind_of_operation(class_name: str, settings: dict[str, Any]) -> str | None:
    """One of `KINDS`, or `OTHER_FUNCTION`; None for an operation without a layer in its place.

    settings: the entry's `config`.
    """
    if class_name == "TFOpLambda":
        function = str(settings.get("function"))
        other = OTHER_FUNCTION if function in _OTHERS_OF_KERAS_2 else None
        return _OF_KERAS_2.get(function, other)
    other = OTHER_FUNCTION if class_name in _OTHERS_OF_KERAS_3 else None
    return _OF_KERAS_3.get(class_name, other)
