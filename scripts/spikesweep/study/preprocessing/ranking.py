"""Techniques against overfitting, compared: as trained, over the epochs, as spikes, by cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.errors import UserError
from spikesweep.experiments.operating_points import (
    COMPARED_LOSS,
    best_setting,
    interpolated_at_loss,
    mean_over_seeds,
)
from spikesweep.statistics.intervals import geometric_interval, mean_interval
from spikesweep.study.preprocessing.names import split_names
from spikesweep.tables import SETTING_COLUMNS

# What each technique is compared with, on the same seeds.
BASELINE = "rescaling"
# Two seeds that happen to agree would give an interval of zero width.
_SEEDS_FOR_AN_EFFECT = 3
_VARIANT = ["network", "technique"]


def rank_techniques(
    accuracy: pd.DataFrame,
    sweeps: pd.DataFrame,
    trainings: Sequence[Mapping[str, Any]],
    confidence: float,
) -> pd.DataFrame:
    """One row per network and technique, the most accurate on test images first.

    Means over seeds; `_low` and `_high` are the bounds of Student's t interval over the seeds,
    empty for a single seed. `difference` is test accuracy minus that of rescaling, and
    `snn_loss_difference` the same of what spikes lose, each seed compared with itself; `effect`
    and `snn_effect` say helps or hurts if that interval excludes zero, and unclear if it does not
    or if there are fewer than three seeds.

    Columns that begin with `snn` are of the swept setting whose mean accuracy over seeds is
    highest; `snn_loss` is the accuracy lost to spikes, on the same images.
    `synops_per_image_at_loss` is what it costs to lose `compared_loss`, between two swept
    settings interpolated over the logarithm of the cost, and `cost_ratio` that cost over
    rescaling's, seed by seed; geometric means, empty where a seed loses more at each setting.
    `cost_effect` is to this ratio what `snn_effect` is to the loss; lower is better.
    `training_macs`: images x epochs x multiply-adds of the network, forward.

    accuracy: accuracy.csv of all variants. sweeps: sweep tables of the converted ones.
    trainings: metadata of all trainings.
    """
    trained = split_names(accuracy).pivot_table(
        index=[*_VARIANT, "seed"], columns="split", values="accuracy", sort=False
    )
    trained = trained.rename(columns="{}_accuracy".format).reset_index()
    trained["gap"] = trained["train_accuracy"] - trained["test_accuracy"]
    trained["difference"] = _against_baseline(trained, "test_accuracy")
    measured = ["train_accuracy", "test_accuracy", "gap", "difference"]
    table = _over_seeds(trained, _VARIANT, measured, confidence)
    table["effect"] = _effect(table, "difference", better=1)
    table = table.merge(_spiking_at_best(sweeps, confidence), on=_VARIANT, how="left")
    table = table.merge(_training_macs(trainings, sweeps), on=_VARIANT, how="left")
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
    return _over_seeds(history, [*_VARIANT, "epoch"], measured, confidence)


def spiking_by_technique(sweeps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per network, technique and setting: what spikes lose and cost there.

    Means over the converted seeds, with t intervals; `loss` is ann_accuracy - accuracy, on the
    same images.
    """
    sweeps = _with_loss(sweeps)
    measured = ["accuracy", "ann_accuracy", "loss"]
    table = _over_seeds(sweeps, [*_VARIANT, *SETTING_COLUMNS], measured, confidence)
    costs = ["images", "spikes_per_image", "synops_per_image", "mean_rate_hz"]
    means = sweeps.groupby([*_VARIANT, *SETTING_COLUMNS], sort=False, dropna=False)[costs].mean()
    return table.merge(means.reset_index(), on=[*_VARIANT, *SETTING_COLUMNS])


