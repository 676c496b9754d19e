"""One layer or operation of a network that is rewritten, see `rewrite`."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Step:
    """One layer or operation of the old network, where it is applied.

    kind: class name of the layer, or an operation's name in `operations.KINDS`
    settings: what `get_config` of Keras returns
    weights: float32, in the order of Keras
    shape: of its output, as in the old network, without the batch
    scales_input: whether it may only scale the image, before anything else reads it
    """

    name: str
    kind: str
    settings: dict[str, Any]
    weights: list[np.ndarray]
    shape: tuple[int | None, ...]
    scales_input: bool = False
