"""Techniques against overfitting, compared: as trained, over the epochs, as spikes, by cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from spikesweep.errors import UserError
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.preprocessing.baseline import against_baseline
from spikesweep.study.preprocessing.effects import effects
from spikesweep.study.preprocessing.equal_cost import spiking_at_equal_cost
from spikesweep.study.preprocessing.names import VARIANT, split_names
from spikesweep.tables import SETTING_COLUMNS


def rank_techniques(
    accuracy: pd.DataFrame,
    history: pd.DataFrame,
    sweeps: pd.DataFrame,
    trainings: Sequence[Mapping[str, Any]],
    confidence: float,
) -> pd.DataFrame:
    """One row per network and technique, the most accurate on test images first.

    Means over seeds; `_low` and `_high` are the bounds of Student's t interval over the seeds,
    empty for a single seed. `difference` is test accuracy minus that of rescaling, each seed
    compared with itself; `effect` says what it shows, see `effects`.

    `late_gain` is how much higher the best validation accuracy of the last quarter of the epochs is
    than that of the epochs before: what a technique still gains by training longer.
    The columns of `spiking_at_equal_cost` follow.
    `training_macs`: images x epochs x multiply-adds of the network, forward.

    accuracy, history: accuracy.csv and history.csv of all variants. sweeps: sweep tables of the
    converted ones. trainings: metadata of all trainings.
    """
    trained = split_names(accuracy).pivot_table(
        index=[*VARIANT, "seed"], columns="split", values="accuracy", sort=False
    )
    trained = trained.rename(columns="{}_accuracy".format).reset_index()
    trained["gap"] = trained["train_accuracy"] - trained["test_accuracy"]
    trained["difference"] = against_baseline(trained, "test_accuracy")
    trained = trained.merge(_late_gain(history), on=[*VARIANT, "seed"], how="left")
    measured = ["train_accuracy", "test_accuracy", "gap", "difference", "late_gain"]
    table = _over_seeds(trained, VARIANT, measured, confidence)
    table = table.merge(effects(trained, "difference", "effect", confidence), on=VARIANT)
    table = table.merge(spiking_at_equal_cost(sweeps, confidence), on=VARIANT, how="left")
    table = table.merge(_training_macs(trainings, sweeps), on=VARIANT, how="left")
    table = table.sort_values(
        ["network", "test_accuracy"], ascending=[True, False], kind="stable", ignore_index=True
    )
    table.insert(2, "rank", table.groupby("network").cumcount() + 1)
    return table


def gap_over_epochs(history: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per network, technique and epoch: train_accuracy, test_accuracy and their gap.

    Means over seeds with t intervals; measured after the epoch, on images as they are.

    Raises UserError if a training did not record the test accuracy of its epochs.
    """
    history = split_names(history)
    if "test_accuracy" not in history or history["test_accuracy"].isna().any():
        raise UserError(
            "a network in preprocessing.tests was trained without recording its test "
            "accuracy after each epoch: set watch_test: true in its training"
        )
    history["gap"] = history["train_accuracy"] - history["test_accuracy"]
    measured = ["train_accuracy", "test_accuracy", "gap"]
    return _over_seeds(history, [*VARIANT, "epoch"], measured, confidence)


def spiking_by_technique(sweeps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per network, technique and setting: what spikes lose and cost there.

    Means over the converted seeds, with t intervals; `loss` is ann_accuracy - accuracy, on the
    same images.
    """
    sweeps = split_names(sweeps).assign(loss=sweeps["ann_accuracy"] - sweeps["accuracy"])
    measured = ["accuracy", "ann_accuracy", "loss"]
    table = _over_seeds(sweeps, [*VARIANT, *SETTING_COLUMNS], measured, confidence)
    costs = ["images", "spikes_per_image", "synops_per_image", "mean_rate_hz"]
    means = sweeps.groupby([*VARIANT, *SETTING_COLUMNS], sort=False, dropna=False)[costs].mean()
    return table.merge(means.reset_index(), on=[*VARIANT, *SETTING_COLUMNS])


def training_cost(trainings: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per network and technique: processor seconds of a training, by seed.

    The only table of the study that differs from run to run.
    """
    facts = [{key: training[key] for key in ("network", "training_s")} for training in trainings]
    groups = split_names(pd.DataFrame(facts)).groupby(VARIANT, sort=False)["training_s"]
    return groups.agg(["count", "mean", "min", "max"]).reset_index().rename(
        columns={
            "count": "seeds",
            "mean": "training_s",
            "min": "training_s_fastest",
            "max": "training_s_slowest",
        }
    )  # fmt: skip


def _late_gain(history: pd.DataFrame) -> pd.DataFrame:
    """What the last quarter of the epochs gained on validation images, one row per training."""
    rows = []
    for key, epochs in split_names(history).groupby([*VARIANT, "seed"], sort=False):
        late = epochs["epoch"] > 0.75 * epochs["epoch"].max()
        best, before = (epochs.loc[part, "val_accuracy"].max() for part in (late, ~late))
        rows.append(dict(zip([*VARIANT, "seed"], key, strict=True)) | {"late_gain": best - before})
    return pd.DataFrame(rows)


def _training_macs(trainings: Sequence[Mapping[str, Any]], sweeps: pd.DataFrame) -> pd.DataFrame:
    facts = pd.DataFrame(
        {
            "network": training["network"],
            "images_trained_on": training["images_trained_on"],
            "epochs": training["config"]["training"]["epochs"],
        }
        for training in trainings
    ).drop_duplicates("network")
    macs = sweeps.groupby("network")["ann_macs_per_image"].max()
    shown = facts["images_trained_on"] * facts["epochs"]
    facts["training_macs"] = shown * facts["network"].map(macs)
    return split_names(facts)


def _over_seeds(
    table: pd.DataFrame, by: list[str], columns: list[str], confidence: float
) -> pd.DataFrame:
    """Means of groups with one row per seed, with Student's t interval of each mean."""
    groups = table.groupby(by, sort=False, dropna=False)
    found = pd.DataFrame({"seeds": groups["seed"].nunique()})
    for column in columns:
        intervals = [mean_interval(values.dropna(), confidence) for _, values in groups[column]]
        found[[column, f"{column}_low", f"{column}_high"]] = intervals
    return found.reset_index()