def training_cost(trainings: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per network and technique: processor seconds of a training, by seed.

    The only table of the study that differs from run to run.
    """
    facts = [{key: training[key] for key in ("network", "training_s")} for training in trainings]
    groups = split_names(pd.DataFrame(facts)).groupby(_VARIANT, sort=False)["training_s"]
    return groups.agg(["count", "mean", "min", "max"]).reset_index().rename(
        columns={
            "count": "seeds",
            "mean": "training_s",
            "min": "training_s_fastest",
            "max": "training_s_slowest",
        }
    )  # fmt: skip


def _spiking_at_best(sweeps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    rows = []
    for name, of_variant in mean_over_seeds(sweeps).groupby("network", sort=False):
        best = best_setting(of_variant)
        rows.append(
            {
                "network": name,
                "snn_images": best["images"],
                "snn_synapse_s": best["synapse_s"],
                "snn_scale": best["scale_firing_rates"],
                "snn_synops_per_image": best["synops_per_image"],
            }
        )
    best = split_names(pd.DataFrame(rows))
    sweeps = _with_loss(sweeps)
    keys = {"snn_synapse_s": "synapse_s", "snn_scale": "scale_firing_rates"}
    # Merging treats empty synapses (no synapse) as equal.
    at_best = sweeps.merge(best.rename(columns=keys)[[*_VARIANT, *SETTING_COLUMNS]])
    at_best = at_best.rename(columns={"accuracy": "snn_accuracy", "loss": "snn_loss"})
    at_best["snn_loss_difference"] = _against_baseline(at_best, "snn_loss")
    measured = ["snn_accuracy", "snn_loss", "snn_loss_difference"]
    table = _over_seeds(at_best, _VARIANT, measured, confidence)
    table["snn_effect"] = _effect(table, "snn_loss_difference", better=-1)
    table = table.rename(columns={"seeds": "snn_seeds"}).merge(best, on=_VARIANT)
    return table.merge(_cost_at_loss(sweeps, confidence), on=_VARIANT)


def _cost_at_loss(sweeps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    costs = pd.DataFrame(
        dict(zip([*_VARIANT, "seed"], key, strict=True))
        | {"cost": interpolated_at_loss(of_seed, COMPARED_LOSS, "synops_per_image")}
        for key, of_seed in sweeps.groupby([*_VARIANT, "seed"], sort=False)
    )
    costs["ratio"] = np.exp(_against_baseline(costs.assign(cost=np.log(costs["cost"])), "cost"))
    rows = []
    for key, of_variant in costs.groupby(_VARIANT, sort=False):
        cost, _, _ = geometric_interval(of_variant["cost"], confidence)
        ratio, low, high = geometric_interval(of_variant["ratio"], confidence)
        rows.append(
            dict(zip(_VARIANT, key, strict=True))
            | {"seeds": len(of_variant), "compared_loss": COMPARED_LOSS}
            | {"synops_per_image_at_loss": cost}
            | {"cost_ratio": ratio, "cost_ratio_low": low, "cost_ratio_high": high}
        )
    table = pd.DataFrame(rows)
    table["cost_effect"] = _effect(table, "cost_ratio", better=-1, unchanged=1)
    return table.drop(columns="seeds")


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


def _with_loss(sweeps: pd.DataFrame) -> pd.DataFrame:
    return split_names(sweeps).assign(loss=sweeps["ann_accuracy"] - sweeps["accuracy"])


def _against_baseline(table: pd.DataFrame, column: str) -> pd.Series:
    """Each row's value minus that of the same network and seed under the baseline."""
    baseline = table[table["technique"] == BASELINE].set_index(["network", "seed"])[column]
    own = pd.MultiIndex.from_frame(table[["network", "seed"]])
    difference = table[column] - baseline.reindex(own).to_numpy()
    return difference.where(table["technique"] != BASELINE)


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


def _effect(table: pd.DataFrame, column: str, better: int, unchanged: float = 0) -> np.ndarray:
    """What the intervals of a change say; `better` is +1 or -1, the direction of improvement."""
    low, high = table[f"{column}_low"], table[f"{column}_high"]
    clear = (table["seeds"] >= _SEEDS_FOR_AN_EFFECT) & ((low > unchanged) | (high < unchanged))
    helps = np.sign(table[column] - unchanged) == better
    changes = [table[column].isna(), clear & helps, clear]
    return np.select(changes, ["", "helps", "hurts"], "unclear")
