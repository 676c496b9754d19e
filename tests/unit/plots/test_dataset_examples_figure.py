import numpy as np
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.plots.plot_dataset_examples import plot_dataset_examples


def draw(classes, folder):
    images = np.arange(100 * 8 * 8, dtype=np.int64).reshape(100, 8, 8, 1).astype(np.uint8)
    labels = np.arange(100) % classes
    names = np.array(["a very long class name", "cat"] * (classes // 2))
    path = folder / "dataset.npz"
    save_dataset(Dataset(images, labels, images, labels, names), path)
    return plot_dataset_examples(path, title="T", dataset_label="D", images_per_class=3)


@pytest.mark.parametrize("classes", [2, 8, 24, 40])
def test_no_text_is_small_cut_off_or_on_top_of_another(classes, tmp_path):
    assert_legible(draw(classes, tmp_path))


def test_same_images_give_same_bytes(tmp_path):
    assert_same_bytes(lambda: draw(8, tmp_path), tmp_path)
