"""Fully connected layers."""

from collections.abc import Sequence
from typing import Any

from spikesweep.networks.blocks import dropout_after, normalization, relu

KIND = "dense"


def build(
    images: Any,
    classes: int,
    *,
    units: Sequence[int] = (256, 128, 64),
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> Any:
    """Fully connected ReLU layers."""
    from tf_keras import layers

    x = layers.Flatten(name="flatten")(images)
    for depth, width in enumerate(units, start=1):
        name = f"dense{depth}"
        if batch_norm:
            x = layers.Dense(width, use_bias=False, name=name)(x)
            x = relu(normalization(x, name), name)
        else:
            x = layers.Dense(width, activation="relu", name=name)(x)
        x = dropout_after(x, name, dropout)
    return layers.Dense(classes, name="output")(x)
