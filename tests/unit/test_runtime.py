"""Settings of the user's own do not reach in."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
ASKED = """
import sys
sys.path.insert(0, sys.argv[1])
import spikesweep.runtime
import keras, os, tf_keras
print(keras.backend.backend(), os.environ.get("TF_ENABLE_ONEDNN_OPTS"))
for library in (keras, tf_keras):
    backend = library.backend
    print(backend.floatx(), backend.epsilon(), backend.image_data_format())
print(tf_keras.layers.Conv2D(1, 1).data_format)
"""


def test_keras_is_set_as_it_is_delivered_whatever_the_user_set(tmp_path):
    settings = {"floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"}
    home = tmp_path / ".keras"
    home.mkdir()
    (home / "keras.json").write_text(json.dumps(settings | {"backend": "jax"}))
    own = {"HOME": str(tmp_path), "KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "0"}
    own |= {"KERAS_HOME": str(home), "TF_ENABLE_ONEDNN_OPTS": "0"}
    command = [sys.executable, "-c", ASKED, str(SCRIPTS)]
    told = subprocess.run(
        command, env=os.environ | own, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    plain = "float32 1e-07 channels_last"
    assert told[:4] == ["tensorflow 1", plain, plain, "channels_last"]
    assert json.loads((home / "keras.json").read_text())["floatx"] == "float16"
