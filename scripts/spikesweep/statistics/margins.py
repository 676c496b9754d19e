"""How much accuracy a network may lose and still count as accurate enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spikesweep.statistics.paired_loss import Loss, paired_loss
from spikesweep.words import percentage, points

# Accuracies are ratios of counts: a loss of exactly the margin must not fail because of rounding.
ROUNDING = 1e-9


def within_margin(loss: Any, margin: Any) -> Any:
    """Whether a loss, or each of an array or column, is at most the margin."""
    return loss <= margin + ROUNDING


@dataclass(frozen=True)
class Margin:
    """A loss that is accepted: a share of all images, or of the ANN's own errors.

    A percentage point is little where the ANN errs on 30 % of the images, and almost doubles the
    errors where it errs on 1 %.
    """

    of_images: float = 0.0
    of_ann_errors: float = 0.0

    @classmethod
    def from_config(cls, value: float | Mapping[str, float]) -> "Margin":
        """`recommendation.accuracy_margin`: a share of images, or `{of_ann_errors: a share}`."""
        return cls(**value) if isinstance(value, Mapping) else cls(of_images=value)

    def accepted(self, ann_accuracy: Any) -> Any:
        """The loss that is accepted of a network of this accuracy, or of each of a column."""
        return self.of_images + self.of_ann_errors * (1 - ann_accuracy)

    def lowest(self, ann_correct: np.ndarray) -> np.ndarray:
        """What is left of each image's answer if the accepted share of the errors is lost.

        Less what another network gets right, its mean is what that one loses beyond the
        errors; at most `of_images` is accepted. The errors of the ANN are counted on the same
        images, so that intervals hold their uncertainty, too.
        """
        correct = ann_correct.astype(float)
        return correct - self.of_ann_errors * (1 - correct)

    def beyond(self, ann_correct: np.ndarray, correct: np.ndarray, confidence: float) -> Loss:
        """What is lost beyond the accepted loss, see `paired_loss`; at most 0 if within."""
        lost = paired_loss(self.lowest(ann_correct), correct, confidence)
        shift = self.of_images
        return Loss(lost.loss - shift, lost.low - shift, lost.high - shift)

    def words(self) -> str:
        """What a setting within the margin does, without a subject."""
        if self.of_ann_errors:
            return f"make at most {percentage(self.of_ann_errors, 'g')} more errors than the ANN"
        shown = points(self.of_images, "g")
        plural = "" if shown == "1" else "s"
        return f"lose at most {shown} percentage point{plural} of accuracy against the ANN"
