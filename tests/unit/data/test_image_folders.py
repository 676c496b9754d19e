"""Folders of images, one a class."""

import logging
import shutil
import struct
import zlib

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


def test_a_validation_part_of_its_own(photos):
    folder, _ = photos
    paths = {"train": str(folder / "train"), "test": str(folder / "test"), "color": "rgb"}
    dataset = read_image_folders(**paths, validation=str(folder / "test"))
    np.testing.assert_array_equal(dataset.x_validation, dataset.x_test)
    assert dataset.y_validation.tolist() == [0, 1]
    (folder / "val" / "bird").mkdir(parents=True)
    with pytest.raises(UserError, match=r"val has class folders that .*train lacks: bird"):
        read_image_folders(**paths, validation=str(folder / "val"))


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
    opaque = np.full_like(gray, 255)
    write_image(tmp_path / "b" / "1.png", np.dstack([gray, gray, gray, opaque]))
    for color, channels in (("gray", 1), ("rgb", 3)):
        dataset = read_image_folders(train=str(tmp_path), color=color, test_share=0.5)
        images = np.concatenate([dataset.x_train, dataset.x_test])
        np.testing.assert_array_equal(
            images, np.broadcast_to(gray[..., np.newaxis], (4, 4, 5, channels))
        )


def test_deep_images_are_refused(tmp_path):
    for pixels, white in (
        (np.full((4, 5), 3000, np.uint16), 4095),
        (np.full((4, 5), 30_000, np.uint16), 65535),
        (np.full((4, 5), 0.5, np.float32), 1),
        (np.full((4, 5), 200, np.int32), 255),
    ):
        for name in ("a", "b"):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / name / "0.tiff")
        with pytest.raises(UserError, match=rf"more than 8 bits .* / {white} \* 255\)\.round"):
            read_image_folders(train=str(tmp_path), color="gray", test_share=0.5)


def test_deep_colours_are_refused(tmp_path):
    """A PNG of 16 bits a channel, written by hand: Pillow writes none."""
    rows = b"".join(b"\0" + struct.pack(">15H", *[3000] * 15) for _ in range(4))
    header = struct.pack(">2I5B", 5, 4, 16, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.png").write_bytes(png)
    with pytest.raises(UserError, match=r"0\.png has more than 8 bits per channel: convert"):
        read_image_folders(train=str(tmp_path), color="rgb", test_share=0.5)


@pytest.mark.parametrize(("largest", "deep"), [(255, False), (4095, True)])
def test_deep_colours_of_portable_pixmaps_are_refused(largest, deep, tmp_path):
    pixels = bytes(range(60)) * (2 if deep else 1)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            file = tmp_path / name / f"{number}.ppm"
            file.write_bytes(b"P6\n5 4\n%d\n" % largest + pixels)
    if deep:
        with pytest.raises(UserError, match=r"\d\.ppm has more than 8 bits"):
            read_image_folders(train=str(tmp_path), color="rgb", test_share=0.5)
    else:
        data = read_image_folders(train=str(tmp_path), color="rgb", test_share=0.5)
        assert data.x_train[0].tobytes() == pixels


def test_sixteen_bits_of_all_colours_are_not_deep(tmp_path):
    """A bitmap with 5, 6 and 5 bits for red, green and blue."""
    masks = struct.pack("<3I", 0xF800, 0x07E0, 0x001F)
    info = struct.pack("<I2i2H6I", 40, 4, 2, 1, 16, 3, 16, 0, 0, 0, 0) + masks
    pixels = struct.pack("<8H", *[0xF800] * 8)
    start = 14 + len(info)
    header = struct.pack("<2sI2HI", b"BM", start + len(pixels), 0, 0, start)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(2):
            (tmp_path / name / f"{number}.bmp").write_bytes(header + info + pixels)
    data = read_image_folders(train=str(tmp_path), color="rgb", test_share=0.5)
    np.testing.assert_array_equal(data.x_train[0, 0, 0], [255, 0, 0])


def test_a_class_may_have_no_images_in_the_test_part(photos, caplog):
    folder, _ = photos
    shutil.rmtree(folder / "test" / "dog")
    data = read_image_folders(train=str(folder / "train"), test=str(folder / "test"), color="rgb")
    assert set(data.class_names[data.y_train]) > set(data.class_names[data.y_test])
    assert "test: no images of dog, which have no folder there" in caplog.text


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


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        (
            ("train", "val", "test"),
            r"parts test, train, val .*/train and test: .*/test$",
        ),
        (("photos",), r"holds one folder, photos, .*give .*/photos$"),
    ],
)
def test_a_folder_above_the_classes_is_named(folders, told, tmp_path):
    for folder in folders:
        for name in ("cat", "dog"):
            write_image(tmp_path / folder / name / "0.png", np.zeros((4, 5), np.uint8))
    with pytest.raises(UserError, match=told):
        read_image_folders(train=str(tmp_path), color="gray", test_share=0.5)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        (b"<!DOCTYPE html>\n<html>", "is a web page: download the file itself"),
        (b"\0\0\0\x18ftypheic", "no format that Pillow knows.*as PNG or JPEG"),
    ],
)
def test_what_is_no_image_is_named_with_the_remedy(content, told, photos):
    folder, _ = photos
    (folder / "train" / "cat" / "7.png").write_bytes(content)
    with pytest.raises(UserError, match=rf"7\.png .*{told}"):
        read_image_folders(train=str(folder / "train"), color="rgb", test_share=0.34)


