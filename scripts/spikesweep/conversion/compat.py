"""NengoDL 3.6 on a TensorFlow far newer than it was written for.

NengoDL's last release (January 2023) imports names from Keras that have since moved. They
are put in place only while it is imported, and removed again, so that Keras 3 still works in
the same process. Every module that needs NengoDL imports it from here:

    from spikesweep.conversion.compat import nengo_dl
"""

import subprocess
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

# Sets TF_USE_LEGACY_KERAS, which TensorFlow reads when it is first imported.
import spikesweep.runtime  # noqa: F401


@contextmanager
def _keras_2_names() -> Iterator[None]:
    normalization = "tf_keras.src.layers.normalization"
    layers = types.ModuleType("keras.layers")
    layers.BatchNormalizationV1 = import_module(  # type: ignore[attr-defined]
        f"{normalization}.batch_normalization_v1"
    ).BatchNormalization
    layers.BatchNormalizationV2 = import_module(  # type: ignore[attr-defined]
        f"{normalization}.batch_normalization"
    ).BatchNormalization
    stand_ins = {
        "keras.engine.functional": import_module("tf_keras.src.engine.functional"),
        "keras.layers": layers,
    }
    hidden = {name: sys.modules.get(name) for name in stand_ins}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in hidden.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


@contextmanager
def _no_search_for_gpus() -> Iterator[None]:
    """Avoid the child process that imports TensorFlow, which takes seconds, to look for a GPU.

    If no driver has created a device file, there is no GPU to be found.
    """
    if any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/kfd").exists():
        yield
    else:
        with patch.object(subprocess, "call", return_value=1):
            yield


with _keras_2_names(), _no_search_for_gpus(), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import nengo_dl

__all__ = ["nengo_dl"]
