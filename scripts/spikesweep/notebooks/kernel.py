"""A Jupyter kernel that runs in this environment and does not touch the home folder."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from traitlets.config import Config

from spikesweep.own_library import python_path

KERNEL = "python3"
FOLDERS = (
    "HOME",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_PATH",
    "JUPYTER_RUNTIME_DIR",
    "MPLCONFIGDIR",
)


@contextmanager
def private_kernel() -> Iterator[dict[str, Any]]:
    """Let Jupyter find a single kernel, this Python; yield options for papermill's client.

    The environment need not be on PATH, and the settings of the user's own Jupyter are ignored.
    """
    with TemporaryDirectory(prefix="spikesweep-") as folder:
        kernel = Path(folder) / "kernels" / KERNEL / "kernel.json"
        kernel.parent.mkdir(parents=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel.write_text(
            json.dumps({"argv": command, "display_name": "Python 3", "language": "python"})
        )
        settings = {
            **dict.fromkeys(FOLDERS, folder),
            "PYTHONPATH": python_path(),
        }
        with patch.dict(os.environ, settings):
            # Sockets in the folder: two kernels that start at once may choose the same port.
            sockets = Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})
            # It holds no state that a graceful shutdown would save.
            yield {"config": sockets, "shutdown_kernel": "immediate"}