def test_images_are_taken_in_as_a_viewer_shows_them(tmp_path, caplog):
    red, gray = np.zeros((4, 6, 3), np.uint8), np.full((6, 4), 90, np.uint8)
    red[:, :3] = (250, 0, 0)
    folder = tmp_path / "a"
    folder.mkdir()
    # Taken with the camera on its side: stored 6 wide, shown 6 high.
    turned = Image.fromarray(red)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "1.png", exif=exif)
    alpha = np.full((6, 4), 255, np.uint8)
    alpha[0] = 0
    write_image(folder / "2.png", np.dstack([gray, gray, gray, alpha]))
    Image.fromarray(np.dstack([gray] * 3)).convert("CMYK").save(folder / "3.tif")
    Image.fromarray(np.dstack([gray] * 3)).quantize(4).save(folder / "4.png")
    write_image(tmp_path / "b" / "1.png", gray)
    with caplog.at_level(logging.WARNING):
        data = read_image_folders(train=str(tmp_path), color="rgb", test_share=0.2)
    images = np.concatenate([data.x_train, data.x_test])
    assert images.shape == (5, 6, 4, 3)
    upright = [image for image in images if image[..., 0].max() == 250 and image[..., 1].max() == 0]
    np.testing.assert_array_equal(upright, [np.rot90(red, -1)])
    on_white = [image for image in images if (image[0] == 255).all()]
    assert len(on_white) == 1
    assert (on_white[0][1:] == 90).all()
    assert sum(np.abs(image.astype(int) - 90).max() <= 3 for image in images) == 3
    for told in ("turned upright", "shown on white", "converted from CMYK"):
        assert f"1 of 5 images were {told}" in caplog.text


