"""The whole job, from a config entry to the four files."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spikesweep.data.dataset import load_dataset
from spikesweep.data.prepare import prepare_dataset, read_dataset
from spikesweep.data.user_files import missing_files, user_files
from spikesweep.errors import UserError

X = np.random.default_rng(0).integers(0, 256, (30, 6, 5), dtype=np.uint8)
Y = np.arange(30) % 3


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, x_train=X[:20], y_train=Y[:20], x_test=X[20:], y_test=Y[20:])
    return {"format": "npz", "path": str(path)}


def prepare(config, folder: Path) -> None:
    prepare_dataset(
        config,
        raw_folder=folder / "raw",
        dataset_path=folder / "d.npz",
        summary_path=folder / "d.csv",
        metadata_path=folder / "d.metadata.json",
    )


def test_files_of_the_job(config, tmp_path):
    prepare(config, tmp_path / "results")
    results = tmp_path / "results"
    assert sorted(path.name for path in results.iterdir()) == ["d.csv", "d.metadata.json", "d.npz"]
    np.testing.assert_array_equal(load_dataset(results / "d.npz").x_train[..., 0], X[:20])
    summary = pd.read_csv(results / "d.csv")
    assert list(summary.columns) == ["split", "class", "class_name", "images"]
    assert summary.images.tolist() == [7, 7, 6, 3, 3, 4]
    metadata = json.loads((results / "d.metadata.json").read_text())
    assert metadata["config"] == config
    assert metadata["source"] == "user's files (npz)"
    assert metadata["images"] == {"train": 20, "test": 10}
    assert metadata["image_shape"] == [6, 5, 1]


def test_known_hashes_are_checked(config, tmp_path):
    prepare(config, tmp_path / "results")
    known = json.loads((tmp_path / "results" / "d.metadata.json").read_text())["sha256"]
    read_dataset({**config, "sha256": known}, tmp_path)
    read_dataset({**config, "sha256": {"x_test": known["x_test"].upper()}}, tmp_path)
    wrong = {"y_train": "0" * 64}
    with pytest.raises(UserError, match=f"y_train has SHA-256 {known['y_train']}, expected 0000"):
        prepare({**config, "sha256": wrong}, tmp_path / "refused")
    assert not (tmp_path / "refused").exists()


def test_unknown_format_is_named(tmp_path):
    with pytest.raises(UserError, match="allowed are mnist, cifar10, idx, npz, image_folders"):
        read_dataset({"format": "hdf5"}, tmp_path)


def test_every_format_of_the_user_is_reached(tmp_path):
    for name, label in (("a", 0), ("b", 255)):
        (tmp_path / "train" / name).mkdir(parents=True)
        for number in range(2):
            Image.fromarray(np.full((3, 3), label, np.uint8)).save(
                tmp_path / "train" / name / f"{number}.png"
            )
    config = {
        "format": "image_folders",
        "train": str(tmp_path / "train"),
        "color": "gray",
        "test_share": 0.5,
        "test_seed": 3,
    }
    dataset, source = read_dataset(config, tmp_path)
    assert dataset.x_test[:, 0, 0, 0].tolist() == [0, 255]
    assert source == "user's files (image_folders)"
    missing = {key: str(tmp_path / key) for key in ("train_images", "train_labels")}
    with pytest.raises(UserError, match="train_images cannot be read"):
        read_dataset(
            {"format": "idx", **missing, "test_images": "no", "test_labels": "no"}, tmp_path
        )


def test_files_known_at_parse_time(config, tmp_path):
    assert user_files({"format": "mnist", "folder": "data/mnist"}) == []
    assert missing_files({"format": "cifar10", "folder": "nowhere"}) == []
    assert user_files(config) == [config["path"]]
    assert missing_files(config) == []
    absent = str(tmp_path / "absent.npz")
    assert missing_files({"format": "npz", "path": absent}) == [absent]
    assert missing_files({"format": "npz", "path": str(tmp_path)}) == [str(tmp_path)]

    (tmp_path / "train").mkdir()
    folders = {"format": "image_folders", "train": str(tmp_path / "train"), "test": absent}
    assert user_files(folders) == [str(tmp_path / "train"), absent]
    assert missing_files(folders) == [absent]

    idx = {"train_images": config["path"], "train_labels": "b", "test_images": "c"}
    assert user_files({"format": "idx", **idx, "test_labels": "d"}) == [config["path"], *"bcd"]
    assert missing_files({"format": "idx", **idx, "test_labels": "d"}) == [*"bcd"]


def test_parse_time_functions_import_nothing_heavy():
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import spikesweep.data.user_files; "
        "print(sorted({'numpy', 'pandas', 'PIL', 'requests'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
