"""README and docs: links lead somewhere, configs are valid, files, commands and names exist."""

import ast
import importlib
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image
from snakemake.utils import update_config
from toy import blobs

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.config.check import check_config
from spikesweep.config.files_alone import leave_out_trainings
from spikesweep.config.slices import file_of, seeds_of
from spikesweep.data.peek import peek
from spikesweep.data.prepare import USER_FORMATS, read_dataset
from spikesweep.parts import optional_parts

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = [path for folder in ("scripts", "tests") for path in (ROOT / folder).rglob("*.py")]
FOLDERS = "config|docs|envs|profiles|reports|rules|scripts|tests"


def blocks(language):
    """(page and line, text) of each block of code in a language."""
    for page in PAGES:
        text = page.read_text()
        for found in re.finditer(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            line = text[: found.start()].count("\n") + 1
            yield pytest.param(found[1], id=f"{page.name}:{line}")


def anchors(page):
    """The ids that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_of_the_checkout_that_is_named_exists(page):
    text = page.read_text()
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]+)`", text)
    # In commands, too; a module may be named below the library.
    named += re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w/-]+(?:\.[a-z0-9]+)+)\b(?![\w/<])", text)
    library = ROOT / "scripts" / "spikesweep"
    assert not [one for one in named if not any((top / one).exists() for top in (ROOT, library))]
    # Modules may be named by the end of their path alone.
    modules = re.findall(r"(?<![\w/*<>{}.-])[a-z_]+(?:/[a-z_]+)*\.py\b", text)
    known = [f"/{path.relative_to(ROOT)}" for path in SOURCES]
    assert not [name for name in modules if not any(one.endswith(f"/{name}") for one in known)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_make_and_every_module_that_is_run_exists(page):
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^    |&& )make ([a-z-]+)", text, re.MULTILINE)
    assert not [name for name in named if name not in targets]
    for module in re.findall(r"python -m\s+(spikesweep[\w.]+)", text):
        assert importlib.util.find_spec(module), module


def test_readme_has_a_row_for_each_part_that_can_be_chosen():
    table = (ROOT / "README.md").read_text().partition("| part | what it asks |")[2]
    rows = re.findall(r"^\| `(\w+)` \|", table.partition("\n\n")[0], re.MULTILINE)
    assert rows == optional_parts()


@pytest.mark.parametrize("snippet", blocks("yaml"))
def test_every_config_is_a_valid_overlay(snippet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    update_config(config, yaml.safe_load(snippet))
    for network in config["study"]["networks"]:
        dataset = config["datasets"][config["networks"][network]["dataset"]]
        if dataset["format"] in USER_FORMATS:
            bring_images(dataset)
            settings = {key: value for key, value in dataset.items() if key != "sha256"}
            read_dataset(settings, tmp_path)
        if "file" in config["networks"][network]:
            for seed in seeds_of(config, network):
                bring_network(file_of(config, network, seed), config["networks"][network], dataset)
    leave_out_trainings(config)
    check_config(config, ROOT / "config" / "schema.yaml")


@pytest.mark.parametrize("snippet", blocks("python"))
def test_whatever_python_imports_exists(snippet):
    for node in ast.walk(ast.parse(snippet)):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module)
            assert all(hasattr(module, name.name) for name in node.names)


def bring_images(dataset):
    """Write the images that an entry names, of two classes unless it names more."""
    names = dataset.get("class_names", ["a", "b"])
    images, labels = blobs(300, (12, 12, 1), len(names))
    if dataset["format"] == "npz":
        made(dataset["path"])
        np.savez(dataset["path"], x_train=images, y_train=labels, x_test=images, y_test=labels)
    for key in ("train", "test", "validation"):
        if dataset["format"] == "image_folders" and key in dataset:
            for index, (image, label) in enumerate(zip(images, labels, strict=True)):
                path = made(f"{dataset[key]}/{names[label]}/{index}.png")
                Image.fromarray(image[..., 0]).save(path)
        elif f"{key}_images" in dataset:
            write_idx(dataset[f"{key}_images"], images[..., 0])
            write_idx(dataset[f"{key}_labels"], labels)


def write_idx(path, values):
    header = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
    made(path).write_bytes(header + values.astype(np.uint8).tobytes())


def bring_network(file, entry, dataset):
    """Write a network for the images of a dataset, with max pooling if it is to be adapted."""
    import tf_keras

    shape, classes = peek(dataset)
    pooling = [tf_keras.layers.MaxPooling2D(2)] if "adapt" in entry else []
    layers = [tf_keras.Input(shape), *pooling, tf_keras.layers.Flatten()]
    layers.append(tf_keras.layers.Dense(4, activation="relu"))
    tf_keras.Sequential([*layers, tf_keras.layers.Dense(classes)]).save(made(file))


def made(path):
    """The path, with its folder made."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path)
