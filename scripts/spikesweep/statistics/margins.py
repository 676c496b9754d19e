"""Whether a loss of accuracy stays within a margin."""

from typing import Any

# Accuracies are ratios of counts: a loss of exactly the margin must not fail because of rounding.
ROUNDING = 1e-9


def within_margin(loss: Any, margin: float) -> Any:
    """Whether a loss, or each of an array or column, is at most the margin."""
    return loss <= margin + ROUNDING
