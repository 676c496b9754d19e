"""What the start of a run tells of a dataset is what reading the whole of it gives."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spikesweep.data.peek import peek, training_images
from spikesweep.data.prepare import read_dataset

RNG = np.random.default_rng(0)
LABELS = np.arange(12) % 3


def folders(folder):
    for index, label in enumerate(LABELS):
        path = folder / "train" / "abc"[label] / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(RNG.integers(0, 256, (4, 5, 3), dtype=np.uint8)).save(path)
    return {"format": "image_folders", "train": str(folder / "train"), "test_share": 0.5}


def arrays(folder, images, labels=LABELS):
    np.savez_compressed(folder / "d.npz", x_train=images, y_train=labels)
    return {"format": "npz", "path": str(folder / "d.npz"), "test_share": 0.5}


def idx(folder, idx_bytes):
    files = {"train_images": RNG.integers(0, 256, (12, 4, 5)), "train_labels": LABELS}
    paths = {}
    for key, array in (files | {k.replace("train", "test"): v for k, v in files.items()}).items():
        content = idx_bytes(array)
        (folder / key).write_bytes(gzip.compress(content) if "images" in key else content)
        paths[key] = str(folder / key)
    return {"format": "idx", **paths}


@pytest.mark.parametrize(
    "make",
    [
        lambda folder, _: folders(folder) | {"color": "gray"},
        lambda folder, _: folders(folder) | {"color": "rgb"},
        lambda folder, _: folders(folder) | {"color": "rgb", "resize": [7, 9]},
        lambda folder, _: arrays(folder, np.full((12, 4, 5, 3), 9, np.uint8)),
        lambda folder, _: arrays(folder, np.full((12, 4, 5), 9, np.uint8), LABELS.astype(np.uint8)),
        lambda folder, _: arrays(folder, np.full((12, 9), 9, np.uint8), LABELS[:, np.newaxis]),
        lambda folder, _: arrays(folder, np.full((12, 9), 9, np.uint8)) | {"class_names": [*"abc"]},
        idx,
    ],
)
def test_shape_and_classes_are_those_of_the_whole(make, tmp_path, idx_bytes):
    config = make(tmp_path, idx_bytes)
    data, _ = read_dataset(config, tmp_path)
    assert peek(config) == (data.x_train.shape[1:], len(data.class_names))
    assert training_images(config) == len(data.x_train)


def test_what_cannot_be_told_is_left_to_the_job(tmp_path, idx_bytes):
    assert training_images({"format": "npz", "path": str(tmp_path / "none.npz")}) is None
    one_hot = arrays(tmp_path, np.full((12, 4, 5), 9, np.uint8), np.eye(3)[LABELS])
    assert peek(one_hot) == ((4, 5, 1), None)
    rows = idx(tmp_path, idx_bytes)
    Path(rows["train_labels"]).write_bytes(idx_bytes(np.eye(3, dtype=np.uint8)[LABELS]))
    assert peek(rows)[1] is None
    (tmp_path / "d.npz").write_bytes(b"PK no archive")
    assert peek({"format": "npz", "path": str(tmp_path / "d.npz")}) == (None, None)
    assert peek({"format": "idx", "train_images": str(tmp_path / "d.npz")}) == (None, None)
