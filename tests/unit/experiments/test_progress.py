"""Progress is logged at intervals and at the end."""

import logging

from spikesweep.experiments import progress


def test_lines_count_images_and_the_time_left(caplog, monkeypatch):
    clock = iter([0.0, 1.0, 30.0, 31.0, 60.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO):
        told = progress.SimulationProgress("net seed 0", settings=4)
        for done in (10, 200, 210, 400):
            told(done, 400)
    assert [record.getMessage() for record in caplog.records] == [
        "net seed 0: 50 of 100 images, each at 4 settings; 30 s elapsed, about 30 s left",
        "net seed 0: 100 of 100 images, each at 4 settings; 60 s elapsed, about 0 s left",
    ]
