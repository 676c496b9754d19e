"""Where tests have a trained network written."""

from pathlib import Path

from spikesweep.training.run import TrainedFiles


def trained_files(folder: Path) -> TrainedFiles:
    """The files of a trained network in one folder, named as in a study."""
    return TrainedFiles(
        model=folder / "model.keras",
        history=folder / "history.csv",
        accuracy=folder / "accuracy.csv",
        metadata=folder / "metadata.json",
    )
