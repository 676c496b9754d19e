"""Claim: a few steps are enough for a converted network, without training it again.

Training-free conversion in the literature loses one to two points against the ANN on CIFAR-10 after
16 steps (github.com/yhhhli/SNN_Calibration, of Li et al. 2021, arXiv 2106.06984). Effect: accuracy
after 16 steps with the published method that is best, chosen on the other seeds, less that of the
ANN, image by image.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import OURS, Claim, Finding
from spikesweep.study.findings.sweep_grid import best_elsewhere
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.neuron_cost.standard import CONVERTED
from spikesweep.words import points

STEPS = 16
_METHOD = ["method", "factor", "most_spikes_a_step"]


def few_steps(studies: Iterable[Answered], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the standard table; there may be none.

    config: margins, the loss that is allowed being that of accuracy; confidence, affordable.
    """
    margin = config["margins"]["accuracy"]
    claim = Claim(
        name="few steps",
        statement=(
            f"After {STEPS} steps, the best training-free method loses at most "
            f"{points(margin, 'g')} points against the ANN"
        ),
        origin=OURS,
        effect=(
            f"accuracy after {STEPS} steps with the published method that is best (chosen on the "
            "other seeds) less the ANN's"
        ),
        unit=ACCURACY,
        threshold=-margin,
        figure="neuron_cost/{network}",
    )
    findings = [_judged(claim, study, config) for study in studies]
    otherwise = (
        "neuron_cost is not in study.parts"
        if not findings
        else f"{STEPS} is not in neuron_cost.standard.steps"
    )
    return claim.of_every_network(findings, otherwise, config)


def _judged(claim: Claim, study: Answered, config: Mapping[str, Any]) -> Finding:
    by_seed = []
    for table, correct in zip(study.tables, study.correct, strict=True):
        rows = table[(table["steps"] == STEPS) & (table["method"] != CONVERTED)]
        by_seed.append(correct[rows.sort_values(_METHOD).index])
    answers = np.array(by_seed, float)
    if not answers.shape[1]:
        return claim.not_run(f"no published method was read after {STEPS} steps", study.network)
    chosen = best_elsewhere(answers.mean(axis=-1))
    differences = answers[np.arange(len(answers)), chosen] - study.ann_correct
    evidence = Paired(study.network, differences, study.draws, choices=answers.shape[1])
    return claim.judge(evidence, config)
