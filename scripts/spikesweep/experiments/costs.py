"""What a spiking network costs next to the trained network that it was made from."""

import pandas as pd

from spikesweep.snn.energy import CONVENTIONS, ann_energy_j, spiking_energy_j
from spikesweep.statistics.margins import within_margin
from spikesweep.tables import SETTING_COLUMNS


def with_network_costs(table: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Add to each row of a table of settings what its network costs, and how both compare.

    table: rows with network, seed, synops_per_image and the columns of `setting_costs`.
    costs: a row per network and seed, see `network_costs`.

    Added are the columns of `network_costs` and
    footprint_bytes: weights and state [NeuroBench's Footprint];
    effective_operations_per_image, effective_operations_over_ann: as `operations_...`, but with
        zeros left out on both sides: zero pixels in the first layer of both, and zero activations
        in the trained network;
    ann_energy_j_<convention>, and energy_over_ann_<convention> and
        effective_energy_over_ann_<convention>, by those conventions that price an ANN, counting
        all multiply-adds or only those with non-zero inputs.

    Raises KeyError if a network has no costs.
    """
    joined = table.merge(
        costs.drop(columns="images"), on=["network", "seed"], how="left", validate="many_to_one"
    )
    if joined["weights"].isna().any():
        lost = joined.loc[joined["weights"].isna(), ["network", "seed"]].drop_duplicates()
        raise KeyError(f"no costs of {lost.to_dict('records')}")
    joined["footprint_bytes"] = joined["weight_bytes"] + joined["state_bytes"]
    effective = joined["synops_per_image"] + joined["input_effective_macs_per_image"]
    joined["effective_operations_per_image"] = effective
    joined["effective_operations_over_ann"] = effective / joined["ann_effective_macs_per_image"]
    return joined.assign(**_energies(joined))


def settled_after(over_time: pd.DataFrame, accuracy_margin: float) -> pd.DataFrame:
    """When the answer of each setting can be read: one row per network and setting.

    over_time: accuracy and cost after each step, of one or several seeds.

    settled_after_s: the first time from which the accuracy, as a mean over seeds, stays within
        `accuracy_margin` of that after the last step. An accuracy that still rises at the end
        settles late; nothing is said about what a longer presentation would give.
    settled_synops_per_image: synaptic operations until then.
    """
    groups = over_time.groupby(["network", *SETTING_COLUMNS, "time_s"], dropna=False, sort=True)
    mean = groups[["accuracy", "synops_per_image"]].mean().reset_index()
    rows = []
    for setting, course in mean.groupby(["network", *SETTING_COLUMNS], dropna=False, sort=False):
        lost = course["accuracy"].iloc[-1] - course["accuracy"].to_numpy()
        too_early = ~within_margin(lost, accuracy_margin)
        first = int(too_early.nonzero()[0].max(initial=-1)) + 1
        rows.append((*setting, *course[["time_s", "synops_per_image"]].iloc[first]))
    columns = ["network", *SETTING_COLUMNS, "settled_after_s", "settled_synops_per_image"]
    return pd.DataFrame(rows, columns=columns)


def _energies(joined: pd.DataFrame) -> dict[str, pd.Series]:
    """Both networks' energies and their ratios, see `with_network_costs`."""
    neurons, synops = joined["neurons"], joined["synops_per_image"]
    updates = joined["neuron_updates_per_image"]
    ann = ann_energy_j(multiply_adds=joined["ann_macs_per_image"], neurons=neurons)
    effective_ann = ann_energy_j(
        multiply_adds=joined["ann_effective_macs_per_image"], neurons=neurons
    )
    effective = spiking_energy_j(
        synops=synops, multiply_adds=joined["input_effective_macs_per_image"], updates=updates
    )
    ratios = {}
    for name in (name for name, convention in CONVENTIONS.items() if convention.ann):
        energy = joined[f"energy_j_{name}"]
        ratios[f"energy_over_ann_{name}"] = energy / ann[f"ann_energy_j_{name}"]
        ratios[f"effective_energy_over_ann_{name}"] = (
            effective[f"energy_j_{name}"] / effective_ann[f"ann_energy_j_{name}"]
        )
    return ann | ratios
