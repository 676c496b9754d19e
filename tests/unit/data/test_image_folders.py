"""Folders of images, one a class."""

import numpy as np
import pytest
from PIL import Image

from spikesweep.data.image_folders import read_image_folders
from spikesweep.errors import UserError

RNG = np.random.default_rng(0)


def write_image(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return pixels


@pytest.fixture
def photos(tmp_path):
    """Two classes; three training images and one test image each, 5 wide and 4 high."""
    pixels = {}
    for part, images in (("train", 3), ("test", 1)):
        for name in ("cat", "dog"):
            for number in range(images):
                path = tmp_path / part / name / f"{number}.png"
                pixels[path] = write_image(path, RNG.integers(0, 256, (4, 5, 3), dtype=np.uint8))
    return tmp_path, pixels


def test_images_and_labels(photos):
    folder, pixels = photos
    (folder / "train" / "cat" / ".DS_Store").write_bytes(b"\0")
    (folder / "train" / "notes.txt").write_text("not a class")
    dataset = read_image_folders(
        train=str(folder / "train"), test=str(folder / "test"), color="rgb"
    )
    expected = [pixels[folder / "train" / c / f"{n}.png"] for c in ("cat", "dog") for n in range(3)]
    np.testing.assert_array_equal(dataset.x_train, expected)
    assert dataset.y_train.tolist() == [0, 0, 0, 1, 1, 1]
    assert dataset.y_test.tolist() == [0, 1]
    assert list(dataset.class_names) == ["cat", "dog"]


def test_held_out_test_part(photos):
    folder, _ = photos
    dataset = read_image_folders(train=str(folder / "train"), color="rgb", test_share=0.34)
    assert dataset.y_train.tolist() == [0, 0, 1, 1]
    assert dataset.y_test.tolist() == [0, 1]
    for both_or_none in ({}, {"test": str(folder / "test"), "test_share": 0.34}):
        with pytest.raises(UserError, match="either test"):
            read_image_folders(train=str(folder / "train"), color="rgb", **both_or_none)


def test_kinds_of_image_are_converted(tmp_path):
    gray = RNG.integers(0, 256, (4, 5), dtype=np.uint8)
    write_image(tmp_path / "a" / "0.bmp", gray)
    write_image(tmp_path / "a" / "1.gif", gray)
    write_image(tmp_path / "b" / "0.tif", np.dstack([gray, gray, gray]))
    write_image(tmp_path / "b" / "1.png", np.dstack([gray, gray, gray, gray]))
    for color, channels in (("gray", 1), ("rgb", 3)):
        dataset = read_image_folders(train=str(tmp_path), color=color, test_share=0.5)
        images = np.concatenate([dataset.x_train, dataset.x_test])
        np.testing.assert_array_equal(
            images, np.broadcast_to(gray[..., np.newaxis], (4, 4, 5, channels))
        )


def test_deep_images_are_refused(tmp_path):
    write_image(tmp_path / "a" / "0.png", np.full((4, 5), 3000, dtype=np.uint16))
    with pytest.raises(UserError, match="more than 8 bits"):
        read_image_folders(train=str(tmp_path), color="gray", test_share=0.5)


def test_mistakes_are_named(photos):
    folder, _ = photos
    paths = {"train": str(folder / "train"), "test": str(folder / "test"), "color": "rgb"}

    wrong_size = folder / "train" / "dog" / "9.png"
    write_image(wrong_size, np.zeros((8, 5, 3), np.uint8))
    with pytest.raises(UserError, match=r"9\.png is 5 x 8 pixels, but .*0\.png is 5 x 4"):
        read_image_folders(**paths)
    wrong_size.unlink()

    broken = folder / "test" / "dog" / "0.png"
    whole = broken.read_bytes()
    for damaged in (b"", b"no image", whole[: len(whole) // 2]):
        broken.write_bytes(damaged)
        with pytest.raises(UserError, match=r"test/dog/0\.png cannot be read as an image"):
            read_image_folders(**paths)
    broken.unlink()
    with pytest.raises(UserError, match=r"test/dog contains no images"):
        read_image_folders(**paths)
    broken.write_bytes(whole)

    (folder / "test" / "bird").mkdir()
    with pytest.raises(UserError, match=r"test has class folders that .*train lacks: bird"):
        read_image_folders(**paths)
    with pytest.raises(UserError, match="nowhere cannot be read"):
        read_image_folders(**{**paths, "train": str(folder / "nowhere")})
