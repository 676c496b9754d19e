"""What all tests share: the smoke study's results."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def smoke_results() -> Path:
    """Folder of the smoke study's results, complete and up to date.

    The study runs in the checkout, as `make smoke` does: a second session finds it done, and
    after a failure its logs are still there.
    """
    overlay = "config/smoke.yaml"
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--configfile", overlay]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.fail(f"the smoke study failed:\n{run.stderr[-5000:]}", pytrace=False)
    return ROOT / yaml.safe_load((ROOT / overlay).read_text())["results"]
