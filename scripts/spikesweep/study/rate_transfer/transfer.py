"""What scaling a layer gains at its rate, next to what the noise of its spikes predicts."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import Answers
from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.setting import Setting
from spikesweep.study.rate_transfer.levels import Level
from spikesweep.study.rate_transfer.measured import (
    MEASURED,
    Case,
    cases_of,
    gains_of_layers,
    settings_of,
)
from spikesweep.study.rate_transfer.noise_prediction import (
    LayerOutput,
    margin_variance,
    predicted_accuracy,
    score_noise,
)
from spikesweep.study.rate_transfer.rectification import rectified

logger = logging.getLogger(__name__)

# Covariances of all scores are slow: predictions are made for so many of the images.
_PREDICTED_IMAGES = 100

PREDICTIONS = (
    "sensitivity",
    "predicted_variance",
    "predicted_base_accuracy",
    "predicted_gain",
    "predicted_gain_cascade",
    "nominal_rate_hz",
    "predicted_rate_hz",
    "predicted_base_accuracy_rectified",
    "predicted_gain_rectified",
)
COLUMNS = (*MEASURED, *PREDICTIONS)


def transfer(
    experiment: Experiment,
    compared: Sequence[Level],
    outputs: Mapping[str, LayerOutput],
    config: Mapping[str, Any],
    *,
    name: str,
) -> tuple[pd.DataFrame, Answers]:
    """What scaling each single layer gains in each variant of a network, and the prediction.

    The result of `gains_of_layers`, with these columns besides:
    sensitivity: squared noise of the margin over its mean square if the noise of each of the
        layer's neurons were as large as its output: what the depth of the layer decides.
    predicted_variance: the same for the ripple of regular spikes at the base rates.
    predicted_gain: the gain that this ripple predicts; predicted_gain_cascade: the same if the
        ripple also passes the filters of the layers behind.
    nominal_rate_hz: base_rate_hz if spikes passed on what the trained network computes.
    predicted_rate_hz: the same if neurons rectify the ripple of the layers before, see
        `rectified`; predicted_base_accuracy_rectified, predicted_gain_rectified: accuracy and gain
        if the scores are those of such a network, besides their noise.
    Predictions are for some of the images.
    """
    table, answers = gains_of_layers(experiment, compared, outputs, config, name=name)
    cases = cases_of(compared, list(outputs), config)
    if not cases:
        return table.reindex(columns=list(COLUMNS)), answers
    predictions = _predictions(experiment, cases, outputs, config["synapse_s"])
    return pd.concat([table, predictions], axis=1), answers


def _predictions(
    experiment: Experiment,
    cases: Sequence[Case],
    outputs: Mapping[str, LayerOutput],
    synapse_s: float | None,
) -> pd.DataFrame:
    """The columns PREDICTIONS, a row per case."""
    network, sample, settings = experiment.network, experiment.sample, settings_of(cases)
    logger.info("predicting %d settings", len(settings))
    scales = {
        layer.name: sorted({setting.scale_of(layer.name) for setting in settings})
        for layer in network.spiking_layers
    }
    seen = np.linspace(0, len(sample.labels) - 1, min(len(sample.labels), _PREDICTED_IMAGES))
    few = seen.astype(int)
    once, cascade = score_noise(network, experiment.images[few], scales, synapse_s)
    predicted = {
        setting: [
            predicted_accuracy(noise, _scales_of(setting), sample.labels[few])
            for noise in (once, cascade)
        ]
        for setting in settings
    }
    biased = dict(
        zip(
            settings,
            rectified(network, experiment.images[few], list(map(_scales_of, settings)), synapse_s),
            strict=True,
        )
    )
    with_bias = {
        setting: predicted_accuracy(
            replace(once, scores=found.scores), _scales_of(setting), sample.labels[few]
        )
        for setting, found in biased.items()
    }
    rows = []
    for case in cases:
        base, scaled = (predicted[setting] for setting in case.settings)
        base_biased, scaled_biased = (with_bias[setting] for setting in case.settings)
        scale = case.settings[0].scale_of(case.layer)
        rows.append(
            {
                "sensitivity": margin_variance(once, once.whole[case.layer]),
                "predicted_variance": margin_variance(once, once.covariance[case.layer, scale]),
                "predicted_base_accuracy": base[0],
                "predicted_gain": scaled[0] - base[0],
                "predicted_gain_cascade": scaled[1] - base[1],
                "nominal_rate_hz": scale * outputs[case.layer].mean,
                "predicted_rate_hz": scale * biased[case.settings[0]].means[case.layer],
                "predicted_base_accuracy_rectified": base_biased,
                "predicted_gain_rectified": scaled_biased - base_biased,
            }
        )
    return pd.DataFrame(rows, columns=list(PREDICTIONS))


def _scales_of(setting: Setting) -> dict[str, float]:
    # Each case names all layers.
    assert isinstance(setting.scale_firing_rates, tuple)
    return dict(setting.scale_firing_rates)
