"""Images as people have them: taken in as they are meant, or refused with what repairs them."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image
from toy import BROUGHT, NPZ, blobs, fit, write_npz

pytestmark = [pytest.mark.cases, pytest.mark.timeout(900)]


def folders(place: Path, images, labels, names) -> None:
    """Write images as PNG, a folder for each class."""
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        folder = place / str(names[label])
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(folder / f"{number}.png")


def any_network(case, shape, classes) -> None:
    la = keras.layers
    hidden = [la.Flatten(), la.Dense(8, "relu"), la.Dense(classes)]
    keras.Sequential([keras.Input(shape), *hidden]).save(case.brought / "net.keras")


def test_medmnist_archives(case):
    """github.com/MedMNIST/MedMNIST/issues/53: other keys, labels as a column, several labels."""
    (x, y), (u, v) = blobs(600, (28, 28, 3), 9, 1), blobs(200, (28, 28, 3), 9, 2)
    column = y.astype(np.uint8)[:, None], v.astype(np.uint8)[:, None]
    several = np.eye(14, dtype=np.uint8)
    any_network(case, (28, 28, 3), 9)

    def study(name, **arrays):
        np.savez(case.brought / f"{name}.npz", **arrays)
        case.study(name, "net.keras", {"format": "npz", "path": f"{BROUGHT}/{name}.npz"})

    study("med", train_images=x, train_labels=column[0], test_images=u, test_labels=column[1])
    target = ("--cores", "1", "--", "results/med/networks/net/seed0/accuracy.csv")
    said = case.refusal("med", *target)
    assert "train_images" in said
    assert "x_train" in said
    study("renamed", x_train=x, y_train=column[0], x_test=u, y_test=column[1])
    case.import_network("renamed")
    study("chest", x_train=x, y_train=several[y], x_test=u, y_test=several[v] | several[0])
    target = ("--cores", "1", "--", "results/chest/networks/net/seed0/accuracy.csv")
    assert "label" in case.refusal("chest", *target)


def test_class_folders_that_are_numbers(case):
    """github.com/keras-team/keras/issues/19761: 0, 1, 10, 2, …"""
    keras.utils.set_random_seed(0)
    for part, count in (("train", 1100), ("test", 220)):
        folders(case.brought / part, *blobs(count, (22, 22, 1), 11, count), range(11))
    la = keras.layers
    hidden = [la.Flatten(), la.Dense(32, "relu"), la.Dense(11)]
    model = keras.Sequential([keras.Input((22, 22, 1)), *hidden])
    fit(model, blobs(1100, (22, 22, 1), 11, 1100), epochs=10).save(case.brought / "net.keras")
    dataset = {"format": "image_folders", "color": "gray"}
    dataset |= {part: f"{BROUGHT}/{part}" for part in ("train", "test")}
    case.study("net", "net.keras", dataset)
    accuracy, _ = case.import_network("net")
    assert accuracy["test"] > 0.9


@pytest.mark.parametrize("what", ["system files", "macosx", "nested", "dangling", "link"])
def test_what_lies_in_folders_of_images(case, what):
    """github.com/BiaPyX/BiaPy/issues/126, tensorflow/issues/46595, snakemake/issues/4229."""
    place = case.brought / "train"
    folders(place, *blobs(80, (12, 12, 1), 2, 1), ("cat", "dog"))
    any_network(case, (12, 12, 1), 2)
    cat = place / "cat"
    if what == "system files":
        (cat / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
        (cat / "desktop.ini").write_text("[x]")
    elif what == "macosx":
        (place / "__MACOSX").mkdir()
        (place / "__MACOSX" / "._0.png").write_bytes(b"x")
    elif what == "nested":
        (cat / "day1").mkdir()
        for path in sorted(cat.glob("*.png"))[:20]:
            path.rename(cat / "day1" / path.name)
    elif what == "dangling":
        (cat / "lost.png").symlink_to("/nowhere/lost.png")
    else:
        cat.rename(case.brought / "elsewhere")
        cat.symlink_to((case.brought / "elsewhere").resolve())
    dataset = {"format": "image_folders", "train": f"{BROUGHT}/train", "test_share": 0.25}
    case.study("net", "net.keras", dataset | {"color": "gray"})
    if what == "dangling":
        target = ("--cores", "1", "--", "results/data/d.npz")
        assert "lost.png" in case.refusal("net", *target)
        return
    case.checkout.snakemake("--", "results/data/d.npz", overlays=("net.yaml",))
    data = np.load(case.folder / "results/data/d.npz")
    assert len(data["y_train"]) + len(data["y_test"]) == 80
    assert data["class_names"].tolist() == ["cat", "dog"]


def test_pixels_that_are_scaled_twice(case):
    """github.com/Priyanshu-byte-coder/devtrack/issues/927: divided outside and inside."""
    la = keras.layers
    keras.utils.set_random_seed(0)
    (x, y), (u, v) = write_npz(case.brought / "d.npz")
    dark = {"x_train": (x / 255).astype("uint8"), "x_test": (u / 255).astype("uint8")}
    np.savez(case.brought / "black.npz", y_train=y, y_test=v, **dark)
    first = [keras.Input((12, 12, 1)), la.Rescaling(1 / 255), la.Conv2D(8, 3, activation="relu")]
    model = keras.Sequential([*first, la.Flatten(), la.Dense(4)])
    fit(model, (x, y), scale=1.0).save(case.brought / "net.keras")
    black = {"format": "npz", "path": f"{BROUGHT}/black.npz"}
    case.study("black", "net.keras", black)
    target = ("--cores", "1", "--", "results/black/networks/net/seed0/accuracy.csv")
    assert "brightest" in case.refusal("black", *target)
    case.study("twice", "net.keras", NPZ, network={"input_scale": 1 / 255})
    case.study("fine", "net.keras", NPZ)
    _, metadata = case.import_network("twice")
    assert any("scaled twice" in doubt for doubt in metadata["doubts"])
    accuracy, metadata = case.import_network("fine")
    assert accuracy["test"] > 0.9
    assert metadata["doubts"] == []


NAMES = ("Ba$$in", "_dark", "a<b>&c", "{x}", "50%", "猫", "zwölf Löwen", "n" * 60, "x^2_i$")


def test_names_that_plots_and_pages_trip_over(case):
    """github.com/telperion/nine-or-null/issues/14: "Ba$$in" is read as mathematics."""
    for part, count in (("train", 450), ("test", 90)):
        folders(case.brought / "{my} 写真" / part, *blobs(count, (18, 18, 1), 9, count), NAMES)
    any_network(case, (18, 18, 1), 9)
    (case.brought / "net.keras").rename(case.brought / "网络 {a}.keras")
    dataset = {"format": "image_folders", "color": "gray"}
    dataset |= {part: f"{BROUGHT}/{{my}} 写真/{part}" for part in ("train", "test")}
    labels = {"network_labels": {"net": "50 % of $N$ <b>_i"}, "dataset_labels": {"d": "$$"}}
    title = {"title": "{a} <b> $x_1$ 猫"}
    small = {"images": 40}
    case.study("net", "网络 {a}.keras", dataset, figures=labels, report=title,
               synapse_and_scaling=small)  # fmt: skip
    case.run("net")
    page = (case.folder / "results/net/report.html").read_text(encoding="utf-8")
    assert "50 % of $N$ &lt;b&gt;_i" in page
    assert "<h1>{a} &lt;b&gt; $x_1$ 猫</h1>" in page
