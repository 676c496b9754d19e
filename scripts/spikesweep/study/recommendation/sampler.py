"""Search by Optuna's sampler for several objectives: more accurate, and fewer synops."""

import math
import warnings

import optuna
from optuna.distributions import BaseDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import TPESampler
from optuna.trial import Trial

from spikesweep.simulation.setting import Setting
from spikesweep.study.recommendation.methods import Ask
from spikesweep.study.recommendation.space import Space

# Trials that are evaluated together, so that the engine shares what they have in common.
BATCH = 25


def optuna_sampler(space: Space, ask: Ask, goal: float, *, trials: int, seed: int) -> None:
    """The multivariate tree-structured Parzen estimator for several objectives.

    It maximises accuracy and minimises the logarithm of synops; the uniform settings are its
    first trials. Source: Ozaki et al. (2022), J. Artif. Intell. Res. 73, 1209-1250.

    trials: how many settings it asks for, including those that it asked for before.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        # A batch is chosen before its results are known: `constant_liar` spreads it.
        sampler = TPESampler(multivariate=True, constant_liar=True, seed=seed)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    for setting in space.all_uniform():
        study.enqueue_trial(_parameters(space, setting))
    for first in range(0, trials, BATCH):
        batch = [study.ask(_distributions(space)) for _ in range(min(BATCH, trials - first))]
        found = ask([_setting(space, trial) for trial in batch])
        for trial, one in zip(batch, found, strict=True):
            # A silent network has no synops.
            study.tell(trial, [one.accuracy, math.log1p(one.synops_per_image)])


# Indices rather than values, so that the sampler sees neighbours as similar.


def _distributions(space: Space) -> dict[str, BaseDistribution]:
    synapses = IntDistribution(0, len(space.synapse_s) - 1)
    scales = IntDistribution(0, len(space.scales) - 1)
    return {"synapse": synapses, **{f"scale {layer}": scales for layer in space.layers}}


def _setting(space: Space, trial: Trial) -> Setting:
    scales = [space.scales[trial.params[f"scale {layer}"]] for layer in space.layers]
    return space.setting(space.synapse_s[trial.params["synapse"]], scales)


def _parameters(space: Space, setting: Setting) -> dict[str, int]:
    return {
        "synapse": space.synapse_s.index(setting.synapse_s),
        **{f"scale {x}": space.scales.index(setting.scale_of(x)) for x in space.layers},
    }
