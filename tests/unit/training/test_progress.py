"""The time left of a training, as its log tells it."""

import logging

import pytest

from spikesweep.training import progress
from spikesweep.training.image_size import pixel_shares
from spikesweep.training.settings import TrainingSettings

ROW = {"loss": 1.0, "accuracy": 0.5, "val_loss": float("nan"), "val_accuracy": float("nan")}


def times_left(monkeypatch, caplog, shares, ends, *, done=0):
    """Seconds left that the log tells as the epochs end at these times."""
    clock = iter([0.0, *ends])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO):
        told = progress.TrainingProgress("net", shares, done=done)
        for epoch in range(done, done + len(ends)):
            told.steps(1, 2)
            told.end_epoch({"epoch": epoch + 1, **ROW})
        told.close()
    return [
        int(record.getMessage().split("about ")[1].split()[0]) for record in caplog.records[-2:]
    ]


def test_epochs_of_whole_images_take_longer_than_those_before(monkeypatch, caplog):
    shares = [0.25, 0.25, 1, 1]
    assert times_left(monkeypatch, caplog, shares, [10, 20]) == [90, 80]


def test_what_another_process_trained_is_not_counted(monkeypatch, caplog):
    shares = [0.25, 0.25, 1, 1, 1]
    assert times_left(monkeypatch, caplog, shares, [40, 80], done=2) == [80, 40]


@pytest.mark.parametrize(
    ("sizes", "shares"),
    [
        ([], [1, 1, 1, 1]),
        ([{"size": 16, "until": 0.5}], [0.25, 0.25, 1, 1]),
        ([{"size": 64, "until": 0.5}], [1, 1, 1, 1]),
    ],
)
def test_shares_are_of_the_pixels_of_whole_images(sizes, shares):
    settings = TrainingSettings(epochs=4, image_sizes=sizes)
    assert pixel_shares(settings, longer=32) == shares
