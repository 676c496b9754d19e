"""What a user reads after a mistake: one or two lines, before any long job."""

import numpy as np
import pytest
import yaml
from checkout import ROOT, SMOKE

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(300)]


@pytest.fixture
def said(fresh_checkout, tmp_path):
    """Lay a change over the smoke study and return what a dry run of it says."""

    def dry_run(change):
        overlay = tmp_path / "change.yaml"
        overlay.write_text(yaml.safe_dump(change))
        run = fresh_checkout.attempt("-n", overlays=(SMOKE, str(overlay)))
        assert run.returncode != 0
        assert "Traceback" not in run.stdout
        return [line for line in run.stdout.splitlines() if line.strip()]

    return dry_run


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"synapse_and_scaling": {"synapse": [0.1]}}, "unknown; did you mean 'synapse_s'?"),
        (
            {
                "datasets": {"mine": {"format": "npz", "path": "Snakefile"}},
                "networks": {"mine": {"dataset": "mine", "file": "Snakefile"}},
                "study": {"networks": ["mine"]},
            },
            "config networks.mine.file: Snakefile is not a Keras file",
        ),
    ],
    ids=["unknown key", "file of another kind"],
)
def test_mistake_in_the_config_stops_before_any_job(said, change, message):
    lines = said(change)
    assert any(message in line for line in lines), lines
    assert len(lines) <= 6, lines


def test_truncated_dataset_fails_its_first_job_and_says_why(finished, tmp_path):
    whole = tmp_path / "whole.npz"
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    labels = np.arange(40) % 4
    np.savez(whole, x_train=images, y_train=labels, x_test=images, y_test=labels)
    cut = finished.folder / "cut.npz"
    cut.write_bytes(whole.read_bytes()[:2000])
    change = {
        "datasets": {"mine": {"format": "npz", "path": "cut.npz"}},
        "networks": {
            "mine": {
                "dataset": "mine",
                "architecture": "dense",
                "seeds": [0],
                "training": yaml.safe_load((ROOT / "config/config.yaml").read_text())["networks"][
                    "mnist_dense"
                ]["training"],
            }
        },
        "study": {"networks": ["mine"], "parts": []},
    }
    (finished.folder / "mine.yaml").write_text(yaml.safe_dump(change))
    run = finished.attempt(overlays=(SMOKE, "mine.yaml"))
    assert run.returncode != 0
    assert "cut.npz" in run.stdout
    assert "Traceback" not in run.stdout
    assert "Finished jobid" not in run.stdout