def test_animated_files_are_named(tmp_path):
    frames = [Image.fromarray(np.full((4, 5), value, np.uint8)) for value in (0, 200)]
    write_image(tmp_path / "b" / "0.png", np.zeros((4, 5), np.uint8))
    (tmp_path / "a").mkdir()
    frames[0].save(tmp_path / "a" / "0.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(UserError, match=r"0\.gif has 2 frames, but a network sees one image"):
        read_image_folders(train=str(tmp_path), color="gray", test_share=0.5)


def test_what_systems_leave_behind_is_passed_over(photos, caplog):
    folder, _ = photos
    for name in ("Thumbs.db", "desktop.ini", "._0.png"):
        (folder / "train" / "cat" / name).write_bytes(b"\xd0\xcf")
    (folder / "train" / "__MACOSX").mkdir()
    (folder / "train" / "__MACOSX" / "._0.png").write_bytes(b"x")
    (folder / "train" / "labels.csv").write_text("0.png,cat")
    dataset = read_image_folders(
        train=str(folder / "train"), test=str(folder / "test"), color="rgb"
    )
    assert len(dataset.x_train) == 6
    assert list(dataset.class_names) == ["cat", "dog"]
    assert "passed over, since they are no classes: __MACOSX, labels.csv\n" in caplog.text


def test_images_in_folders_inside_a_class_and_through_links_are_read(photos, tmp_path):
    folder, _ = photos
    day = folder / "train" / "cat" / "day1"
    day.mkdir()
    (folder / "train" / "cat" / "0.png").rename(day / "0.png")
    (day / "round").symlink_to(folder / "train" / "cat")
    (folder / "train" / "dog").rename(tmp_path / "elsewhere")
    (folder / "train" / "dog").symlink_to(tmp_path / "elsewhere")
    dataset = read_image_folders(
        train=str(folder / "train"), test=str(folder / "test"), color="rgb"
    )
    assert dataset.y_train.tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("lost", ["cat/lost.png", "bird"])
def test_links_that_lead_nowhere_are_named(photos, lost):
    folder, _ = photos
    (folder / "train" / lost).symlink_to("/nowhere/at/all")
    with pytest.raises(UserError, match=rf"{lost} is a link to /nowhere/at/all, which does not"):
        read_image_folders(train=str(folder / "train"), test=str(folder / "test"), color="rgb")


def test_images_outside_any_class_are_named(photos):
    folder, _ = photos
    write_image(folder / "train" / "loose.JPG", np.zeros((4, 5), np.uint8))
    with pytest.raises(
        UserError, match=r"train contains 1 images outside any class, such as loose"
    ):
        read_image_folders(train=str(folder / "train"), test=str(folder / "test"), color="rgb")


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_class_that_was_not_unpacked_is_named(part, photos):
    folder, _ = photos
    for name in ("horse.ZIP", "cow.tar.gz"):
        (folder / part / name).write_bytes(b"PK")
    with pytest.raises(
        UserError,
        match=rf"{part} contains cow.tar.gz, horse.ZIP, whose .* not be read: unpack each class",
    ):
        read_image_folders(train=str(folder / "train"), test=str(folder / "test"), color="rgb")


def test_classes_named_by_numbers_are_in_the_order_of_numbers(tmp_path, caplog):
    for number in (0, 2, 10, 1):
        write_image(tmp_path / str(number) / "0.png", np.full((4, 5), number, np.uint8))
        write_image(tmp_path / str(number) / "1.png", np.full((4, 5), number, np.uint8))
    with caplog.at_level(logging.INFO):
        dataset = read_image_folders(train=str(tmp_path), color="gray", test_share=0.5)
    assert list(dataset.class_names) == ["0", "1", "2", "10"]
    assert dataset.x_train[:, 0, 0, 0].tolist() == [0, 1, 2, 10]
    assert "the classes in their order are 0, 1, 2, 10" in caplog.text
    chosen = {"train": str(tmp_path), "color": "gray", "test_share": 0.5}
    dataset = read_image_folders(**chosen, class_names=["10", "0", "1", "2"])
    assert dataset.x_train[:, 0, 0, 0].tolist() == [10, 0, 1, 2]
    with pytest.raises(UserError, match="without a folder: 3; not named: 10"):
        read_image_folders(**chosen, class_names=["0", "1", "2", "3"])


def test_images_of_any_size_are_resized_if_asked_for(tmp_path):
    for number in range(2):
        write_image(tmp_path / "a" / f"{number}.png", np.full((4, 5), 50, np.uint8))
        write_image(tmp_path / "b" / f"{number}.png", np.full((40, 20), 90, np.uint8))
    paths = {"train": str(tmp_path), "color": "gray", "test_share": 0.5}
    with pytest.raises(UserError, match=r"resize: \[4, 5\] of the dataset makes all of them 5 x 4"):
        read_image_folders(**paths)
    dataset = read_image_folders(**paths, resize=[8, 6], interpolation="nearest")
    assert dataset.x_train.shape == (2, 8, 6, 1)
    assert [set(image.ravel()) for image in dataset.x_train] == [{50}, {90}]
